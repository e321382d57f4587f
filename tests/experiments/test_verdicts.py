"""A verdict says what the exact test says, and its interval never says otherwise."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.experiments.figures import Comparison, Verdict
from ledger.experiments.verdicts import ALL_RIGHT, compare
from tests.experiments.making import arm

BASELINE, OTHER = arm(), arm(1)


@pytest.fixture(autouse=True, scope="module")
def nothing_old_is_collected() -> Iterator[None]:
    """statsmodels collects garbage with each Holm, and would look at all that is loaded hundreds of times."""
    gc.freeze()
    yield
    gc.unfreeze()


def by_metric(metric: str, baseline: list[float], other: list[float]) -> Comparison:
    values = np.array([baseline, other], dtype=float)
    (found,) = compare([BASELINE, OTHER], metric, values, values > 0.5, seed=1)
    return found


SHARES = st.lists(st.tuples(st.sampled_from([0, 1 / 3, 2 / 3, 1]), st.sampled_from([0, 1 / 3, 2 / 3, 1])), max_size=30)


@pytest.mark.parametrize("metric", [ALL_RIGHT, "names", "corrections"])
@settings(max_examples=30)
@given(SHARES)
def test_the_interval_agrees_with_the_verdict(metric: str, pairs: list[tuple[float, float]]) -> None:
    found = by_metric(metric, [one for one, _ in pairs], [other for _, other in pairs])

    low, value, high = found.difference.low, found.difference.value, found.difference.high
    if low is not None and high is not None and value is not None:
        assert low - 1e-9 <= value <= high + 1e-9
        told = found.verdict is not Verdict.CANNOT_TELL
        assert (low >= 0 or high <= 0) if told else low <= 0 <= high
    assert found.receipts_needed is None or found.receipts_needed > len(pairs)


@pytest.mark.parametrize("metric", [ALL_RIGHT, "names"])
@settings(max_examples=20)
@given(SHARES)
def test_changing_places_changes_the_sign_and_nothing_else(metric: str, pairs: list[tuple[float, float]]) -> None:
    one, other = [one for one, _ in pairs], [other for _, other in pairs]
    there, back = by_metric(metric, one, other), by_metric(metric, other, one)

    assert there.p_value == pytest.approx(back.p_value, abs=0.02)  # signs are drawn where there are many
    assert (there.fixed, there.broken) == (back.broken, back.fixed)
    assert (there.difference.value or 0) == -(back.difference.value or 0)


def test_receipts_that_contradict_the_mean_of_the_runs_tell_nothing() -> None:
    baseline = [1.0] * 10 + [0.4] * 8
    other = [0.6] * 10 + [0.6] * 8  # eight receipts come over to the majority, and more runs are lost than won

    found = by_metric(ALL_RIGHT, baseline, other)
    assert (found.fixed, found.broken, found.p_value) == (8, 0, 2 / 2**8)
    assert (found.verdict, found.receipts_needed) == (Verdict.CANNOT_TELL, None)


def test_of_fewer_corrections_the_arm_is_better() -> None:
    assert by_metric("corrections", [2.0] * 8, [1.0] * 8).verdict is Verdict.BETTER
    assert by_metric("corrections", [1.0] * 8, [2.0] * 8).verdict is Verdict.WORSE
