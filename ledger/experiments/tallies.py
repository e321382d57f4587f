"""The runs of one arm as they come out of the database, one by one, added up receipt by receipt. Pure.

What is kept grows with receipts and metrics, never with runs, but for four bytes of latency each.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ledger.experiments.figures import ArmFigures, Confusion, Figure
from ledger.experiments.scores import METRICS, Metric, Score
from ledger.experiments.statistics import Numbers, percentiles, resampled_means, wilson
from ledger.experiments.words import Arm
from ledger.notes import Note


class Tally:
    """One arm. `add` takes its runs in any order."""

    def __init__(self, arm: Arm, receipts: int, planned: int) -> None:
        self.arm, self.planned = arm, planned
        self.sums = np.zeros((receipts, len(METRICS)))
        self.runs = np.zeros(receipts, dtype=np.int64)
        self.all_right = np.zeros(receipts, dtype=np.int64)
        self.failures = Counter[str]()
        self.applied = set[str]()
        """The settings of good readings, as stored."""
        self._said: set[str] | None = None
        self._costs = [0, 0]
        self._latencies = array("I")
        self._shared = False
        self._confusions = Counter[str]()

    def add(self, receipt: int, score: Score, run: Any) -> None:
        """One run over the receipt with this number; `run` has the columns of its row, JSON ones as texts."""
        self.sums[receipt] += [metric.value(score) for metric in METRICS.values()]
        self.runs[receipt] += 1
        self.all_right[receipt] += score.all_right
        self._latencies.append(run.latency_ms)
        self._shared |= run.shared > 1
        if run.cost_microusd is not None:
            self._costs[0] += run.cost_microusd
            self._costs[1] += 1
        self._confusions.update(score.confusions)
        if run.error_class is not None:
            self.failures[run.error_class] += 1
        else:
            self._add_reading(run)

    def _add_reading(self, run: Any) -> None:
        self.applied.add(run.settings)
        said = {json.dumps(note, ensure_ascii=False) for note in json.loads(run.notes or "null") or []}
        self._said = said if self._said is None else self._said & said

    def values(self, chosen: NDArray[np.intp]) -> Numbers:
        """A row for each of these receipts, a column for each metric: the mean of its runs."""
        means: Numbers = self.sums[chosen] / self.runs[chosen, None]
        return means

    def mostly_right(self, chosen: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether more than half of a receipt's runs were all right."""
        mostly: NDArray[np.bool_] = 2 * self.all_right[chosen] > self.runs[chosen]
        return mostly

    def figures(self, chosen: NDArray[np.intp], seed: int) -> ArmFigures:
        """The arm by itself: its metrics over these receipts, all else over all its runs."""
        once, right = self.runs[chosen], self.all_right[chosen]
        repeated = once > 1
        return ArmFigures(
            arm=self.arm,
            runs=int(self.runs.sum()),
            planned=self.planned,
            failures=dict(self.failures),
            metrics=dict(zip(METRICS, _means(self.values(chosen), seed), strict=True)),
            always_right=_rate(right == once),
            flips=_rate((right[repeated] > 0) & (right[repeated] < once[repeated])),
            cost_microusd=self._costs[0] / self._costs[1] if self._costs[1] else None,
            latency_ms=self._latency(0.5),
            slow_ms=self._latency(0.9),
            notes=[Note(**json.loads(note)) for note in sorted(self._said or ())],
            shared=self._shared,
            confusions=[_confusion(*each) for each in self._confusions.most_common()],
        )

    def _latency(self, share: float) -> float | None:
        return float(np.quantile(self._latencies, share)) if self._latencies else None


def _means(values: Numbers, seed: int) -> list[Figure]:
    """A figure for each metric, whose columns these are."""
    if not len(values):
        return [Figure(None)] * len(METRICS)
    drawn = resampled_means(values, seed)
    return [_mean(*each) for each in zip(METRICS.values(), values.T, drawn.T, strict=True)]


def _mean(metric: Metric, column: Numbers, means: Numbers) -> Figure:
    """Wilson's interval where a run is right or wrong and nothing between, else one by drawing receipts anew."""
    if metric.is_yes_or_no or (metric.is_share and np.isin(column, (0, 1)).all()):
        return _rate(column)
    if np.ptp(column) == 0:
        return Figure(float(column[0]))  # equal receipts say nothing of how others would differ
    return Figure(float(column.mean()), *percentiles(means))


def _rate(chosen: Numbers | NDArray[np.bool_]) -> Figure:
    if not len(chosen):
        return Figure(None)
    return Figure(float(chosen.mean()), *wilson(float(chosen.sum()), len(chosen)))


def _confusion(edit: str, count: int) -> Confusion:
    right, read = edit.split(" ")
    return Confusion(right, read, count)
