"""Whether auto-confirm keeps its bound and its rate of false alarms: python benchmarks/auto_confirm.py"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from scipy.stats import binom

from benchmarks.parts.figures import Figure, report
from ledger.auto_confirm.audit import FALSE_ALARMS, alarm
from ledger.auto_confirm.threshold import choose

DRAWS, RECEIPTS, BOUND, CONFIDENCE = 1_000, 600, 0.02, 0.95
LUCK = float(binom.ppf(0.999, DRAWS, 1 - CONFIDENCE)) / DRAWS


def thresholds() -> Iterator[Figure]:
    """Draws in which the true error is above the bound, and what is confirmed without a person otherwise."""
    rng = np.random.default_rng(20261123)
    everything = np.sort(rng.beta(1, 6, 200_000))
    for name, at_zero, rise in (("all just above the bound", BOUND * 1.001, 0.0), ("errors that rise", 0.0, 0.9)):
        truth = np.cumsum(at_zero + rise * everything**2) / np.arange(1, len(everything) + 1)
        above, through = 0, []
        for _ in range(DRAWS):
            risks = rng.beta(1, 6, RECEIPTS)
            wrong = rng.random(RECEIPTS) < at_zero + rise * risks**2
            chosen = choose(risks, wrong, bound=BOUND, confidence=CONFIDENCE).chosen
            below = np.searchsorted(everything, chosen.threshold, side="right") if chosen else 0
            above += bool(below and truth[below - 1] > BOUND)
            through.append(below / len(everything))
        yield Figure(f"auto-confirm, {name}: draws above the bound", above / DRAWS, LUCK, at_least=False)
        if rise:
            yield Figure(f"auto-confirm, {name}: share confirmed without a person", float(np.mean(through)), 0.3)


def alarms() -> Iterator[Figure]:
    """How many of many desks are switched off though they keep the bound, and how soon those that do not."""
    audited = 1_000
    least = [
        next(k for k in range(n + 2) if k > n or alarm(k, n, BOUND, FALSE_ALARMS / 2)) for n in range(1, audited + 1)
    ]
    wrong = np.random.default_rng(7).random((DRAWS, audited))
    kept, broken = ((wrong < share).cumsum(axis=1) >= np.array(least) for share in (BOUND, 5 * BOUND))
    off = float(kept.any(axis=1).mean())
    luck = float(binom.ppf(0.999, DRAWS, FALSE_ALARMS / 2)) / DRAWS
    yield Figure("auto-confirm: false alarms of one test over 1,000 receipts", off, luck, at_least=False)
    median = float(np.median(broken.argmax(axis=1) + 1))
    yield Figure("auto-confirm: receipts until five times the bound is found", median, 100, at_least=False)


if __name__ == "__main__":
    sys.exit(report([*thresholds(), *alarms()]))
