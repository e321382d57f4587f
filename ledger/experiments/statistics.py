"""Intervals, tests and sizes by scipy and statsmodels, over receipts and never over single fields. Pure.

The fields of one receipt are wrong together, and so are its repetitions. A receipt is therefore one number here, and
what is drawn, paired and counted are receipts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

Numbers: TypeAlias = NDArray[np.float64]

ALPHA: Final = 0.05
"""How often two settings that are alike may be called different, all arms of an experiment together."""
POWER: Final = 0.8
"""How often a difference has to be told, if it is as large as it looks."""
MOST_RECEIPTS: Final = 100_000
"""Beyond that nobody would go on: such a difference is as good as none."""

_DRAWS: Final = 5_000
_SIGNS: Final = 9_999
"""Flips of signs that are drawn where not all of them can be tried."""
_DRAWN_AT_ONCE: Final = 50_000
_FLIPPED_AT_ONCE: Final = 2_000_000
"""Numbers held at a time, so that memory does not grow with the receipts: drawing is fastest in a processor's cache."""
_UNLIKELY: Final = 1e-9


def wilson(right: float, receipts: int) -> tuple[float, float]:
    """95 % interval of a rate: holds also where few receipts, or all or none, are right.

    A receipt that was right in some of its runs counts in part; it spreads no more than one that is right or wrong.
    """
    low, high = proportion_confint(right, receipts, alpha=ALPHA, method="wilson")
    return float(low), float(high)


def resampled_means(values: Numbers, seed: int) -> Numbers:
    """What the means of the columns come to when receipts (rows) are drawn anew, with replacement: a row for each draw.

    All columns see the same draws, so that the difference of two columns is a paired one.
    """
    rng, receipts = np.random.default_rng(seed), len(values)
    at_once = max(1, _DRAWN_AT_ONCE // receipts)
    return np.concatenate(
        [_weights(rng, min(at_once, _DRAWS - done), receipts) @ values for done in range(0, _DRAWS, at_once)]
    )


def percentiles(means: Numbers, level: float = 1 - ALPHA) -> tuple[float, float]:
    """The middle of what was drawn. Plain percentiles: for a mean, corrections for skew cost a second pass over all
    receipts and change next to nothing, and where the two disagree an exact test decides anyway.
    """
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def mcnemar_p(fixed: int, broken: int) -> float:
    """Exact McNemar: how often chance alone would share out the changed receipts at least as unevenly."""
    return float(mcnemar([[0, fixed], [broken, 0]], exact=True).pvalue)


def sign_flip_p(differences: Numbers, seed: int) -> float:
    """How often the mean is at least as far from zero when the sign of each receipt's difference is left to chance.

    Exact where all flips can be tried. A bootstrap would find too much in small samples.
    """
    changed = differences[differences != 0]  # the flipped sign of a zero changes nothing
    if len(changed) < 2:
        return 1.0
    found = stats.permutation_test(
        (changed,),
        _mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_SIGNS,
        batch=max(1, _FLIPPED_AT_ONCE // len(changed)),
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted so that any false finding among them all is as rare as one alone may be."""
    if len(p_values) < 2:  # one is as it is, and multipletests collects garbage each time
        return list(p_values)
    return [float(p) for p in multipletests(p_values, method="holm")[1]]


def power(fix: float, broken: float, receipts: int, alpha: float = ALPHA) -> float:
    """How often exact McNemar tells, in the right direction, an arm that fixes and breaks these shares of receipts."""
    fewer, more = sorted((fix, broken))
    low, high = (stats.binom.ppf(tail, receipts, fewer + more) for tail in (_UNLIKELY, 1 - _UNLIKELY))
    changed = np.arange(low, high + 1)
    told = stats.binom.cdf(_most_against(changed, alpha), changed, fewer / (fewer + more))
    return float(stats.binom.pmf(changed, receipts, fewer + more) @ told)


def receipts_to_tell(fix: float, broken: float, comparisons: int = 1, more_than: int = 0) -> int | None:
    """Receipts that tell such an arm four times of five, whatever the other arms do; None where none would.

    The shares are of all receipts. Named in two digits, rounded up: it is a guess from what was seen.
    """
    if fix == broken:
        return None
    sizes = range(more_than + 1, MOST_RECEIPTS + 1)
    found = bisect_left(sizes, POWER, key=lambda size: power(fix, broken, size, ALPHA / comparisons))
    return _named(sizes[found]) if found < len(sizes) else None


def receipts_to_tell_mean(differences: Numbers, comparisons: int = 1, more_than: int = 0) -> int | None:
    """The same for a metric that is no yes or no, by the normal approximation."""
    if len(differences) < 2 or not differences.any():
        return None
    distance = stats.norm.isf(ALPHA / comparisons / 2) + stats.norm.ppf(POWER)
    mean, spread = abs(float(differences.mean())), float(differences.std(ddof=1))
    if mean * np.sqrt(MOST_RECEIPTS) < distance * spread:
        return None
    needed = int(np.ceil((distance * spread / mean) ** 2))
    return _named(max(more_than + 1, needed, fewest_receipts(comparisons)))


def fewest_receipts(comparisons: int) -> int:
    """Below that no verdict is possible: even if an arm did better on every receipt, it could be chance."""
    return int(np.ceil(1 - np.log2(ALPHA / comparisons)))


def _weights(rng: np.random.Generator, draws: int, receipts: int) -> Numbers:
    """How much each receipt (column) counts in each draw."""
    drawn = rng.integers(receipts, size=(draws, receipts)) + np.arange(draws)[:, None] * receipts
    return np.bincount(drawn.ravel(), minlength=draws * receipts).reshape(draws, receipts) / receipts


def _mean(sample: Numbers, axis: int) -> Any:
    return sample.mean(axis=axis)


def _most_against(changed: Numbers, alpha: float) -> Numbers:
    """Of so many changed receipts, at most these may go the other way if McNemar is to tell; -1 where it never does."""
    most = stats.binom.ppf(alpha / 2, changed, 0.5)
    told: Numbers = np.where(2 * stats.binom.cdf(most, changed, 0.5) <= alpha, most, most - 1)
    return told


def _named(receipts: int) -> int:
    step: int = 10 ** max(0, len(str(receipts)) - 2)
    return -(-receipts // step) * step
