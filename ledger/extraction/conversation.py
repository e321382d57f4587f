"""One reading's talk with a model's service, to the receipt in its answer or to the name of what went wrong.

A service may refuse the form that is asked for, and a model may run out of room. Both are answered with another
request, a bounded number of times; the tokens of all requests are counted together, also where the reading fails.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from ledger.errors import AnswerCutOff, ContextTooLong, ExtractionError, RequestRefused, SettingRefused, WrongService
from ledger.extraction.answer import read_answer
from ledger.extraction.completion import Completion, added, read_completion, text_of, tokens_of, usage_of
from ledger.extraction.confidence.likelihood import Likelihood
from ledger.extraction.confidence.token_map import likelihoods_of
from ledger.extraction.extractor import FieldProblem, ReadingSettings, Usage
from ledger.extraction.fitting import not_applied
from ledger.extraction.ladder import FIELDS, STEPS, Ladder, json_in
from ledger.extraction.models import ModelFacts
from ledger.extraction.notes import MORE_ROOM, OTHER_FORMAT, OTHER_MODEL
from ledger.extraction.service_errors import told_in_success, words_of
from ledger.extraction.writing import document_in
from ledger.notes import Note
from ledger.receipt import Receipt

MOST_REQUESTS: Final = 1 + STEPS + 1
"""Requests of one reading at most: one, one after each refusal that can be answered, one with more room."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The body of a response as it came, and as it may be kept."""

    body: str
    kept: str
    request_id: str | None
    share: Usage | None = None
    """Its part of the usage that the service counted, where its answer is one of several in the response."""


Opening = tuple[Reply, ReadingSettings]
"""A reply that is there already, and the settings that the service accepted for it."""


Send = Callable[[dict[str, Any]], Reply]
"""Posts a request's body. Raises ExtractionError for what the service or the network said instead of a reply."""


