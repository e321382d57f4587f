"""What the desk shows of a reading beyond its values: what may be wrong, where it stands, what the model was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.extraction.confidence.doubt import Doubts
from ledger.extraction.confidence.evidence import NOT_ON_PHOTO
from ledger.inbox.guideline import Measures, hints
from ledger.notes import Note
from ledger.tables import ExtractionRow
from ledger.ui.components.photo_viewer import Places
from ledger.ui.texts import Texts

WORTH_A_LOOK: Final = 0.25
"""Risk from which a field is marked. A starting value: fields that checks and second opinions speak for lie below."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a session keeps of the judgement of the reading that is shown; None where nothing was judged."""

    reading_id: int = 0
    doubts: Doubts | None = None
    places: Places | None = None
    was_shown: bool = False
    """Whether pictures were sent to a model, so that they can be shown."""
    measures: Measures | None = None

    @classmethod
    def of(cls, reading: ExtractionRow | None) -> Judged:
        """The judgement that is stored with a reading."""
        if reading is None:
            return cls()
        return cls(
            reading_id=reading.id,
            doubts=Doubts.from_json(reading.doubts) if reading.doubts else None,
            places=reading.places,  # type: ignore[arg-type]  # stored in this shape, see extraction.places
            was_shown=reading.sight is not None,
            measures=Measures.from_json(reading.measures) if reading.measures else None,
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
    def _reasons(self) -> dict[str, tuple[Note, ...]]:
        """Of each risky field."""
        fields = self.doubts.fields if self.doubts else {}
        return {path: doubt.reasons for path, doubt in fields.items() if doubt.risk >= WORTH_A_LOOK and doubt.reasons}

    def facts(self, t: Texts) -> list[str]:
        """What stands in the line above the form."""
        return [t("fields to check: {count}", count=len(self.worth_a_look(t)))] if self.doubts else []

    def hints(self, t: Texts) -> list[str]:
        """What would make a better photo, in sentences."""
        return [f":material/photo_camera: {t.note(hint)}" for hint in hints(self.measures)] if self.measures else []
