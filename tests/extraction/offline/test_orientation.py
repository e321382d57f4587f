from __future__ import annotations

import numpy as np

from ledger.extraction.look import Glyph
from ledger.extraction.offline.orientation import ENOUGH, certainty, lies_on_its_side, turned_over
from ledger.extraction.offline.page import Box


def box(x: float, y: float, width: float, height: float) -> Box:
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)


def test_tall_boxes_lie_on_their_side() -> None:
    tall = [box(30 * index, 0, 20, 200) for index in range(6)]
    wide = [box(0, 30 * index, 200, 20) for index in range(6)]

    assert lies_on_its_side(tall)
    assert not lies_on_its_side(wide)
    assert not lies_on_its_side(tall[:2])  # too few to tell


def test_a_box_turned_over_starts_at_its_upper_left_again() -> None:
    turned = turned_over(box(10, 20, 30, 5), width=101, height=101)

    assert turned.tolist() == box(60, 75, 30, 5).tolist()


def test_certainty_is_the_mean_and_needs_enough_characters() -> None:
    digits = [Glyph("1", 0.9, 0, 1)] * ENOUGH

    assert certainty([digits]) == np.float64(0.9).round(1)
    assert certainty([digits[:3]]) == 0
    assert certainty([]) == 0
