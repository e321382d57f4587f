"""The statistics of experiments, against figures that are known and against chance itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.experiments.statistics import (
    ALPHA,
    fewest_receipts,
    holm,
    mcnemar_p,
    percentiles,
    power,
    receipts_to_tell,
    receipts_to_tell_mean,
    resampled_means,
    sign_flip_p,
    wilson,
)

# ---- Intervals


@pytest.mark.parametrize(
    ("right", "receipts", "low", "high"),
    [(19, 20, 0.76, 0.99), (95, 100, 0.89, 0.98), (190, 200, 0.91, 0.97), (20, 20, 0.84, 1.0), (0, 1, 0.0, 0.79)],
)
def test_a_rate_has_its_wilson_interval(right: int, receipts: int, low: float, high: float) -> None:
    assert wilson(right, receipts) == pytest.approx((low, high), abs=0.005)


def test_means_are_drawn_over_receipts_and_columns_stay_paired() -> None:
    values = np.random.default_rng(1).normal(0, 1, (50, 1)) * np.ones((1, 3)) + [0, 1, 0]

    drawn = resampled_means(values, seed=3)
    assert drawn.shape == (5_000, 3)
    assert drawn[:, 0] == pytest.approx(drawn[:, 2])
    assert drawn[:, 1] - drawn[:, 0] == pytest.approx(1)
    assert np.std(drawn[:, 0]) == pytest.approx(np.std(values[:, 0]) / np.sqrt(50), rel=0.05)


def test_what_was_drawn_follows_from_the_seed() -> None:
    values = np.arange(20.0)[:, None]

    assert (resampled_means(values, 1) == resampled_means(values, 1)).all()
    assert (resampled_means(values, 1) != resampled_means(values, 2)).any()


def test_many_receipts_are_drawn_in_parts() -> None:
    values = (np.arange(20_000) % 2)[:, None].astype(float)

    low, high = percentiles(resampled_means(values, 1)[:, 0])
    assert 0.49 < low < 0.5 < high < 0.51


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    covered = 0
    for seed in range(200):
        low, high = percentiles(resampled_means(rng.exponential(1, (60, 1)), seed)[:, 0])
        covered += low <= 1 <= high
    assert covered >= 0.9 * 200


# ---- Tests


@pytest.mark.parametrize(
    ("fixed", "broken", "p"),
    [(5, 0, 0.0625), (6, 0, 0.03125), (8, 1, 0.0390625), (10, 3, 0.0923), (0, 0, 1), (4, 4, 1)],
)
def test_mcnemar_is_exact(fixed: int, broken: int, p: float) -> None:
    assert mcnemar_p(fixed, broken) == mcnemar_p(broken, fixed) == pytest.approx(p, abs=5e-5)


@given(st.integers(2, 8))
def test_few_receipts_try_every_flip_of_signs(receipts: int) -> None:
    assert sign_flip_p(np.ones(receipts), seed=1) == pytest.approx(2 / 2**receipts)


@pytest.mark.parametrize("differences", [[], [0.0, 0.0], [0.3], [0.3, 0.0, 0.0]])
def test_no_difference_and_a_single_one_are_chance(differences: list[float]) -> None:
    assert sign_flip_p(np.array(differences), seed=1) == 1


def test_receipts_without_a_difference_change_no_p_value() -> None:
    differences = np.random.default_rng(2).normal(0.3, 1, 40)

    assert sign_flip_p(np.concatenate([differences, np.zeros(500)]), 5) == sign_flip_p(differences, 5)


def test_equal_settings_are_called_different_no_more_often_than_promised() -> None:
    rng = np.random.default_rng(11)
    found = [sign_flip_p(rng.choice([-2.0, -1, 0, 1, 2], 12), seed) <= ALPHA for seed in range(200)]
    assert np.mean(found) <= ALPHA + 0.02


def test_holm_asks_more_of_the_best_of_several_arms() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.04]) == [0.04]
    assert holm([]) == []


# ---- How many receipts


def by_simulation(fix: float, broken: float, receipts: int) -> float:
    rng = np.random.default_rng(3)
    drawn = rng.multinomial(receipts, [fix, broken, 1 - fix - broken], size=4_000)
    return float(
        np.mean([mcnemar_p(int(better), int(worse)) <= ALPHA and better > worse for better, worse, _ in drawn])
    )


@pytest.mark.parametrize(("fix", "broken", "receipts"), [(0.04, 0.01, 470), (0.1, 0.05, 200), (0.2, 0.0, 30)])
def test_power_is_what_a_simulation_finds(fix: float, broken: float, receipts: int) -> None:
    assert power(fix, broken, receipts) == pytest.approx(by_simulation(fix, broken, receipts), abs=0.025)
    assert power(broken, fix, receipts) == power(fix, broken, receipts)


def test_the_named_number_of_receipts_is_enough_and_much_fewer_are_not() -> None:
    named = receipts_to_tell(0.04, 0.01)

    assert named == 470
    assert power(0.04, 0.01, named - 20) < 0.8 <= min(power(0.04, 0.01, more) for more in range(named, 2 * named, 7))


def test_more_arms_ask_for_more_receipts() -> None:
    assert [receipts_to_tell(0.04, 0.01, arms) for arms in (1, 3)] == [470, 600]


@pytest.mark.parametrize(("fix", "broken"), [(0, 0), (0.02, 0.02), (0.0101, 0.01)])
def test_no_number_is_named_where_there_is_no_difference_to_speak_of(fix: float, broken: float) -> None:
    assert receipts_to_tell(fix, broken) is None


def test_more_receipts_are_named_than_were_not_enough() -> None:
    assert receipts_to_tell(0.04, 0.01, more_than=800) == 810


def test_receipts_for_a_mean_are_those_of_the_normal_approximation() -> None:
    differences = np.array([1.0, -1.0] * 50) + 0.2

    assert receipts_to_tell_mean(differences) == 200  # ((1.96 + 0.84) x 1.005 / 0.2) squared is 199
    assert receipts_to_tell_mean(differences, comparisons=3) == 270


@pytest.mark.parametrize("comparisons", [1, 3])
def test_never_fewer_receipts_are_named_than_could_tell(comparisons: int) -> None:
    differences = np.array([1.0, 1.01])  # so alike that the normal approximation asks for a single one

    named = receipts_to_tell_mean(differences, comparisons, more_than=2)
    assert named == fewest_receipts(comparisons)
    assert sign_flip_p(np.ones(named), 1) <= ALPHA / comparisons


@pytest.mark.parametrize("differences", [[], [0.5], [0.0, 0.0], [1.0, -1.0], [1e-9, 0, 1, -1]])
def test_no_number_is_named_for_a_mean_of_nothing_or_out_of_reach(differences: list[float]) -> None:
    assert receipts_to_tell_mean(np.array(differences)) is None


@pytest.mark.parametrize("arms", [1, 2, 3, 9])
def test_the_fewest_receipts_are_those_that_could_tell_if_all_went_one_way(arms: int) -> None:
    fewest = fewest_receipts(arms)

    assert mcnemar_p(fewest, 0) <= ALPHA / arms < mcnemar_p(fewest - 1, 0)
