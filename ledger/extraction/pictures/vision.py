"""How vision models shrink a picture before they look at it, and how many tokens it then counts. Pure.

The rules are those of OpenAI's guide "Images and vision" (section "Calculating costs"), as of November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, sqrt
from typing import Final

TILE: Final = 512
"""Side of a tile, in pixels; at low detail the whole picture is made to fit into one."""
TILES_LONG_SIDE: Final = 2048
TILES_SHORT_SIDE: Final = 768
"""Pixels that a tile model keeps at most of a picture's longer and shorter side."""
PATCH: Final = 32
"""Side of a patch, in pixels."""
LONGEST_SIDE: Final = 6000
"""Pixels of the longer side that we send where a model itself sets no limit: what `original` of gpt-5.4 keeps."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """A model that sees 512-pixel tiles of a picture made to fit into 2048x2048, its shorter side at most 768."""

    base_tokens: int
    tile_tokens: int


@dataclass(frozen=True, slots=True)
class Patches:
    """A model that sees 32-pixel patches; None sets no limit to their number or to the longer side, in pixels."""

    max_patches: int | None
    max_side: int | None
    multiplier: float = 1.0
    """Tokens that a patch counts."""


Vision = Tiles | Patches


def kept_size(vision: Vision, width: int, height: int, detail: str | None) -> tuple[int, int]:
    """Width and height in pixels of what the model looks at when it is sent width x height. Never enlarged."""
    scale = min(Fraction(1), _scale(vision, width, height, detail))
    return max(1, floor(width * scale)), max(1, floor(height * scale))


def tokens(vision: Vision, width: int, height: int, detail: str | None) -> int:
    """Tokens of the prompt that a picture of width x height pixels counts."""
    kept = kept_size(vision, width, height, detail)
    if isinstance(vision, Patches):
        return ceil(_pieces(kept, PATCH) * Fraction(str(vision.multiplier)))
    return vision.base_tokens + (0 if detail == "low" else vision.tile_tokens * _pieces(kept, TILE))


def narrows_strips(vision: Vision, width: int, height: int, detail: str | None) -> bool:
    """Whether a tall picture is shrunk by its height, so that its parts, sent one by one, would be seen larger.

    Tile models do so once a picture is higher than 2048/768 of its width; those of patches count the area. At low
    detail a picture is one small glance by intention.
    """
    if isinstance(vision, Patches) or detail == "low":
        return False
    return kept_size(vision, width, height, detail)[0] < min(width, TILES_SHORT_SIDE)


def _scale(vision: Vision, width: int, height: int, detail: str | None) -> Fraction:
    if detail == "low":
        return Fraction(TILE, max(width, height))
    if isinstance(vision, Tiles):
        return min(Fraction(TILES_LONG_SIDE, max(width, height)), Fraction(TILES_SHORT_SIDE, min(width, height)))
    by_side = min(Fraction(1), Fraction(vision.max_side or LONGEST_SIDE, max(width, height)))
    return by_side * _patch_scale(vision.max_patches, width * by_side, height * by_side)


def _patch_scale(max_patches: int | None, width: Fraction, height: Fraction) -> Fraction:
    """The area of `max_patches`, then smaller until one side is whole patches, so that no partial ones are added.

    Pictures that have no more patches than that are left as they are.
    """
    if max_patches is None or _pieces((width, height), PATCH) <= max_patches:
        return Fraction(1)
    by_area = Fraction(sqrt(max_patches * PATCH**2 / (width * height)))
    return by_area * min(_whole_share(width * by_area), _whole_share(height * by_area))


def _whole_share(side: Fraction) -> Fraction:
    return floor(side / PATCH) / (side / PATCH)


def _pieces(size: tuple[int | Fraction, int | Fraction], side: int) -> int:
    return ceil(Fraction(size[0], side)) * ceil(Fraction(size[1], side))
