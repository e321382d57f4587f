"""What the desk shows of a reading beyond its values: what may be wrong, where it stands, what the model was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.checks import SUM_DIFFERS, gap
from ledger.extraction.confidence.doubt import Doubt, Doubts
from ledger.extraction.confidence.evidence import NOT_ON_PHOTO
from ledger.extraction.confidence.likelihood import Alternative
from ledger.inbox.guideline import Measures, hints
from ledger.notes import Note
from ledger.receipt import Receipt
from ledger.tables import ExtractionRow, ReceiptRow
from ledger.ui.components.photo_viewer import Places
from ledger.ui.texts import Texts

WORTH_A_LOOK: Final = 0.25
"""Risk from which a field is marked. A starting value: fields that checks and second opinions speak for lie below."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a session keeps of the judgement of the reading that is shown; None where nothing was judged."""

    reading_id: int = 0
    etag: str | None = None
    """Of the photo that was read."""
    doubts: Doubts | None = None
    places: Places | None = None
    was_shown: bool = False
    """Whether pictures were sent to a model, so that they can be shown."""
    measures: Measures | None = None
    discount: int = 0
    """What lies between the items and the total of the reading and is in order: seen to be taken off on the photo."""

    @classmethod
    def of(cls, reading: ExtractionRow | None) -> Judged:
        """The judgement that is stored with a reading. Where no receipt was found, there is nothing to judge."""
        if reading is None:
            return cls()
        receipt = Receipt.model_validate(reading.document or {})
        if receipt.is_blank:
            return cls(reading.id, reading.etag, was_shown=reading.sight is not None)
        doubts = Doubts.from_json(reading.doubts) if reading.doubts else None
        return cls(
            reading_id=reading.id,
            etag=reading.etag,
            doubts=doubts,
            places=reading.places,  # type: ignore[arg-type]  # stored in this shape, see extraction.places
            was_shown=reading.sight is not None,
            measures=Measures.from_json(reading.measures) if reading.measures else None,
            discount=_explained(receipt, doubts),
        )

    def worth_a_look(self, t: Texts) -> dict[str, list[str]]:
        """Why a value may be wrong, in sentences with the weightiest first, by path; only for risky fields."""
        return {path: [t.note(reason) for reason in reasons] for path, reasons in self._reasons.items()}

    @property
    def lost(self) -> Sequence[str]:
        """Paths of values that were looked for on the photo and not found, where no reason says so already."""
        said = {path for path, reasons in self._reasons.items() if Note(NOT_ON_PHOTO) in reasons}
        fields = self.places["fields"] if self.places else {}
        return [path for path, corners in fields.items() if corners is None and path not in said]

    @property
    def alternatives(self) -> dict[str, tuple[Alternative, ...]]:
        """What else the reader had in mind for each field, by path; the likeliest first."""
        fields = self.doubts.fields if self.doubts else {}
        return {path: doubt.likelihood.alternatives for path, doubt in fields.items() if doubt.likelihood}

    @property
    def _reasons(self) -> dict[str, tuple[Note, ...]]:
        """Of each risky field that the form has."""
        fields = self.doubts.fields if self.doubts else {}
        risky = {path: _told(path, doubt) for path, doubt in fields.items() if doubt.risk >= WORTH_A_LOOK}
        return {path: reasons for path, reasons in risky.items() if reasons and path != "items"}

    def places_on(self, receipt: ReceiptRow) -> Places | None:
        """The places, where they are places on the photo that is shown: not replaced since, nor turned another way."""
        same = self.places and self.etag == receipt.etag and self.places["quarter_turns"] == receipt.quarter_turns
        return self.places if same else None

    def hint(self, t: Texts, receipt: ReceiptRow) -> str:
        """What would make a better photo most of all, in a sentence; empty for a good one, or another one by now."""
        found = hints(self.measures) if self.measures and self.etag == receipt.etag else ()
        return t.note(found[0]) if found else ""


def _explained(receipt: Receipt, doubts: Doubts | None) -> int:
    """Only a discount that was seen keeps the judgement from doubting a sum that differs."""
    total = doubts.fields.get("total_amount") if doubts else None
    doubted = total is not None and any(note.sentence == SUM_DIFFERS for note in total.reasons)
    return 0 if doubts is None or doubted else max(gap(receipt), 0)


def _told(path: str, doubt: Doubt) -> tuple[Note, ...]:
    """A sum that differs is told at the total alone: it says of no item that this one is wrong."""
    return tuple(note for note in doubt.reasons if path == "total_amount" or note.sentence != SUM_DIFFERS)
