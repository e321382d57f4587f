"""Pictures drawn for the tests: papers on tables, and strips of lines."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def table(width: int = 600, height: int = 800, grey: int = 70) -> Pixels:
    """A table of one colour with the grain of a sensor."""
    noise = np.random.default_rng(1).normal(grey, 4, (height, width, 1))
    return np.repeat(noise.clip(0, 255).astype(np.uint8), 3, axis=2)


def lay_paper(
    pixels: Pixels, left: int, top: int, width: int, height: int, *, grey: int = 235, angle: float = 0
) -> None:
    """A printed paper on the table, turned about its middle by `angle` degrees."""
    paper = np.full((height, width, 3), grey, np.uint8)
    print_lines(paper, range(20, height - 20, 18), ink=int(grey * 0.3))
    middle = (width / 2, height / 2)
    turn = cv2.getRotationMatrix2D(middle, angle, 1.0)
    turn[:, 2] += (left, top)
    size = (pixels.shape[1], pixels.shape[0])
    mask = cv2.warpAffine(np.full((height, width), 255, np.uint8), turn, size)
    placed = cv2.warpAffine(paper, turn, size, borderMode=cv2.BORDER_REPLICATE)
    pixels[mask > 127] = placed[mask > 127]


def print_lines(paper: Pixels, tops: range, *, ink: int = 60, height: int = 9) -> None:
    """Lines of signs, each `height` pixels high, with a gap between the signs."""
    width, step = paper.shape[1], height + 3
    for top in tops:
        for left in range(step, width - 2 * step, step):
            paper[top : top + height : 3, left : left + height] = ink
            paper[top : top + height, left : left + 2] = ink
