"""Four-cornered places: a part of one, and one around several. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from ledger.extraction.look import Quad

Point = tuple[float, float]

_LEAST: Final = 1e-9


def part(quad: Quad, left: float, right: float) -> Quad:
    """The piece of a text's place between two fractions of its width."""
    upper_left, upper_right, lower_right, lower_left = quad
    return (
        _between(upper_left, upper_right, left),
        _between(upper_left, upper_right, right),
        _between(lower_left, lower_right, right),
        _between(lower_left, lower_right, left),
    )


def around(quads: Sequence[Quad]) -> Quad:
    """The smallest rectangle that holds all of them and lies as their text does; a single one is returned as it is.

    Raises ValueError for none.
    """
    if not quads:
        raise ValueError("there is no rectangle around nothing")
    if len(quads) == 1:
        return quads[0]
    x, y = _direction(quads)
    points = [point for quad in quads for point in quad]
    along = [px * x + py * y for px, py in points]
    across = [py * x - px * y for px, py in points]
    left, right, top, bottom = min(along), max(along), min(across), max(across)
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    a, b, c, d = ((u * x - v * y, u * y + v * x) for u, v in corners)
    return (a, b, c, d)


def _between(start: Point, end: Point, fraction: float) -> Point:
    return (start[0] + (end[0] - start[0]) * fraction, start[1] + (end[1] - start[1]) * fraction)


def _direction(quads: Sequence[Quad]) -> Point:
    """Unit vector along the text; longer texts count for more."""
    x = sum(b[0] - a[0] + c[0] - d[0] for a, b, c, d in quads)
    y = sum(b[1] - a[1] + c[1] - d[1] for a, b, c, d in quads)
    length = math.hypot(x, y)
    return (x / length, y / length) if length > _LEAST else (1.0, 0.0)
