"""One reading by a model, from the photo to the result: what is asked, what is shown, what comes of the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ledger.errors import ExtractionError, RequestRefused, SettingRefused
from ledger.extraction.conversation import Conversation, Heard, Opening, Send, notes_on
from ledger.extraction.extractor import ExtractionResult, ReadingSettings, Usage
from ledger.extraction.fitting import fitted
from ledger.extraction.ladder import Ladder
from ledger.extraction.look import Look
from ledger.extraction.models import ModelFacts
from ledger.extraction.notes import NOT_ENLARGED, ROWS_JOINED, ROWS_OPEN
from ledger.extraction.pictures.sight import Sight
from ledger.extraction.pictures.sights import Sights
from ledger.extraction.request import request_body
from ledger.extraction.seams import doubled_rows, open_rows, problems_without, renumbered, row_names, without_rows
from ledger.extraction.sharing import MOST_ANSWERS, bought
from ledger.inbox.images import Photo
from ledger.notes import Note
from ledger.prompts.offers import offer
from ledger.prompts.versions import PromptVersion
from ledger.receipt import Receipt


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer is heard with: what was asked, the pictures, and what there is to say of both."""

    asked: ReadingSettings
    offered: dict[str, Any] | None
    sight: Sight
    look: Look | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Question(Shown):
    """What all repetitions have in common."""

    prompt: PromptVersion
    """In the words for this photo."""


@dataclass(frozen=True, slots=True)
class ModelReading:
    """Everything that a reading needs but the photo; `upscaler` is the file of a network that enlarges pictures."""

    settings: ReadingSettings
    prompt: PromptVersion
    facts: ModelFacts
    upscaler: Path | None
    ladder: Ladder
    sights: Sights
    talk: Callable[[], Send]
    """A way to send requests, with retries that they share."""
    to_openai: bool
    """Whether OpenAI itself is asked, and no other service that has its interface."""

    def read(self, photo: Photo, look: Look | None) -> ExtractionResult:
        """What the model reads on the photo. Every way in which that fails is a class of ExtractionError."""
        return self._heard(self._shown(photo, look))

    def read_repeatedly(self, photo: Photo, look: Look | None, times: int) -> list[ExtractionResult | ExtractionError]:
        """What the model reads each time: answers of one request as far as it gives them, the others one by one."""
        shown, wanted = self._shown(photo, look), self._at_once(times)
        try:
            openings = self._bought(shown, wanted) if wanted else []
        except ExtractionError as exc:
            exc.shared = times
            return [exc] * times
        together = [self._outcome(shown, opening, len(openings)) for opening in openings]
        alone = [self._outcome(shown) for _ in range(times - len(openings))]
        if len(openings) < wanted and any(isinstance(outcome, ExtractionResult) for outcome in alone):
            self.ladder.gives_one(self.settings.model)
        return together + alone

    def question(self, photo: Photo, look: Look | None) -> tuple[dict[str, Any], Shown]:
        """The request's body, and what its answer will be heard with, however much later."""
        shown = self._shown(photo, look)
        asked = shown.asked if self.to_openai else self.ladder.known(shown.asked)
        return self._body(shown, 1, asked), replace(shown, asked=asked)

    def _at_once(self, times: int) -> int:
        """How many answers the first request asks for; 0 where answers are asked for one by one from the beginning."""
        several = self.facts.several and self.ladder.gives_several(self.settings.model)
        return min(times, MOST_ANSWERS) if several and times > 1 else 0

    def _shown(self, photo: Photo, look: Look | None) -> _Question:
        fitting, notes = fitted(self.settings, self.facts)
        sight = self._sight(photo, fitting, look)
        asked = replace(fitting, preparation=sight.preparation)
        found = offer(self.prompt, look.texts if look else ())
        prompt = replace(self.prompt, text=found.words)
        return _Question(asked, found.offered, sight, look, (*notes, *_on_preparation(fitting, asked)), prompt)

    def _bought(self, shown: _Question, wanted: int) -> list[Opening]:
        """The answers of one request; none where the service refused to give several. Raises ExtractionError."""
        try:
            return bought(self._conversation(shown, wanted), shown.asked, wanted)
        except (RequestRefused, SettingRefused) as refusal:
            # OpenAI names what it refuses. Others say anything, and asked for one answer they say whether that was it.
            if self.to_openai and refusal.fields.get("setting") != "n":
                raise
            return []

    def _outcome(
        self, shown: _Question, opening: Opening | None = None, shared: int = 1
    ) -> ExtractionResult | ExtractionError:
        try:
            return replace(self._heard(shown, opening), shared=shared)
        except ExtractionError as exc:
            exc.shared = shared
            return exc

    def _heard(self, shown: _Question, opening: Opening | None = None) -> ExtractionResult:
        return heard_with(self._conversation(shown), shown, opening)

    def _conversation(self, shown: _Question, answers: int = 1) -> Conversation:
        write = partial(self._body, shown, answers)
        return Conversation(self.talk(), write, self.facts, self.ladder, self.to_openai)

    def _sight(self, photo: Photo, settings: ReadingSettings, look: Look | None) -> Sight:
        return self.sights.of(
            photo,
            look,
            vision=self.facts.vision,
            detail=settings.detail,
            preparation=settings.preparation,
            quarter_turns=look.quarter_turns if look else 0,
            upscaler=self.upscaler,
        )

    def _body(self, shown: _Question, answers: int, settings: ReadingSettings) -> dict[str, Any]:
        return request_body(settings, shown.prompt, shown.sight, to_openai=self.to_openai, answers=answers)


def heard_with(conversation: Conversation, shown: Shown, opening: Opening | None) -> ExtractionResult:
    """The reading that a conversation comes to; `opening` is an answer that is there already."""
    heard = conversation.hear(shown.asked, opening)
    result = _result(heard, shown.sight, shown.look)
    notes = (*shown.notes, *notes_on(shown.asked, heard), *result.notes)
    return replace(result, usage=conversation.usage or Usage(), notes=notes, offered=shown.offered)


def _on_preparation(asked: ReadingSettings, applied: ReadingSettings) -> tuple[Note, ...]:
    """What is said where a step of the preparation was left out; that is upscaling, of what is too large for it."""
    left_out = "upscale" in asked.preparation and "upscale" not in applied.preparation
    return (Note(NOT_ENLARGED, {"applied": applied.preparation}),) if left_out else ()


def _result(heard: Heard, sight: Sight, look: Look | None) -> ExtractionResult:
    """The reading with each row once."""
    frames = [part.frame for part in sight.parts]
    doubled = doubled_rows(heard.receipt, frames, look)
    receipt = without_rows(heard.receipt, doubled)
    undecided = open_rows(receipt, frames, look)
    return ExtractionResult(
        receipt=receipt,
        raw_answer=heard.reply.kept,
        settings=heard.settings,
        request_id=heard.reply.request_id,
        problems=problems_without(heard.problems, doubled),
        quarter_turns=look.quarter_turns if look else 0,
        notes=(
            *_on_rows(ROWS_JOINED, heard.receipt, doubled),
            *_on_rows(ROWS_OPEN, receipt, undecided),
        ),
        likelihoods=renumbered(heard.likelihoods, doubled),
        sight=sight,
    )


def _on_rows(sentence: str, receipt: Receipt, rows: Sequence[int]) -> tuple[Note, ...]:
    return (Note(sentence, {"rows": row_names(receipt.items, rows)}),) if rows else ()
