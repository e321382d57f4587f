"""Finds text: the PP-OCR detector's probability map, and the boxes around what is probable."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ledger.extraction.offline.crops import box_size, order_corners
from ledger.extraction.offline.models import Model, give_back_memory
from ledger.extraction.offline.page import Box, Picture

# How the model was trained: ImageNet's means and deviations.
_MEAN: Final = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION: Final = np.array([0.229, 0.224, 0.225], np.float32)

PIXEL_THRESHOLD: Final = 0.3
BOX_THRESHOLD: Final = 0.5
UNCLIP: Final = 1.6
"""The model marks the core of a line; the box grows by this share of area / perimeter to hold whole letters."""
MIN_CORE: Final = 3
"""Pixels; a thinner core is a speck."""
LONG_SIDE: Final = 1280
"""Larger pictures are reduced to this. At 1600 pixels a few more lone digits are found, and more names are misread."""
SMALL_SIDE: Final = 960
"""Smaller pictures are enlarged towards this, at most by 2.5; tiny letters are not found otherwise."""


class Detector:
    def __init__(self, model: Model) -> None:
        self._model = model

    def find(self, picture: Picture) -> list[Box]:
        """Boxes of text in pixels of `picture`, in no particular order."""
        probability = self._model.run(as_input(picture))[0, 0]
        give_back_memory()
        height, width = picture.shape[:2]
        scale = np.array([width / probability.shape[1], height / probability.shape[0]], np.float32)
        limit = np.array([width - 1, height - 1], np.float32)
        return without_halos([np.clip(box * scale, 0, limit) for box in boxes_in(probability)])


def as_input(picture: Picture) -> NDArray[np.float32]:
    """The picture at a size and in numbers that the model takes: 1 x 3 x height x width."""
    height, width = picture.shape[:2]
    size = model_size(width, height)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if size[0] < width else cv2.INTER_CUBIC)
    # The model was trained on OpenCV's channel order, blue first.
    tensor = small[:, :, ::-1].astype(np.float32)
    # In place: each step would take another 20 MB, beside what another photo's model takes meanwhile.
    tensor /= 255.0
    tensor -= _MEAN
    tensor /= _DEVIATION
    return np.ascontiguousarray(tensor.transpose(2, 0, 1)[None])


def model_size(width: int, height: int) -> tuple[int, int]:
    """Width and height given to the model: within the limits above, multiples of 32 as its strides need."""
    longest = max(width, height)
    scale = 1.0
    if longest > LONG_SIDE:
        scale = LONG_SIDE / longest
    elif longest < SMALL_SIDE:
        scale = min(SMALL_SIDE / longest, 2.5)
    return max(32, round(width * scale / 32) * 32), max(32, round(height * scale / 32) * 32)


def boxes_in(probability: NDArray[np.float32]) -> list[Box]:
    """Boxes around the probable areas of a map, grown to hold whole letters."""
    mask = (probability > PIXEL_THRESHOLD).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes = (
        _box_around(contour.reshape(-1, 2).astype(np.int32), probability) for contour in contours if len(contour) >= 4
    )
    return [box for box in boxes if box is not None]


def _box_around(contour: NDArray[np.int32], probability: NDArray[np.float32]) -> Box | None:
    center, (width, height), angle = cv2.minAreaRect(contour)
    if min(width, height) < MIN_CORE or _mean_inside(contour, probability) < BOX_THRESHOLD:
        return None
    growth = width * height * UNCLIP / (width + height)
    return order_corners(cv2.boxPoints((center, (width + growth, height + growth), angle)).astype(np.float32))


def _mean_inside(contour: NDArray[np.int32], probability: NDArray[np.float32]) -> float:
    low, high = contour.min(axis=0), contour.max(axis=0) + 1
    inside = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
    cv2.fillPoly(inside, [contour - low], 1)
    return float(cv2.mean(probability[low[1] : high[1], low[0] : high[0]], inside)[0])


def without_halos(boxes: list[Box]) -> list[Box]:
    """Drop boxes far taller than the text that swallow several others: the paper's edge, not a line."""
    if len(boxes) <= 5:
        return boxes
    heights = np.array([box_size(box)[1] for box in boxes])
    centers = [tuple(float(value) for value in box.mean(axis=0)) for box in boxes]
    tall = 3.5 * float(np.median(heights))
    return [
        box
        for box, height in zip(boxes, heights, strict=True)
        if height <= tall or sum(cv2.pointPolygonTest(box, center, False) > 0 for center in centers) < 4
    ]
