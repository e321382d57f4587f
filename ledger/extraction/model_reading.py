"""One reading by a model, from the photo to the result: what is asked, what is shown, what comes of the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ledger.extraction.conversation import Conversation, Heard, Reply, notes_on
from ledger.extraction.extractor import ExtractionResult, ReadingSettings, Usage
from ledger.extraction.fitting import fitted
from ledger.extraction.ladder import Ladder
from ledger.extraction.look import Look
from ledger.extraction.models import ModelFacts
from ledger.extraction.notes import NOT_ENLARGED, ROWS_JOINED, ROWS_OPEN
from ledger.extraction.pictures.seeing import see
from ledger.extraction.pictures.sight import Sight
from ledger.extraction.request import request_body
from ledger.extraction.seams import doubled_rows, open_rows, problems_without, renumbered, row_names, without_rows
from ledger.inbox.images import Photo
from ledger.notes import Note
from ledger.prompts.versions import PromptVersion
from ledger.receipt import Receipt


@dataclass(frozen=True, slots=True)
class ModelReading:
    """Everything that a reading needs but the photo; `upscaler` is the file of a network that enlarges pictures."""

    settings: ReadingSettings
    prompt: PromptVersion
    facts: ModelFacts
    upscaler: Path | None
    ladder: Ladder
    send: Callable[[dict[str, Any]], Reply]
    to_openai: bool
    """Whether OpenAI itself is asked, and no other service that has its interface."""

    def read(self, photo: Photo, look: Look | None) -> ExtractionResult:
        """What the model reads on the photo. Every way in which that fails is a class of ExtractionError."""
        fitting, notes = fitted(self.settings, self.facts)
        sight = self._sight(photo, fitting, look)
        asked = replace(fitting, preparation=sight.preparation)
        conversation = Conversation(self.send, partial(self._body, sight), self.facts, self.ladder, self.to_openai)
        heard = conversation.hear(asked)
        result = _result(heard, sight, look)
        notes = (*notes, *_on_preparation(fitting, asked), *notes_on(asked, heard), *result.notes)
        return replace(result, usage=conversation.usage or Usage(), notes=notes)

    def _sight(self, photo: Photo, settings: ReadingSettings, look: Look | None) -> Sight:
        return see(
            photo,
            vision=self.facts.vision,
            detail=settings.detail,
            preparation=settings.preparation,
            quarter_turns=look.quarter_turns if look else 0,
            look=look,
            upscaler=self.upscaler,
        )

    def _body(self, sight: Sight, settings: ReadingSettings) -> dict[str, Any]:
        return request_body(settings, self.prompt, sight, to_openai=self.to_openai)


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
