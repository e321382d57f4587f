"""The part of a picture where something stands, as wide as the picture, for a screen."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image

_WIDEST: Final = 900
"""Pixels of what is shown: enough to read it on half a screen."""
_MARGIN: Final = 0.06
"""Of the picture's longer side around what was found: the line above and the line below."""


def cut(upright: Image.Image, quads: Sequence[Sequence[Sequence[float]]], size: tuple[int, int]) -> bytes:
    """As JPEG the lines with these places, which are told in pixels of a picture of this size; all of it for none."""
    upright = upright.crop(_box(upright, quads, size)) if quads else upright
    upright.thumbnail((_WIDEST, 2 * _WIDEST))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=85)
    return out.getvalue()


def _box(
    upright: Image.Image, quads: Sequence[Sequence[Sequence[float]]], size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom in pixels around all of them."""
    margin = _MARGIN * max(size)
    rows = [y for quad in quads for _, y in quad]
    scale = upright.height / size[1]
    top, bottom = max(min(rows) - margin, 0), min(max(rows) + margin, size[1])
    return 0, round(top * scale), upright.width, round(bottom * scale)
