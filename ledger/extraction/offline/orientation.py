"""Finds how a picture without a usable orientation tag must be turned to be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from ledger.extraction.offline.page import Box, Char

SAMPLE: Final = 14
"""Longest boxes that are read to tell up from down; reading all would double the time of a photo."""

Read = Callable[[int, Sequence[Box]], list[list[Char]]]
"""Reads boxes in the picture turned by so many quarter turns."""


def lies_on_its_side(boxes: Sequence[Box]) -> bool:
    """True when most of the longest boxes are taller than wide. Text is wide, whatever it says."""
    if len(boxes) < 4:
        return False
    extents = np.array([np.ptp(box, axis=0) for box in longest(boxes, 24)])
    return bool((extents[:, 1] > 1.4 * extents[:, 0]).mean() > 0.6)


def longest(boxes: Sequence[Box], count: int) -> list[Box]:
    return sorted(boxes, key=lambda box: -float(np.ptp(box, axis=0).max()))[:count]


def turned_over(box: Box, width: int, height: int) -> Box:
    """The box in the picture turned by 180 degrees, its corners again clockwise from the upper left."""
    return (np.array([width - 1, height - 1], np.float32) - box)[[2, 3, 0, 1]]


def digit_score(readings: Sequence[Sequence[Char]]) -> float:
    """How much the readings look like a receipt's numbers.

    Digits are the one thing every receipt has and the recogniser reads in every country; upside down, few of them
    are still sure.
    """
    return sum(char.confidence for chars in readings for char in chars if char.text.isdigit() or char.text in ",.:-")
