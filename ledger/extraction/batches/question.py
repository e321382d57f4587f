"""What is kept of a request until its answer comes, so that it is heard without photo, store and OCR. Pure.

By then another photo may lie in the store: what was read is the one that was handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.look import Look
from ledger.extraction.model_reading import Shown
from ledger.extraction.pictures.sight import Part, Sight
from ledger.notes import Note


@dataclass(frozen=True, slots=True)
class Question:
    """One request, but for its pictures and words; `run` are the columns of its run as far as they are known."""

    run: dict[str, Any]
    asked: ReadingSettings
    offered: dict[str, Any] | None
    sight: dict[str, Any]
    look: Look | None
    notes: tuple[Note, ...]

    @classmethod
    def of(cls, run: dict[str, Any], shown: Shown) -> Question:
        """The question whose answer will be heard with what was shown."""
        return cls(run, shown.asked, shown.offered, shown.sight.as_json(), shown.look, shown.notes)

    @property
    def shown(self) -> Shown:
        """What its answer is heard with. The pictures' bytes are gone, their frames are there."""
        parts = tuple(
            Part(b"", part["width"], part["height"], tuple(part["frame"]))  # the bytes were the service's to see
            for part in self.sight["parts"]
        )
        made = {name: value for name, value in self.sight.items() if name != "parts"}
        return Shown(self.asked, self.offered, Sight(parts, **made), self.look, self.notes)

    def as_json(self) -> dict[str, Any]:
        """As it is stored with the batch's line."""
        stored: dict[str, Any] = _STORED.dump_python(self, mode="json")
        return stored

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Question:
        """As it was stored."""
        return _STORED.validate_python(stored)


_STORED: Final = TypeAdapter(Question)
