"""What may be done to a picture beyond cropping and scaling, to be compared with doing nothing. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image

from ledger.errors import UpscalerUnusable
from ledger.extraction.pictures.upscaler import Upscaler, load_upscaler
from ledger.extraction.reasons import NO_FILE
from ledger.notes import Note

PREPARATIONS: Final = ("none", "binarise", "upscale", "upscale+binarise")
"""Names of the preparations. Off by default: they cost bytes and time, and what they give has to be measured."""

ENLARGED: Final = 2
"""How many times as wide and as high a picture becomes by `upscale`."""
CLIP_LIMIT, GRID = 2.0, (8, 8)
"""Limit and grid of CLAHE as in OpenCV's tutorial on histogram equalisation."""


def enlarges(preparation: str) -> bool:
    """Whether the preparation may make a picture larger. Raises ValueError for a name that is none of ours."""
    if preparation not in PREPARATIONS:
        raise ValueError(f"{preparation!r} is none of {', '.join(PREPARATIONS)}")
    return preparation.startswith("upscale")


def scaled(
    picture: Image.Image, box: tuple[float, float, float, float], size: tuple[int, int], upscaler: Upscaler | None
) -> Image.Image:
    """The `box` of the picture (left, top, right, bottom in its pixels) at `size`, in one step.

    An upscaler doubles the box first; what it gave is scaled to `size`. Lanczos keeps the edges of thin strokes: a
    JPEG decoded at half size and scaled by it differs from the one decoded whole by less than JPEG itself changes.
    """
    if upscaler is not None:
        left, top, right, bottom = map(round, box)
        doubled = upscaler.doubled(np.asarray(picture.crop((left, top, right, bottom))))
        return Image.fromarray(doubled).resize(size, Image.Resampling.LANCZOS)
    return picture.resize(size, Image.Resampling.LANCZOS, box=box)


def binarised(picture: Image.Image) -> Image.Image:
    """Black and white only (mode L): contrast evened out locally by CLAHE, then divided by Otsu's threshold."""
    even = cv2.createCLAHE(clipLimit=CLIP_LIMIT, tileGridSize=GRID).apply(np.asarray(picture.convert("L")))
    _, divided = cv2.threshold(even, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return Image.fromarray(np.asarray(divided, np.uint8))


def applied(preparation: str, *, enlarged: bool, upscaler: Path | None) -> str:
    """The name of what was done: `upscale` names its means, and is left out where nothing became larger."""
    steps = [step for step in preparation.split("+") if step != "upscale" or enlarged]
    means = "lanczos" if upscaler is None else "edsr"
    return "+".join(f"upscale:{means}" if step == "upscale" else step for step in steps) or "none"


def network_of(done: str, upscaler: Path | None) -> Upscaler | None:
    """The network that a preparation, as applied, calls for; None where it calls for none.

    Raises UpscalerUnusable, also where no file is set any more.
    """
    if "upscale:edsr" not in done:
        return None
    if upscaler is None:
        raise UpscalerUnusable(file="-", why=Note(NO_FILE))
    return load_upscaler(upscaler)
