"""Where the fields of a sample truly stand, and whether a place that was found is one of them."""

from __future__ import annotations

import json
from typing import Final

import cv2
import numpy as np

from ledger.extraction.look import Quad
from samples.make import PHOTOS

_SHARED: Final = 0.3
"""Of the area of both together. Detectors leave a margin around text, so good boxes share half and no more."""
_INSIDE: Final = 0.7
"""Of the found place. A box of the digits alone inside the box of the whole number is right as well."""


def true_places(name: str) -> dict[str, Quad]:
    """The places that were drawn, by the path of their field; corners in pixels of the upright picture."""
    document = json.loads((PHOTOS / f"{name}.places.json").read_text(encoding="utf-8"))
    return {path: (a, b, c, d) for path, (a, b, c, d) in document["fields"].items()}


def is_within(found: Quad, true: Quad) -> bool:
    """True when the found place's middle lies in the true one, and they share enough of their area."""
    place, truth = np.array(found, np.float32), np.array(true, np.float32)
    middle = (float(place[:, 0].mean()), float(place[:, 1].mean()))
    if cv2.pointPolygonTest(truth, middle, measureDist=False) < 0:
        return False
    shared, _ = cv2.intersectConvexConvex(place, truth)
    area, true_area = cv2.contourArea(place), cv2.contourArea(truth)
    return bool(shared >= _SHARED * (area + true_area - shared) or shared >= _INSIDE * area)
