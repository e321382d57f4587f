"""What is to be thought of a reading: how likely each field is wrong, and where it stands on the photo."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any, Final

from PIL import Image

from ledger.extraction.confidence.risk import doubts_of
from ledger.extraction.extractor import ExtractionResult
from ledger.extraction.look import Look, Quad
from ledger.extraction.places.finder import as_json, places_of
from ledger.inbox.guideline import Measures, measure
from ledger.inbox.images import Photo, reduced_image

log = logging.getLogger(__name__)

_FARTHEST_ZONE: Final = dt.timedelta(hours=14)
"""A day begins first in the Line Islands (UTC+14): a purchase lies in the future when it does so everywhere."""
_MEASURED_SIDE: Final = 2000
"""Longer side of the picture that is measured, in pixels: near what OCR looks at, so that small print is small."""


def judged_columns(result: ExtractionResult, look: Look | None, now: dt.datetime) -> dict[str, Any]:
    """The columns risk, doubts and places. `look` is one beside the reader's own, for a second opinion."""
    seen = look or result.look
    places = places_of(result.receipt, seen) if seen else {}
    doubts = doubts_of(
        result.receipt,
        likelihoods=result.likelihoods,
        problems=result.problems,
        look=seen,
        places=places,
        own_look=look is None,
        today=(now + _FARTHEST_ZONE).date(),
    )
    columns: dict[str, Any] = {"risk": doubts.risk, "doubts": doubts.as_json()}
    return columns | ({"places": as_json(places, seen)} if seen else {})


def measured(photo: Photo, look: Look | None) -> Measures | None:
    """What `measures_of` gives, or None where that fails, which is logged: no photo is lost for want of hints."""
    try:
        return measures_of(photo, look)
    except Exception:
        log.exception("%s could not be measured", photo.name)
        return None


def measures_of(photo: Photo, look: Look | None) -> Measures:
    """Light and sharpness of a photo, and with a look how large its writing is and how it lies."""
    turns = look.quarter_turns if look else 0
    scale = min(1.0, _MEASURED_SIDE / max(photo.width, photo.height))
    width, height = (max(1, round(side * scale)) for side in (photo.width, photo.height))
    size = (height, width) if turns % 2 else (width, height)
    picture = reduced_image(photo, size, turns).resize(size, Image.Resampling.BOX)
    return measure(picture, _scaled(look, scale) if look else None)


def _scaled(look: Look, scale: float) -> list[Quad]:
    corners = ([(x * scale, y * scale) for x, y in segment.quad] for line in look.lines for segment in line)
    return [(a, b, c, d) for a, b, c, d in corners]