_Answer = TypeVar("_Answer")
_Read = Callable[[ReadingSettings, Opening | None], _Answer]
"""Makes one request, unless its reply is there already, and something of what the model wrote."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A receipt as a model told it, and everything that was said around it."""

    receipt: Receipt
    problems: tuple[FieldProblem, ...]
    likelihoods: Mapping[str, Likelihood]
    settings: ReadingSettings
    reply: Reply
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote, to its end, and the settings that the service accepted for it."""

    text: str
    completion: Completion
    settings: ReadingSettings
    reply: Reply


@dataclass(slots=True)
class Conversation:
    """`write` makes the body of a request for settings."""

    send: Send
    write: Callable[[ReadingSettings], dict[str, Any]]
    facts: ModelFacts
    ladder: Ladder
    to_openai: bool = False
    """Whether OpenAI itself answers: it keeps its models to what is asked for, and what it refuses is a mistake."""
    usage: Usage | None = field(default=None, init=False)
    """Of all requests that were answered; None while there is none."""
    answered: Reply | None = field(default=None, init=False)
    """The last reply in which a model answered, whatever came after it."""

    def hear(self, settings: ReadingSettings, opening: Opening | None = None) -> Heard:
        """Ask until there is a receipt, with double room where an answer is cut off; `opening` saves the first request.

        Raises ExtractionError with the last answer and its request id, else what came instead, and the usage of all.
        """
        return self._whole(self._heard, settings, opening)

    def document(self, settings: ReadingSettings, fields: Collection[str]) -> tuple[Any, str | None]:
        """Ask likewise for JSON with these fields that is no receipt: what it says, and which model wrote it."""

        def read(settings: ReadingSettings, opening: Opening | None) -> tuple[Any, str | None]:
            written = self._written(settings, opening)
            where, _ = self._answer_in(written, fields)
            return document_in(written.text[where]), written.completion.model

        return self._whole(read, settings)

    def _whole(self, read: _Read[_Answer], settings: ReadingSettings, opening: Opening | None = None) -> _Answer:
        try:
            try:
                return read(settings, opening)
            except AnswerCutOff as cut_off:
                return self._with_more_room(read, settings, cut_off)
        except ExtractionError as exc:
            exc.usage = self.usage
            if self.answered is not None:
                exc.raw_answer, exc.request_id = self.answered.kept, self.answered.request_id
            raise

    def _with_more_room(self, read: _Read[_Answer], settings: ReadingSettings, cut_off: AnswerCutOff) -> _Answer:
        if settings.max_completion_tokens is None:
            raise cut_off
        try:
            return read(replace(settings, max_completion_tokens=2 * settings.max_completion_tokens), None)
        except (SettingRefused, RequestRefused, ContextTooLong):
            raise cut_off from None  # more than this model can write

    def _heard(self, settings: ReadingSettings, opening: Opening | None) -> Heard:
        written = self._written(settings, opening)
        where, applied = self._answer_in(written, FIELDS)
        receipt, problems = read_answer(written.text[where])
        tokens = tokens_of(written.completion)
        if not tokens:
            applied = replace(applied, logprobs=None)
        likelihoods = likelihoods_of(written.text, tokens, where.start)
        return Heard(receipt, problems, likelihoods, applied, written.reply, written.completion.model)

    def _written(self, settings: ReadingSettings, opening: Opening | None) -> Written:
        reply, applied = opening or self.accepted(settings)
        completion = self._counted(reply, applied)
        self.ladder.learn(settings, applied)
        return Written(text_of(completion, applied) or "", completion, applied, reply)

    def accepted(self, settings: ReadingSettings) -> Opening:
        """The reply to what the service does accept, and the settings that it accepted."""
        settings = settings if self.to_openai else self.ladder.known(settings)
        while True:
            try:
                return self.send(self.write(settings)), settings
            except (RequestRefused, SettingRefused) as refusal:
                below = None if self.to_openai else self.ladder.below(settings, words_of(refusal.raw_answer or ""))
                if below is None:
                    raise
                settings = below

    def _counted(self, reply: Reply, settings: ReadingSettings) -> Completion:
        completion = completion_in(reply, settings)
        self.answered = reply
        usage = usage_of(completion, self.facts.price)
        if reply.share is not None:
            usage, completion.usage = reply.share, None  # the response counts all of its answers together
        self.usage = usage if self.usage is None else added(self.usage, usage)
        return completion

    def _answer_in(self, written: Written, fields: Collection[str]) -> tuple[slice, ReadingSettings]:
        """Where the answer stands in what the model wrote, and the settings that it kept to."""
        # Elsewhere than at OpenAI a model may talk, whatever the server promised.
        text, settings = written.text, written.settings
        where = None if self.to_openai else json_in(text, fields)
        if where is None or text[where] == text.strip():
            return slice(0, None), settings
        return where, replace(settings, answer_format="text")


def completion_in(reply: Reply, settings: ReadingSettings) -> Completion:
    """The completion that a service replied. Raises what it said in place of one, or WrongService."""
    try:
        return read_completion(reply.body)
    except WrongService as exc:
        error = told_in_success(reply.kept, settings) or exc
        error.raw_answer, error.request_id = reply.kept, reply.request_id
        raise error from None


def notes_on(asked: ReadingSettings, heard: Heard) -> tuple[Note, ...]:
    """What is said where an answer is not what was asked for."""
    applied, notes = heard.settings, []
    if asked.logprobs is not None and applied.logprobs is None:
        notes.append(not_applied(asked, "logprobs"))
    if applied.answer_format != asked.answer_format:
        notes.append(Note(OTHER_FORMAT, {"asked": str(asked.answer_format), "applied": str(applied.answer_format)}))
    if applied.max_completion_tokens != asked.max_completion_tokens:
        limits = {"limit": str(asked.max_completion_tokens), "room": str(applied.max_completion_tokens)}
        notes.append(Note(MORE_ROOM, limits))
    if heard.answered_by and asked.model.rpartition("/")[2] not in heard.answered_by:
        notes.append(Note(OTHER_MODEL, {"model": asked.model, "answered": heard.answered_by}))
    return tuple(notes)
