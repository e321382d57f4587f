"""The offline engine behind the extractor's seam."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.errors import EngineMissing, ExtractionError
from ledger.extraction.extractor import ExtractionResult, ReadingSettings
from ledger.extraction.look import Look, TextSegment
from ledger.extraction.notes import NO_HANGUL, NO_TEMPERATURE
from ledger.extraction.offline.models import (
    find_models,
    find_tessdata,
    give_back_memory,
    map_large_blocks,
    package_version,
)
from ledger.extraction.reasons import PACKAGE_BROKEN
from ledger.inbox.images import Photo
from ledger.notes import Note

if TYPE_CHECKING:
    from ledger.extraction.offline.ocr import Ocr

LATIN_MODEL: Final = "ppocr-v6-small"
HANGUL_MODEL: Final = f"{LATIN_MODEL}+tesseract-kor"
_LONGEST_SECONDS: Final = 120
"""A crowded photo takes seconds on an idle core; this leaves room for many readers on few cores."""

_LOADING: Final = threading.Lock()
"""Who asks while the models are being loaded waits for them, and loads no second ones."""


@cache
def load_ocr(tessdata: Path | None) -> Ocr:
    """The models, which all extractors of a process share. Raises EngineMissing when they cannot be loaded."""
    files = find_models()
    try:
        from ledger.extraction.offline.ocr import Ocr
    except ImportError as exc:
        raise EngineMissing(why=Note(PACKAGE_BROKEN, {"problem": str(exc)})) from exc
    map_large_blocks()
    return Ocr(files, tessdata)


class OfflineExtractor:
    """Reads receipts with OCR on this machine. Cheap to construct: the models are loaded once, at the first photo.

    `tessdata` is the folder that holds `kor.traineddata`; None looks in the well-known ones.
    """

    engine = "offline"

    def __init__(self, tessdata: Path | None = None) -> None:
        self._tessdata = find_tessdata(tessdata)
        self.default_settings = ReadingSettings(
            model=HANGUL_MODEL if self.hangul else LATIN_MODEL,
            temperature=None,
            prompt_version=None,
            detail=None,
            max_completion_tokens=None,
            logprobs=None,
            answer_format=None,
        )

    @property
    def hangul(self) -> bool:
        """Whether Hangul is read; without it only dates and amounts are."""
        return self._tessdata is not None

    @property
    def versions(self) -> dict[str, str | None]:
        """The packages that decide what is read, and where the Hangul data lies. None where something is missing."""
        packages = {name: package_version(name) for name in ("rapidocr", "onnxruntime", "tesserocr")}
        return {**packages, "tessdata": str(self._tessdata) if self._tessdata else None}

    @property
    def longest_seconds(self) -> float:
        """There is no timeout; this is far above what any photo took."""
        return _LONGEST_SECONDS

    def check(self, settings: ReadingSettings | None = None) -> str:
        """What would read now. Raises EngineMissing when models or packages are not installed."""
        self._loaded()
        return f"{self.default_settings.model} on this machine{'' if self.hangul else ': ' + NO_HANGUL}"

    def close(self) -> None:
        """The models stay loaded: they hold no connection, and loading them again costs a second."""

    def look(self, photo: Photo) -> Look:
        """What is on a photo. Raises EngineMissing when the models or the packages that run them are not installed."""
        ocr = self._loaded()
        from ledger.extraction.offline.layouts import read_layout
        from ledger.extraction.offline.lines import build_lines
        from ledger.extraction.offline.page import picture_of
        from ledger.extraction.offline.rows import rows_of

        page = ocr.read(picture_of(photo), photo.width, photo.height)
        give_back_memory()
        lines = build_lines(page.segments)
        layout = read_layout(rows_of(lines), self.hangul)
        return Look(
            lines=tuple(map(tuple, lines)),
            receipt=layout.receipt,
            width=page.width,
            height=page.height,
            quarter_turns=page.quarter_turns,
            notes=layout.notes,
            model=self.default_settings.model,
        )

    def extract(self, photo: Photo, settings: ReadingSettings, look: Look | None = None) -> ExtractionResult:
        """Read one photo, or take what a look of this engine read on it. Raises EngineMissing as `look` does."""
        look = look or self.look(photo)
        return ExtractionResult(
            receipt=look.receipt,
            raw_answer=_as_json(look.lines),
            settings=self.default_settings,
            quarter_turns=look.quarter_turns,
            notes=(*self._limits(settings), *look.notes),
            look=look,
        )

    def shares_requests(self, settings: ReadingSettings) -> bool:
        """Nothing is requested of anybody."""
        return False

    def extract_repeatedly(
        self, photo: Photo, settings: ReadingSettings, times: int, look: Look | None = None
    ) -> list[ExtractionResult | ExtractionError]:
        """One reading, however many are asked for: this engine always reads the same, so a repetition tells nothing."""
        try:
            return [self.extract(photo, settings, look)]
        except ExtractionError as exc:
            return [exc]

    def _loaded(self) -> Ocr:
        with _LOADING:
            return load_ocr(self._tessdata)

    def _limits(self, asked: ReadingSettings) -> list[Note]:
        notes = []
        if not self.hangul:
            notes.append(Note(NO_HANGUL))
        if asked.temperature is not None:
            notes.append(Note(NO_TEMPERATURE, {"temperature": str(asked.temperature)}))
        return notes


def _as_json(lines: Sequence[Sequence[TextSegment]]) -> str:
    """The lines as they were read: texts, confidences and corners in pixels of the upright photo."""
    document = {
        "lines": [
            [
                {
                    "text": segment.text,
                    "confidence": round(segment.confidence, 3),
                    "box": [[round(float(x)), round(float(y))] for x, y in segment.quad],
                }
                for segment in line
            ]
            for line in lines
        ]
    }
    return json.dumps(document, ensure_ascii=False)
