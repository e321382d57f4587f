"""What OCR on this machine saw on a photo: its lines, where each sign stands, and the receipt it made of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.notes import Note
from ledger.receipt import Receipt

Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Four corners (x, y), clockwise from the upper left one of the text, in pixels of the upright picture."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a segment; `left` and `right` are fractions of the segment's width."""

    text: str
    confidence: float
    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class TextSegment:
    """A run of text on one line. Its glyphs, one after the other, spell its text."""

    glyphs: tuple[Glyph, ...]
    quad: Quad

    @property
    def text(self) -> str:
        return text_of(self.glyphs)

    @property
    def confidence(self) -> float:
        return mean_confidence(self.glyphs)


@dataclass(frozen=True, slots=True)
class Look:
    """The lines of a photo from top to bottom, each from left to right, and what they say."""

    lines: tuple[tuple[TextSegment, ...], ...]
    receipt: Receipt
    width: int
    height: int
    """Pixels of the upright picture: EXIF applied, then turned. All places are told in them."""
    quarter_turns: int = 0
    """How often the picture had to be turned counter-clockwise by 90 degrees, after EXIF, to be read."""
    notes: tuple[Note, ...] = ()
    model: str = ""
    """The engine's models, as it names them in its settings."""

    @property
    def texts(self) -> list[str]:
        """What stands on each line, its segments apart."""
        return [" ".join(segment.text for segment in line) for line in self.lines]


def text_of(glyphs: Iterable[Glyph]) -> str:
    """What the glyphs spell."""
    return "".join(glyph.text for glyph in glyphs)


def mean_confidence(glyphs: Iterable[Glyph]) -> float:
    """Mean over the characters that were read, 0 for none; inserted spaces have no confidence of their own."""
    values = [glyph.confidence for glyph in glyphs if glyph.text != " "]
    return sum(values) / len(values) if values else 0.0
