"""Looks at level pages, written as texts: segments are parted by `|`, every sign is 10 pixels wide, a line 30 high."""

from __future__ import annotations

from ledger.extraction.look import Glyph, Look, Quad, TextSegment
from ledger.receipt import Receipt

SIGN = 10
LINE = 30


def look_at(*lines: str) -> Look:
    """A look of 1000 x 1000 pixels; the first line begins at the top."""
    rows = tuple(tuple(_segments(line, LINE * index)) for index, line in enumerate(lines))
    return Look(lines=rows, receipt=Receipt(), width=1000, height=1000)


def place(lines: list[str] | tuple[str, ...], index: int, text: str, last: bool = False) -> Quad:
    """Where a text stands on that line: its first mention, or its last."""
    line = lines[index]
    start = line.rindex(text) if last else line.index(text)
    return _quad(start, start + len(text), LINE * index)


def _segments(line: str, top: int) -> list[TextSegment]:
    segments, start = [], 0
    for text in line.split("|"):
        width = 1 / len(text)
        glyphs = tuple(Glyph(sign, 0.99, at * width, (at + 1) * width) for at, sign in enumerate(text))
        segments.append(TextSegment(glyphs, _quad(start, start + len(text), top)))
        start += len(text) + 1
    return segments


def _quad(start: int, end: int, top: int) -> Quad:
    left, right, bottom = float(SIGN * start), float(SIGN * end), float(top + LINE)
    return ((left, float(top)), (right, float(top)), (right, bottom), (left, bottom))
