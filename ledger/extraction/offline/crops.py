"""Boxes on a picture: their size and slope, and the straightened crop of the text inside."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ledger.extraction.offline.page import Box, Picture

MAX_WIDTH = 2400
"""Pixels; a wider crop is a detector's mistake and would only cost memory."""


def order_corners(points: NDArray[np.float32]) -> Box:
    """The four corners clockwise from the upper left, for text that lies roughly level."""
    by_x = points[np.argsort(points[:, 0])]
    left = by_x[:2][np.argsort(by_x[:2, 1])]
    right = by_x[2:][np.argsort(by_x[2:, 1])]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)


def box_size(box: Box) -> tuple[float, float]:
    """Width and height of the text; opposite sides differ in perspective, so the longer one counts."""
    width = max(np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[2] - box[3]))
    height = max(np.linalg.norm(box[0] - box[3]), np.linalg.norm(box[1] - box[2]))
    return float(width), float(height)


def rectify(picture: Picture, box: Box, height: int, pad_x: float = 0.0, pad_y: float = 0.0) -> Picture:
    """The box as a level crop of `height` pixels; the paddings are fractions of the box's height, negative to trim."""
    box_width, box_height = box_size(box)
    along = (box[1] - box[0]) / (np.linalg.norm(box[1] - box[0]) + 1e-6) * box_height * pad_x
    down = (box[3] - box[0]) / (np.linalg.norm(box[3] - box[0]) + 1e-6) * box_height * pad_y
    corners = np.array(
        [box[0] - along - down, box[1] + along - down, box[2] + along + down, box[3] - along + down], np.float32
    )
    scale = box_height * (1 + 2 * pad_y) / height
    width = int(min(MAX_WIDTH, max(16, (box_width + 2 * box_height * pad_x) / max(scale, 1e-6))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    # Only the neighbourhood is blurred and warped: the photo has 5 megapixels, a line has a hundredth of it.
    low = np.maximum(np.floor(corners.min(axis=0)) - 8, 0).astype(int)
    high = np.ceil(corners.max(axis=0)).astype(int) + 8
    part = picture[low[1] : high[1], low[0] : high[0]]
    if part.size == 0:
        return np.full((height, width, 3), 255, np.uint8)
    if scale > 2.2:
        # A warp samples single pixels, so a strong reduction needs its own low-pass filter first.
        part = cv2.GaussianBlur(part, (0, 0), scale / 4).astype(np.uint8, copy=False)
    matrix = cv2.getPerspectiveTransform(corners - low.astype(np.float32), target)
    interpolation = cv2.INTER_LINEAR if scale > 1 else cv2.INTER_CUBIC
    return cv2.warpPerspective(
        part, matrix, (width, height), flags=interpolation, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8, copy=False)
