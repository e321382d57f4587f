"""Where the paper lies on a photo, told only where that is certain. Pure.

Cropping to the paper is the only way to show a model more pixels of it: a model keeps so many pixels of a picture,
whatever is on it. Losing a line of print is worse than keeping a table, so every doubt means "not found": a paper that
does not stand out, that is no rectangle, a second one beside it, or anything like print outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from ledger.extraction.look import Quad
from ledger.extraction.pictures.sight import Frame

Grey = npt.NDArray[np.uint8]

SEARCH_SIDE: Final = 640
"""Longer side of the picture that is searched, in pixels: lines of print are still lines there."""
MARGIN: Final = 0.02
"""Kept around the paper, as a share of the picture's longer side."""
SMALLEST, LARGEST = 0.10, 0.85
"""Shares of the picture that a paper may cover: below it may be a label, above there is nothing to gain."""
RECTANGULAR: Final = 0.90
"""Least share of the smallest rectangle around it that a paper fills; creases and curled corners take some."""
SECOND: Final = 0.03
"""Most that any other bright thing may cover, as a share of the paper."""
DARKER: Final = 0.72
"""Outside a side, the ground has at most this share of the paper's brightness, or the side is no edge but a shadow."""
LINE: Final = 4
"""So many signs in a row make a line of print."""
STROKE: Final = 14
"""How much darker than around it a stroke is, in grey levels."""
SIGN: Final = (2, 60, 4, 24)
"""Least and most width and height of a sign, or of a few that touch, in pixels of the searched picture."""
NEAR: Final = 13
"""Signs of one line are nearer to each other than that, in the same pixels."""


@dataclass(frozen=True, slots=True)
class _Region:
    """A bright region of the searched picture: its filled mask and its box as left, top, right, bottom."""

    mask: Grey
    box: Frame


def paper_frame(pixels: npt.NDArray[np.uint8], size: tuple[int, int], texts: Iterable[Quad] = ()) -> Frame | None:
    """The frame of the one paper on a photo, a margin included; None where it is not certain.

    `pixels` are the whole upright picture in RGB (height x width x 3), at any scale; `size` is its full width and
    height, in whose pixels the frame and the places of `texts` are. Text outside the frame forbids it.
    """
    scale = SEARCH_SIDE / max(size)
    small = cv2.resize(pixels, [max(1, round(side * scale)) for side in size], interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    region = _bright_region(grey)
    if region is None or not _stands_out(grey, region) or _print_outside(grey, region):
        return None
    frame = _full_size(region.box, scale, size)
    return frame if _worth(frame, size) and all(_inside(quad, frame) for quad in texts) else None


def _bright_region(grey: Grey) -> _Region | None:
    """The largest bright thing with its print filled in, if it is a rectangle and nothing else is bright."""
    _, bright = cv2.threshold(cv2.GaussianBlur(grey, (0, 0), 2), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    whole = cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    outlines, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    by_area = sorted(((cv2.contourArea(outline), outline) for outline in outlines), key=itemgetter(0), reverse=True)
    if not by_area or any(area > SECOND * by_area[0][0] for area, _ in by_area[1:]):
        return None
    return _region(by_area[0][1], grey.shape)


def _region(outline: Any, shape: tuple[int, ...]) -> _Region | None:
    mask = np.asarray(cv2.drawContours(np.zeros(shape, np.uint8), [outline], -1, 1, cv2.FILLED), np.uint8)
    left, top, width, height = cv2.boundingRect(outline)
    (_, sides, _) = cv2.minAreaRect(outline)
    full = mask.sum() >= RECTANGULAR * sides[0] * sides[1]
    if not full or not SMALLEST <= mask.mean() <= LARGEST:
        return None
    return _Region(mask, (left, top, left + width, top + height))


def _stands_out(grey: Grey, region: _Region) -> bool:
    """Whether the ground is clearly darker than the paper just outside of each part of its edge."""
    paper = np.percentile(grey[region.mask == 1], 60)
    around = cv2.dilate(region.mask, np.ones((21, 21), np.uint8)) - cv2.dilate(region.mask, np.ones((9, 9), np.uint8))
    left, top, right, bottom = region.box
    parts = (np.s_[:, :left], np.s_[:, right:], np.s_[:top, :], np.s_[bottom:, :], np.s_[:, :])
    rings = [grey[part][around[part] == 1] for part in parts]
    return all(np.percentile(ring, 75) <= DARKER * paper for ring in rings if ring.size > 20)


def _print_outside(grey: Grey, region: _Region) -> bool:
    """Whether signs stand in a row on the ground, as on a second sheet or where a shadow falls on the paper."""
    signs = _signs(np.where(cv2.dilate(region.mask, np.ones((9, 9), np.uint8)) == 0, grey, np.uint8(255)))
    boxes = np.zeros_like(grey)
    for left, top, width, height in signs:
        boxes[top : top + height, left : left + width] = 1
    _, lines = cv2.connectedComponents(cv2.dilate(boxes, np.ones((1, NEAR), np.uint8)))
    in_line = np.bincount([lines[top, left] for left, top, _, _ in signs], minlength=1)
    return bool((in_line >= LINE).any())


def _signs(grey: Grey) -> list[tuple[int, int, int, int]]:
    """Boxes of dark strokes of a sign's size on lighter ground: left, top, width and height."""
    strokes = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8)) > STROKE
    _, _, boxes, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8))
    found = [(int(x), int(y), int(w), int(h)) for x, y, w, h, area in boxes[1:] if area >= 6]
    return [box for box in found if SIGN[0] <= box[2] <= SIGN[1] and SIGN[2] <= box[3] <= SIGN[3]]


def _full_size(box: Frame, scale: float, size: tuple[int, int]) -> Frame:
    margin = MARGIN * max(size)
    left, top = (max(0, int(place / scale - margin)) for place in box[:2])
    right, bottom = (min(side, round(place / scale + margin)) for place, side in zip(box[2:], size, strict=True))
    return left, top, right, bottom


def _worth(frame: Frame, size: tuple[int, int]) -> bool:
    left, top, right, bottom = frame
    return (right - left) * (bottom - top) <= LARGEST * size[0] * size[1]


def _inside(quad: Quad, frame: Frame) -> bool:
    left, top, right, bottom = frame
    return all(left <= x <= right and top <= y <= bottom for x, y in quad)
