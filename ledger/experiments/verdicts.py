"""Each arm against the baseline: better, worse, or cannot tell. docs/experiments.md has the rules with their reasons.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ledger.experiments import statistics
from ledger.experiments.figures import Comparison, Figure, Verdict
from ledger.experiments.scores import METRICS
from ledger.experiments.statistics import ALPHA, Numbers
from ledger.experiments.words import Arm

ALL_RIGHT: Final = "all_right"
"""The metric that McNemar decides, because a receipt has it or has it not."""

_DECIMALS: Final = 12
"""Means of thirds are equal up to here."""


def compare(
    arms: Sequence[Arm],
    metric: str,
    values: Numbers,
    right: NDArray[np.bool_],
    seed: int,
    alike: Collection[int] = (),
) -> list[Comparison]:
    """A comparison for every arm but the first, which is the baseline.

    `values` are those of the metric, `right` whether a receipt was mostly all right; both have a row for each arm and a
    column for each receipt. The arms numbered in `alike` were read as the baseline was, so nothing is told of them.
    """
    differences = np.round(values - values[0], _DECIMALS)
    pairs = [
        _Pair(arm, metric, differences[i], right[i], right[0], seed, len(arms) - 1, arm.number in alike)
        for i, arm in enumerate(arms)
        if i > 0
    ]
    found = [pair.p_value() for pair in pairs]
    return [pair.comparison(*each) for pair, *each in zip(pairs, found, statistics.holm(found), strict=True)]


@dataclass(frozen=True, slots=True)
class _Pair:
    """One arm and the baseline over the same receipts."""

    arm: Arm
    metric: str
    differences: Numbers
    right: NDArray[np.bool_]
    baseline_right: NDArray[np.bool_]
    seed: int
    comparisons: int
    alike: bool

    @property
    def fixed(self) -> int:
        return int((self.right & ~self.baseline_right).sum())

    @property
    def broken(self) -> int:
        return int((~self.right & self.baseline_right).sum())

    @property
    def mean(self) -> float:
        return float(np.round(self.differences.mean(), _DECIMALS)) if len(self.differences) else 0.0

    def p_value(self) -> float:
        if self.metric == ALL_RIGHT:
            return statistics.mcnemar_p(self.fixed, self.broken)
        return statistics.sign_flip_p(self.differences, self.seed)

    def comparison(self, p_value: float, p_adjusted: float) -> Comparison:
        verdict = self._verdict(p_adjusted)
        return Comparison(
            arm=self.arm,
            verdict=verdict,
            difference=self._difference(verdict),
            p_value=p_value,
            p_adjusted=p_adjusted,
            fixed=self.fixed,
            broken=self.broken,
            receipts_needed=self._receipts_needed() if verdict is Verdict.CANNOT_TELL else None,
        )

    def _verdict(self, p_adjusted: float) -> Verdict:
        better = self._gain()
        if p_adjusted > ALPHA or self.alike or not better:
            return Verdict.CANNOT_TELL
        return Verdict.BETTER if better > 0 else Verdict.WORSE

    def _gain(self) -> float:
        """Above 0 where the arm is ahead; 0 where its runs and its receipts contradict each other."""
        gain = -self.mean if METRICS[self.metric].lower_is_better else self.mean
        if self.metric == ALL_RIGHT and gain * (self.fixed - self.broken) <= 0:
            return 0.0
        return gain

    def _difference(self, verdict: Verdict) -> Figure:
        """With an interval that holds for all arms together, and agrees with the verdict about zero."""
        if not len(self.differences):
            return Figure(None)
        if np.ptp(self.differences) == 0:
            return Figure(self.mean)  # receipts that are all the same tell nothing of how others would differ
        means = statistics.resampled_means(self.differences[:, None], self.seed)
        low, high = statistics.percentiles(means, 1 - ALPHA / self.comparisons)
        if verdict is Verdict.CANNOT_TELL:
            return Figure(self.mean, min(low, 0.0), max(high, 0.0))
        return Figure(self.mean, *((max(low, 0.0), high) if self.mean > 0 else (low, min(high, 0.0))))

    def _receipts_needed(self) -> int | None:
        receipts = len(self.differences)
        if not receipts or self.alike or not self._gain():
            return None
        if self.metric == ALL_RIGHT:
            shares = self.fixed / receipts, self.broken / receipts
            return statistics.receipts_to_tell(*shares, self.comparisons, more_than=receipts)
        return statistics.receipts_to_tell_mean(self.differences, self.comparisons, more_than=receipts)
