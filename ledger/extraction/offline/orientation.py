"""Finds how a picture without a usable orientation tag must be turned to be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ledger.extraction.look import Glyph, mean_confidence
from ledger.extraction.offline.fusion import is_latin
from ledger.extraction.offline.page import Box

SAMPLE: Final = 8
"""Longest boxes that are compared both ways up."""
PLAIN: Final = 0.93
"""Certainty of a page that is plainly the right way up: upside down no photo we have comes near it."""
DOUBTFUL: Final = 0.7
"""Certainty below which the shape of the boxes is not believed either, and the other two ways are tried."""
ENOUGH: Final = 20
"""Characters that tell; a few signs on a picture look alike both ways."""


def lies_on_its_side(boxes: Sequence[Box]) -> bool:
    """True when most of the longest boxes are taller than wide. Text is wide, whatever it says."""
    if len(boxes) < 4:
        return False
    extents = np.array([np.ptp(boxes[index], axis=0) for index in longest(boxes, 24)])
    return bool((extents[:, 1] > 1.4 * extents[:, 0]).mean() > 0.6)


def longest(boxes: Sequence[Box], count: int) -> list[int]:
    """Indices of the longest boxes, the longest first."""
    return sorted(range(len(boxes)), key=lambda index: -float(np.ptp(boxes[index], axis=0).max()))[:count]


def turned_over(box: Box, width: int, height: int) -> Box:
    """The box once the picture was turned by 180 degrees, its corners again clockwise from the upper left."""
    return (np.array([width - 1, height - 1], np.float32) - box)[[2, 3, 0, 1]]


def certainty(readings: Sequence[Sequence[Glyph]]) -> float:
    """How sure the recogniser is of the digits and letters it knows; 0 where there are too few to tell.

    The mean, not the sum: upside down, printed digits are read as other digits, as many but less surely.
    """
    known = [glyph for glyphs in readings for glyph in glyphs if is_latin(glyph)]
    return mean_confidence(known) if len(known) >= ENOUGH else 0.0
