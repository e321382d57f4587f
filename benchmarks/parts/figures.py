"""Measured values beside the bars they must reach, as every measurement prints them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value and the least (`at_least`) or most it may be."""

    what: str
    value: float
    bar: float
    at_least: bool = True

    @property
    def ok(self) -> bool:
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def __str__(self) -> str:
        bound = ">=" if self.at_least else "<="
        return f"bench: {self.what} {self.value:.6g} bar {bound}{self.bar:g} {'ok' if self.ok else 'short'}"


def report(figures: Iterable[Figure]) -> int:
    """Print a line for each figure. The exit status: 1 when one of them is short of its bar."""
    measured = list(figures)
    for figure in measured:
        print(figure)
    return int(not all(figure.ok for figure in measured))


def p95(look: Callable[[], object], *, warm: int, samples: int) -> float:
    """Milliseconds of a look, 95th percentile of so many after the first ones, which find nothing in memory."""
    taken = []
    for _ in range(warm + samples):
        begun = time.perf_counter()
        look()
        taken.append(time.perf_counter() - begun)
    return statistics.quantiles(taken[warm:], n=20)[-1] * 1000
