"""The threshold keeps its bound, whatever the receipts were, as often as it says."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, binomtest

from ledger.auto_confirm.threshold import choose, needed, upper_limits

DRAWS = 1_000
BOUND, CONFIDENCE = 0.05, 0.95
LUCK = binom.ppf(0.999, DRAWS, 1 - CONFIDENCE) / DRAWS
"""Violations that a rate of exactly 1 - confidence gives in so many draws but once in a thousand times: 7.4 %."""


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(
            lambda risk: np.full_like(risk, BOUND * 1.001), id="the risk says nothing and all is just too bad"
        ),
        pytest.param(lambda risk: 0.9 * risk**1.5, id="errors rise with the risk"),
        pytest.param(lambda risk: np.where(risk < 0.1, 0.02, 0.2), id="errors leap at one risk"),
        pytest.param(lambda risk: np.where((risk > 0.02) & (risk < 0.06), 0.2, 0.01), id="the risk misleads"),
    ],
)
def test_the_true_error_exceeds_the_bound_in_no_more_draws_than_stated(
    error: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> None:
    rng = np.random.default_rng(20261123)
    everything = np.sort(rng.beta(1, 6, 100_000))
    truth = np.cumsum(error(everything)) / np.arange(1, len(everything) + 1)
    violations = 0
    for _ in range(DRAWS):
        risks = rng.beta(1, 6, 400)
        chosen = choose(risks, rng.random(400) < error(risks), bound=BOUND, confidence=CONFIDENCE).chosen
        if chosen is not None:
            below = np.searchsorted(everything, chosen.threshold, side="right")
            violations += bool(truth[below - 1] > BOUND)

    assert violations / DRAWS <= LUCK


def test_a_risk_that_tells_right_from_wrong_lets_most_receipts_through() -> None:
    risks = np.linspace(0, 1, 1_000)

    found = choose(risks, risks > 0.8, bound=0.02, confidence=0.95, of=1_250)

    assert found.chosen is not None
    assert (found.chosen.threshold, found.chosen.wrong) == (pytest.approx(0.8, abs=0.01), 0)
    assert found.share(found.chosen) == pytest.approx(0.64)
    assert found.stopped_at is not None
    assert found.missing == 0


def test_what_was_wrong_has_no_say_in_the_order_of_the_tests() -> None:
    rng = np.random.default_rng(1)
    risks = rng.random(500)

    steps = [choose(risks, rng.random(500) < share, bound=0.02, confidence=0.95).steps for share in (0, 0.1)]

    assert [(one.threshold, one.tested) for one in steps[0]] == [(one.threshold, one.tested) for one in steps[1]]


def test_the_first_threshold_that_fails_ends_it() -> None:
    """The lowest risks are wrong, and all the others are right: together they would keep the bound again."""
    risks = np.arange(1_000) / 1_000
    found = choose(risks, risks < 0.01, bound=0.02, confidence=0.95)

    assert found.steps[-1].upper < 0.02
    assert found.chosen is None
    assert found.stopped_at == next(step for step in found.steps if step.tested)
    assert found.missing == needed(0.02, 0.95, 10) - 200


def test_receipts_of_one_risk_stand_or_fall_together() -> None:
    found = choose([0.1] * 300 + [0.2] * 100, [False] * 400, bound=0.02, confidence=0.95)

    assert [(step.threshold, step.receipts) for step in found.steps] == [(0.1, 300), (0.2, 400)]


@pytest.mark.parametrize(("bound", "confidence", "receipts"), [(0.02, 0.95, 149), (0.05, 0.95, 59), (0.01, 0.99, 459)])
def test_without_any_error_as_many_receipts_are_needed_as_the_logarithms_say(
    bound: float, confidence: float, receipts: int
) -> None:
    assert needed(bound, confidence) == receipts == math.ceil(math.log(1 - confidence) / math.log(1 - bound))
    too_few = choose([0.1] * (receipts - 1), [False] * (receipts - 1), bound=bound, confidence=confidence)
    enough = choose([0.1] * receipts, [False] * receipts, bound=bound, confidence=confidence)
    assert (too_few.chosen, too_few.missing) == (None, 1)
    assert enough.chosen is not None


def test_nothing_allows_nothing() -> None:
    found = choose([], [], bound=0.02, confidence=0.95)

    assert (found.steps, found.chosen, found.missing) == ((), None, 149)


def test_the_limit_is_that_of_clopper_and_pearson() -> None:
    for wrong, receipts in ((0, 30), (3, 200), (7, 7)):
        exact = binomtest(wrong, receipts, alternative="less").proportion_ci(0.95, "exact").high
        assert upper_limits(np.array([wrong]), np.array([receipts]), 0.95)[0] == pytest.approx(exact)
