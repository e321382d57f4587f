"""Looks as the engine on this machine gives them: the receipt that it read, and lines of one segment each."""

from __future__ import annotations

from ledger.extraction.look import Glyph, Look, TextSegment
from ledger.notes import Note
from ledger.receipt import Receipt


def look_with(
    receipt: Receipt, *lines: str, unsure: dict[str, float] | None = None, notes: tuple[Note, ...] = ()
) -> Look:
    """A look of 1000 x 1000 pixels; OCR is sure of every sign but those in `unsure`."""
    rows = tuple((_segment(line, 40.0 * index, unsure or {}),) for index, line in enumerate(lines))
    return Look(lines=rows, receipt=receipt, width=1000, height=1000, notes=notes)


def _segment(text: str, top: float, unsure: dict[str, float]) -> TextSegment:
    size = len(text)
    glyphs = (Glyph(sign, unsure.get(sign, 1.0), at / size, (at + 1) / size) for at, sign in enumerate(text))
    right, bottom = 10.0 * size, top + 30
    return TextSegment(tuple(glyphs), ((0, top), (right, top), (right, bottom), (0, bottom)))
