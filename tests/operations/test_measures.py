"""Rates, their intervals and times, against values computed by hand."""

from __future__ import annotations

import pytest

from ledger.operations.measures import Rate, Times


def test_the_interval_is_the_one_of_wilson() -> None:
    """By hand for 9 of 10 with z = 1.96: centre (0.9 + z²/20) / (1 + z²/10), half width from there."""
    low, high = Rate(9, 10).interval or (0, 0)

    assert (low, high) == (pytest.approx(0.5958, abs=1e-4), pytest.approx(0.9821, abs=1e-4))
    assert Rate(9, 10).share == 0.9


def test_an_interval_stays_within_what_a_share_can_be() -> None:
    for hits in (0, 5):
        low, high = Rate(hits, 5).interval or (-1, 2)
        assert 0 <= low <= hits / 5 <= high <= 1
        assert high - low > 0.4  # five cases say little, and the interval says so


def test_too_few_cases_tell_nothing() -> None:
    assert (Rate(4, 4).share, Rate(4, 4).interval) == (None, None)
    assert (Times({2: 4}).median, Times({}).median) == (None, None)


def test_the_median_and_the_slowest_tenth() -> None:
    ten = Times(dict.fromkeys(range(2, 22, 2), 1))  # 1, 2, … 10 seconds

    assert (ten.cases, ten.median, ten.p90) == (10, 5.0, 9.0)
    assert Times({3: 5}).median == 1.5
    assert Times({3: 9}).p90 is None
