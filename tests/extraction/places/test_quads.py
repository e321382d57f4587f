"""Parts of a place follow its edges, and what is drawn around several lies as their text does."""

from __future__ import annotations

import math

import pytest

from ledger.extraction.look import Quad
from ledger.extraction.places.quads import around, part

LEVEL: Quad = ((10, 20), (110, 20), (110, 40), (10, 40))
TILTED: Quad = ((0, 0), (100, 50), (90, 70), (-10, 20))


def close(left: Quad, right: Quad) -> bool:
    return all(math.dist(a, b) < 1e-6 for a, b in zip(left, right, strict=True))


def test_a_part_of_a_level_place_is_cut_off_straight() -> None:
    assert close(part(LEVEL, 0.1, 0.5), ((20, 20), (60, 20), (60, 40), (20, 40)))


def test_a_part_of_a_tilted_place_follows_the_tilt() -> None:
    assert close(part(TILTED, 0.5, 1), ((50, 25), (100, 50), (90, 70), (40, 45)))


def test_around_one_place_is_that_place() -> None:
    assert around([TILTED]) == TILTED


def test_around_the_parts_of_a_tilted_place_is_that_place_again() -> None:
    assert close(around([part(TILTED, 0, 0.3), part(TILTED, 0.6, 1)]), TILTED)


def test_two_lines_make_one_box_with_their_outer_corners() -> None:
    below: Quad = ((5, 44), (90, 44), (90, 60), (5, 60))
    assert close(around([LEVEL, below]), ((5, 20), (110, 20), (110, 60), (5, 60)))


def test_there_is_nothing_around_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        around([])
