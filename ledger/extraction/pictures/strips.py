"""A strip far taller than wide, cut into overlapping parts at rows where nothing is printed. Pure.

A tile model makes a picture fit into 2048 pixels of height; a 1000x6000 strip would be seen 341 pixels wide. Its parts
are seen 768 wide. They overlap, so that each line stands whole on one of them at least.
"""

from __future__ import annotations

from math import ceil
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ledger.extraction.pictures.sight import Frame

TALLEST: Final = 2.6
"""Height in widths up to which a picture stays whole: a tile model keeps 2048/768 = 2.67."""
PART: Final = 2.2
"""Height of a part in widths, at most, before its edges move to blank rows."""
OVERLAP: Final = 0.09
"""Share of a part that the next one shows again: about three lines of print."""
MOVE: Final = 0.03
"""How far an edge moves at most to find a blank row, as a share of a part: more than one line of print."""
NARROWEST: Final = 100
"""Width in pixels below which a picture stays whole: a line of 30 signs would have 3 pixels for each."""
MOST_PARTS: Final = 12
"""A till's paper of 80 mm would be 2 metres long. What would be more parts is no receipt, and each one is paid for."""
SEARCH_WIDTH: Final = 512
"""Most width of the picture that is searched, in pixels; fine enough for the gap between two lines."""


def cut(grey: npt.NDArray[np.uint8], frame: Frame) -> tuple[Frame, ...]:
    """The frames of the parts of `frame`, from top to bottom; only `frame` itself where it is no tall strip of print.

    `grey` (height x width) shows `frame` at any scale; frames are in pixels of the upright picture.
    """
    left, top, right, bottom = frame
    height, width = bottom - top, right - left
    count = _count(height / width)
    if height <= TALLEST * width or width < NARROWEST or count > MOST_PARTS:
        return (frame,)
    scale = min(1.0, SEARCH_WIDTH / width)
    small = cv2.resize(grey, [round(width * scale), round(height * scale)], interpolation=cv2.INTER_AREA)
    edges = _edges(_ink(small.astype(np.float32)), count)
    rows = [(top + round(upper / scale), top + round(lower / scale)) for upper, lower in edges]
    return tuple((left, upper, right, min(lower, bottom)) for upper, lower in rows)


def _count(height: float) -> int:
    """Parts of a strip that is so many widths high."""
    return ceil((height / PART - OVERLAP) / (1 - OVERLAP))


def _ink(grey: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How much is printed on each row and those next to it: the mean step from pixel to pixel, in grey levels.

    Steps and not darkness, because a shadow darkens a blank row too.
    """
    steps = np.abs(np.diff(grey, axis=1)).mean(axis=1)
    return np.convolve(steps, np.ones(5, np.float32) / 5, mode="same").astype(np.float32)


def _edges(ink: npt.NDArray[np.float32], count: int) -> list[tuple[int, int]]:
    """First row and one past the last row of each part."""
    height = len(ink)
    part = height / (count - (count - 1) * OVERLAP)
    edges, upper = [], 0
    for left_over in range(count - 1, 0, -1):
        # Each wanted place follows from the rows that are left, so that moved edges never add up.
        wanted = (height - upper) / (left_over + 1 - left_over * OVERLAP)
        lower = _quietest(ink, upper + wanted, MOVE * part)
        edges.append((upper, lower))
        upper = _quietest(ink, lower - OVERLAP * part, MOVE * part)
    return [*edges, (upper, height)]


def _quietest(ink: npt.NDArray[np.float32], wanted: float, reach: float) -> int:
    """The row with the least ink no farther than `reach` from the wanted one; of equal rows, the nearest to it."""
    first, last = max(0, round(wanted - reach)), min(len(ink) - 1, round(wanted + reach))
    rows = np.arange(first, last + 1)
    # A step of 0.2 grey levels is noise: within it, being near counts.
    order = np.lexsort((np.abs(rows - wanted), np.round(ink[first : last + 1] / 0.2)))
    return int(rows[order[0]])
