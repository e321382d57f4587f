"""A model drafts a change of its own prompt from what people corrected. A person reads it, and the gate measures it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from ledger.errors import (
    AnswerCutOff,
    AnswerEmpty,
    AnswerFiltered,
    AnswerNotJson,
    AnswerNotSchema,
    AnswerRefused,
    ContextTooLong,
    ExtractionError,
    ModelServerError,
    ModelTimeout,
    NoDraft,
    PromptNameTaken,
    QuotaExhausted,
    RateLimited,
)
from ledger.extraction.extractor import ReadingSettings, Usage
from ledger.extraction.writing import Answered, Task
from ledger.notes import Note
from ledger.prompts.shelf import Prompts
from ledger.prompts.words import StoredPrompt, good_name
from ledger.tuning.edits import SCHEMA, Tried, edits_in, with_edits
from ledger.tuning.proposing import Proposed
from ledger.tuning.telling import Mask, told

BY_MODEL: Final = "model"
"""The kind of a change that a model drafted, beside those of proposals."""

NOTHING_TOLD: Final = "Nothing was corrected on enough receipts to draft a change from."
NO_MODEL: Final = (
    "Photos are read on this machine, and no model is asked. Set OPENAI_API_KEY and LEDGER_EXTRACTOR=openai."
)
NO_EDIT: Final = "The model has nothing to change."
NONE_FITS: Final = "None of the model's {count} edits can be made. Of the first: {why}"
DECLINED: Final = "The model declined: {why}"
FILTERED: Final = "The service's content filter stopped the answer."
CUT_OFF: Final = "The answer was cut off at {limit} tokens. Try again, or take another model."
EMPTY: Final = "The model gave an empty answer. Try again."
NOT_JSON: Final = "The model's answer is not JSON: {why}. Try again."
NOT_SCHEMA: Final = "The model's answer does not have the shape that it was asked for: {why}. Try again."
TOO_LONG: Final = "The prompt and the corrections are more than the model {model} takes at once: {why}"
SLOW_DOWN: Final = "The model's service asks us to slow down (HTTP 429). Wait {retry_after} seconds, then try again."
SERVER_FAILED: Final = "The model's service failed on its side (HTTP {status}). Try again in a few minutes."
NO_ANSWER: Final = "The model did not answer within {seconds} seconds. Try again."
NO_CREDIT: Final = "The account has no credit left. Add credit at the model's service, then try again."
_SAID: Final[Mapping[type[ExtractionError], str]] = {
    AnswerRefused: DECLINED,
    AnswerFiltered: FILTERED,
    AnswerCutOff: CUT_OFF,
    AnswerEmpty: EMPTY,
    AnswerNotJson: NOT_JSON,
    AnswerNotSchema: NOT_SCHEMA,
    ContextTooLong: TOO_LONG,
    RateLimited: SLOW_DOWN,
    ModelServerError: SERVER_FAILED,
    ModelTimeout: NO_ANSWER,
    QuotaExhausted: NO_CREDIT,
}
"""Failures whose own sentence speaks of a photo that was to be read."""
SENTENCES: Final = (NOTHING_TOLD, NO_MODEL, NO_EDIT, NONE_FITS, *_SAID.values())

_INSTRUCTION: Final = resources.files("ledger.tuning").joinpath("rewriting.md")
"""What a model is asked for, in the language of the built-in prompt."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A prompt's words as a model would have them, with each of its edits, also those that cannot be made."""

    text: str
    tried: Sequence[Tried]
    model: str
    usage: Usage
    receipts: int
    """Receipts that it was drafted from."""

    def as_change(self) -> dict[str, Any]:
        """What is kept with the version."""
        usage = {name: getattr(self.usage, name) for name in ("prompt_tokens", "completion_tokens", "cost_microusd")}
        edits = [each.as_json() for each in self.tried]
        return {"kind": BY_MODEL, "model": self.model, "receipts": self.receipts, **usage, "edits": edits}


@dataclass(frozen=True, slots=True)
class Rewriter:
    """Asks the model of `settings` with `write`, and tells it nothing that `mask` hides."""

    settings: ReadingSettings
    write: Callable[[Task, ReadingSettings], Answered]
    mask: Mask

    def corrections(self, found: Proposed) -> str:
        """What the model is told beside its prompt, a line for each thing. Raises NoDraft where that is nothing."""
        lines = told(found.insight, self.mask)
        if not lines:
            raise NoDraft(why=Note(NOTHING_TOLD))
        return "\n".join(lines)

    def task(self, found: Proposed) -> Task:
        """What the model is asked. Raises NoDraft where there is nothing to tell it."""
        corrections = self.corrections(found)
        material = [_tagged("prompt", found.parent.prompt.text.rstrip()), _tagged("corrections", corrections)]
        return Task("prompt_edits", SCHEMA, _INSTRUCTION.read_text("utf-8"), "\n\n".join(material))

    def rewrite(self, found: Proposed) -> Rewritten:
        """What the model makes of the prompt; nothing is kept. Raises NoDraft, whatever went wrong at the service."""
        task, usage = self.task(found), None
        try:
            answered = self.write(task, self.settings)
            usage = answered.usage
            edits = edits_in(answered.document)
        except ExtractionError as error:
            raise NoDraft(usage=error.usage or usage, why=_why(error)) from error
        text, tried = with_edits(found.parent.prompt.text, edits)
        if all(each.left for each in tried):
            raise NoDraft(usage=usage, why=_none_made(tried))
        return Rewritten(text, tried, answered.model, answered.usage, found.receipts)


def check_name(prompts: Prompts, name: str) -> None:
    """Raise PromptInvalid or PromptNameTaken while nothing is paid yet."""
    if good_name(name) in {each.name for each in prompts.all()}:
        raise PromptNameTaken(name=name)


def draft_rewritten(
    prompts: Prompts, found: Proposed, rewritten: Rewritten, *, name: str, note: str | None, operator: str
) -> StoredPrompt:
    """A draft with what the model made of the prompt; names, examples and schema notes stay.

    Raises PromptInvalid, PromptNameTaken and DatabaseError.
    """
    before = found.parent.prompt
    return prompts.draft(
        name,
        rewritten.text,
        schema_notes=before.schema_notes,
        lexicon=before.lexicon,
        examples=before.examples,
        parent=found.parent.version,
        changes=[rewritten.as_change()],
        unseen=found.unseen,
        note=note,
        operator=operator,
    )


def _tagged(tag: str, text: str) -> str:
    return f"<{tag}>\n{text}\n</{tag}>"


def _why(error: ExtractionError) -> Note:
    return Note(_SAID.get(type(error), error.sentence), error.fields)


def _none_made(tried: Sequence[Tried]) -> Note:
    if not tried:
        return Note(NO_EDIT)
    return Note(NONE_FITS, {"count": len(tried), "why": tried[0].left})
