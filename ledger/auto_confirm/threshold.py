"""Up to which risk receipts need nobody to look, so that the share of wrong ones among them stays under a bound. Pure.

The upper limit of a share is exact (Clopper and Pearson 1934). To try many thresholds and keep the best would break the
bound: among twenty tries one passes by luck. So they are tested in one fixed order, from the lowest risk upwards, each
at the full level, and the first that fails ends it ("fixed sequence testing", Qiu et al. 2015; for choosing thresholds
by tests Angelopoulos et al. 2021, "Learn then Test", arXiv 2110.01052; both in docs/auto-confirm.md). The order is laid
down by the risks alone, never by what was wrong: each twentieth of the receipts is a step, and the first step is a
fifth of them, or as many as can show the bound at all. Splitting the receipts in two, to choose on one half and test on
the other, would ask for twice as many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom
from statsmodels.stats.proportion import proportion_confint

STEPS: Final = 20
FIRST: Final = 4
"""Step that is tested first: fewer receipts show so little that one unlucky error would end it all."""


@dataclass(frozen=True, slots=True)
class Step:
    """One threshold: how many receipts have at most that risk, and how wrong they may be."""

    threshold: float
    receipts: int
    wrong: int
    upper: float
    """Upper limit of the share of wrong ones."""
    tested: bool
    """Whether enough receipts lie below it to be tested; else its figures are only shown."""
    passed: bool
    """Whether it and all tested before it keep the bound."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What receipts that people confirmed allow."""

    bound: float
    confidence: float
    receipts: int
    """Receipts that could have been confirmed by themselves, whatever their risk."""
    of: int
    """Receipts among which they were."""
    steps: tuple[Step, ...]

    @property
    def chosen(self) -> Step | None:
        """The largest threshold that keeps the bound, if one does."""
        return next((step for step in reversed(self.steps) if step.passed), None)

    @property
    def stopped_at(self) -> Step | None:
        """The first tested threshold that does not keep it."""
        return next((step for step in self.steps if step.tested and not step.passed), None)

    def share(self, step: Step) -> float:
        """How many of all receipts would be confirmed by themselves."""
        return step.receipts / self.of if self.of else 0.0

    @property
    def missing(self) -> int:
        """Receipts of low risk that are missing until a threshold can be chosen, if no more of them are wrong."""
        if self.chosen is not None:
            return 0
        stopped = self.stopped_at
        wrong, there = (stopped.wrong, stopped.receipts) if stopped else (0, self.receipts)
        return max(0, needed(self.bound, self.confidence, wrong) - there)


def choose(
    risks: Sequence[float] | NDArray[Any],
    wrong: Sequence[bool] | NDArray[Any],
    *,
    bound: float,
    confidence: float,
    of: int | None = None,
) -> Choice:
    """What these receipts allow; `of` is among how many they were."""
    order = np.argsort(np.asarray(risks, dtype=float), kind="stable")
    ordered, errors = np.asarray(risks, dtype=float)[order], np.cumsum(np.asarray(wrong, dtype=bool)[order])
    total = len(ordered)
    # Receipts of the same risk stand or fall together.
    wished = -(-total * np.arange(1, STEPS + 1) // STEPS)
    counts = np.unique(np.searchsorted(ordered, ordered[wished - 1], side="right")) if total else np.array([], int)
    steps = _steps(ordered, counts, errors, bound, confidence)
    return Choice(bound, confidence, total, total if of is None else of, steps)


def _steps(
    risks: NDArray[Any], counts: NDArray[Any], errors: NDArray[Any], bound: float, confidence: float
) -> tuple[Step, ...]:
    first = max(needed(bound, confidence), len(risks) * FIRST / STEPS)
    uppers = upper_limits(errors[counts - 1], counts, confidence) if len(counts) else counts
    steps, passed = [], True
    for count, upper in zip(counts.tolist(), uppers.tolist(), strict=True):
        tested = count >= first
        passed = passed and (not tested or upper <= bound)
        wrong = int(errors[count - 1])
        steps.append(Step(float(risks[count - 1]), count, wrong, float(upper), tested, tested and passed))
    return tuple(steps)


def upper_limits(wrong: NDArray[Any], receipts: NDArray[Any], confidence: float) -> NDArray[Any]:
    """Upper limits of the shares of wrong ones, each with this confidence."""
    _, high = proportion_confint(wrong, receipts, alpha=2 * (1 - confidence), method="beta")
    return np.asarray(high, dtype=float)


def needed(bound: float, confidence: float, wrong: int = 0) -> int:
    """Receipts that keep the bound if so many of them are wrong: without any, log(1 - confidence) / log(1 - bound).

    So many that as few wrong ones would be too rare, were the share as large as the bound.
    """
    return wrong + 1 + int(nbinom.ppf(confidence, wrong + 1, bound))
