"""The lines of a look as texts whose every sign has its place on the photo. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from ledger.extraction.look import Look, Quad, TextSegment
from ledger.extraction.offline.rows import rows_of
from ledger.extraction.places.quads import around, part

_BETWEEN: Final = "  "
"""What stands between two segments of a line; two spaces, so that no number reaches over them."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of a line: the signs from `start` up to `end`."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Sign:
    """A sign's segment, the fractions of that segment's width that it takes up, and how sure OCR was of it."""

    segment: int
    left: float
    right: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, and the words of it that are no numbers of a column."""

    text: str
    words: str
    _signs: tuple[_Sign | None, ...]
    _quads: tuple[Quad, ...]

    def quad(self, start: int, end: int) -> Quad | None:
        """Where these signs stand; None when they are but spaces between segments."""
        signs = [sign for sign in self._signs[start:end] if sign]
        parts = []
        for segment, group in groupby(signs, key=lambda sign: sign.segment):
            run = list(group)
            parts.append(part(self._quads[segment], run[0].left, run[-1].right))
        return around(parts) if parts else None

    def confidences(self, start: int, end: int) -> list[float]:
        """How sure OCR was of each of these signs; nothing for spaces, which are inserted and not read."""
        signs = zip(self.text[start:end], self._signs[start:end], strict=True)
        return [sign.confidence for character, sign in signs if sign and character != " "]


def lines_of(look: Look) -> list[Line]:
    """The lines from top to bottom."""
    return [_line(segments, row.words) for segments, row in zip(look.lines, rows_of(look.lines), strict=True)]


def place_of(spots: Sequence[Spot], lines: Sequence[Line]) -> Quad | None:
    """The place around all these pieces; None for no pieces."""
    quads = [quad for spot in spots if (quad := lines[spot.line].quad(spot.start, spot.end))]
    return around(quads) if quads else None


def _line(segments: Sequence[TextSegment], words: str) -> Line:
    signs: list[_Sign | None] = []
    for index, segment in enumerate(segments):
        if index:
            signs += [None] * len(_BETWEEN)
        signs += _signs(segment, index)
    text = _BETWEEN.join(segment.text for segment in segments)
    return Line(text, words, tuple(signs), tuple(segment.quad for segment in segments))


def _signs(segment: TextSegment, index: int) -> Iterator[_Sign]:
    """Each sign from the middle of the gap before it to the middle of the gap behind it.

    OCR knows where a sign's middle is better than where its ink ends; the segment's own ends are known from its box.
    """
    glyphs = segment.glyphs
    edges = [(left.right + right.left) / 2 for left, right in pairwise(glyphs)]
    for glyph, left, right in zip(glyphs, [0.0, *edges], [*edges, 1.0], strict=False):
        for _ in glyph.text:  # OCR may read a ligature as one glyph of two letters
            yield _Sign(index, left, right, glyph.confidence)
