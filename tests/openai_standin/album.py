"""Photos whose receipt is known, found again in what a request shows of them.

A picture reaches the service cropped, scaled, turned, in parts and packed anew, so neither its bytes nor a hash of its
looks say whose it is: a hash of 16 x 16 greys is another one as soon as a border is cut off. Corners of the print stay
where they are to each other. So each photo is kept as its ORB corners (Rublee et al. 2011), and a picture belongs to
the photo with the most corners that one shift, turn and scale brings onto its own; the parts of one request add up.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image, ImageOps

_SIDE: Final = 800
"""Longer side in pixels at which corners are looked for; more costs time and finds no more photos."""
_CORNERS: Final = 500
_FEWEST: Final = 20
"""Corners that must agree. A photo of other receipts shares about ten with any of ours by chance."""
_LEAD: Final = 1.25
"""How many times the runner-up's: receipts of one till, on one desk, share corners in earnest."""
_NEAR: Final = 0.8
"""A corner counts where its likeness is that much nearer than the next (Lowe 2004)."""
_PIXELS: Final = 4.0
"""How far a corner may lie from its place; a crumpled receipt is not flat."""


@dataclass(frozen=True)
class Known:
    """A photo and what stands on it. `name` is the SHA-256 of the photo's bytes."""

    name: str
    receipt: Mapping[str, Any]
    corners: _Corners


@dataclass(frozen=True)
class _Corners:
    points: np.ndarray[Any, Any]
    marks: np.ndarray[Any, Any]


class Album:
    """Photos by their looks. Safe to use from several threads."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._found: dict[str, str | None] = {}
        self._lock = threading.Lock()

    def add(self, photo: bytes, receipt: Mapping[str, Any]) -> None:
        """Keep a photo with its receipt. Raises ValueError for a picture with too little on it to be known again."""
        corners = _corners(photo)
        if len(corners.points) < 2 * _FEWEST:
            raise ValueError("This picture is too plain to be known again; use `answers` with its SHA-256.")
        name = hashlib.sha256(photo).hexdigest()
        with self._lock:
            self._known[name] = Known(name, receipt, corners)
            self._found.clear()

    def find(self, pictures: Sequence[bytes]) -> Known | None:
        """The photo that these pictures of one request show; None where it is none of ours, or more than one."""
        key = hashlib.sha256(b"".join(pictures)).hexdigest()
        with self._lock:
            known = list(self._known.values())
            if not known or key in self._found:
                return self._known.get(self._found.get(key) or "")
        found = _best(known, [_corners(picture) for picture in pictures])
        with self._lock:
            self._found[key] = found and found.name
        return found


def _best(known: Sequence[Known], seen: Sequence[_Corners]) -> Known | None:
    scored = [(sum(_agreeing(part, each.corners) for part in seen), each.name, each) for each in known]
    scored.sort(reverse=True, key=lambda entry: entry[:2])
    most, runner_up = scored[0][0], scored[1][0] if len(scored) > 1 else 0
    return scored[0][2] if most >= max(_FEWEST, _LEAD * runner_up) else None


def _corners(picture: bytes) -> _Corners:
    with Image.open(io.BytesIO(picture)) as opened:
        grey = ImageOps.exif_transpose(opened).convert("L")
        grey.thumbnail((_SIDE, _SIDE))
    # A detector of its own each time: one is not safe in several threads.
    points, marks = cv2.ORB_create(_CORNERS).detectAndCompute(np.asarray(grey), None)
    if marks is None:
        return _Corners(np.empty((0, 2), np.float32), np.empty((0, 32), np.uint8))
    return _Corners(np.array([point.pt for point in points], np.float32), marks)


def _agreeing(part: _Corners, whole: _Corners) -> int:
    """How many corners of the part lie where one similarity transform puts them on the whole."""
    if len(part.points) < 4:
        return 0
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(part.marks, whole.marks, k=2)
    near = [first for first, second in pairs if first.distance < _NEAR * second.distance]
    if len(near) < 4:
        return 0
    here = part.points[[match.queryIdx for match in near]]
    there = whole.points[[match.trainIdx for match in near]]
    transform, agreeing = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=_PIXELS)
    return 0 if transform is None else int(agreeing.sum())
