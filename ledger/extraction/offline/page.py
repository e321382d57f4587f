"""Pictures, and the boxes of text in them, as the engine's models take and give them."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ledger.inbox.images import Photo, reduced_image

Picture = NDArray[np.uint8]
"""Height x width x 3, RGB."""
Box = NDArray[np.float32]
"""Four corners (x, y), clockwise from the upper left one of the text."""

MAX_SIDE: Final = 2600
"""Pixels; larger photos are reduced first. Small print of a photo taken from afar still has 20 pixels then."""


def picture_of(photo: Photo) -> Picture:
    """The upright photo, its longer side at most `MAX_SIDE`. Nothing larger stays in memory while it is read."""
    scale = min(1.0, MAX_SIDE / max(photo.width, photo.height))
    whole = np.asarray(reduced_image(photo, (round(photo.width * scale), round(photo.height * scale))))
    return _reduced(whole)


def _reduced(picture: Picture) -> Picture:
    scale = MAX_SIDE / max(picture.shape[:2])
    if scale >= 1:
        return picture
    width, height = (max(1, round(side * scale)) for side in picture.shape[1::-1])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
