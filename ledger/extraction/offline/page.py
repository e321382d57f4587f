"""What OCR sees on a page: characters, the segments that hold them, and the pictures and boxes they lie in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height x width x 3, RGB."""
Box = NDArray[np.float32]
"""Four corners (x, y), clockwise from the upper left one of the text."""


@dataclass(frozen=True, slots=True)
class Char:
    """One character; `left` and `right` are fractions of the width of the crop it was read in."""

    text: str
    confidence: float
    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that the detector boxed, as it was read after fusion."""

    text: str
    confidence: float
    box: Box
    trace: str = ""
    """What the recogniser without Hangul saw; rule lines and barcodes are told by it."""


def text_of(chars: Iterable[Char]) -> str:
    return "".join(char.text for char in chars)


def mean_confidence(chars: Iterable[Char]) -> float:
    """Mean over the characters that were read, 0 for none; inserted spaces have no confidence of their own."""
    values = [char.confidence for char in chars if char.text != " "]
    return sum(values) / len(values) if values else 0.0


def is_hangul(text: str) -> bool:
    """True when the character is a Hangul syllable."""
    return len(text) == 1 and "가" <= text <= "힣"
