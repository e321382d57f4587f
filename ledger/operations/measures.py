"""Rates and times with how far they can be trusted. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scipy.stats import binomtest

FEWEST: Final = 5
"""With fewer cases a rate or a median is not told."""
FEWEST_FOR_TAIL: Final = 10
"""With fewer cases nine of ten cannot be told apart from the slowest one."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `cases`."""

    hits: int
    cases: int

    @property
    def share(self) -> float | None:
        """The share of hits; None with too few cases to tell."""
        return self.hits / self.cases if self.cases >= FEWEST else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies with a confidence of 95 %, after Wilson; None with too few cases to tell."""
        if self.cases < FEWEST:
            return None
        found = binomtest(self.hits, self.cases).proportion_ci(0.95, method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True, slots=True)
class Times:
    """How long things took: how many took so many half seconds."""

    half_seconds: Mapping[int, int]

    @property
    def cases(self) -> int:
        """How many were measured."""
        return sum(self.half_seconds.values())

    @property
    def median(self) -> float | None:
        """Seconds that half of them took at most; None with too few to tell."""
        return self._reached(0.5) if self.cases >= FEWEST else None

    @property
    def p90(self) -> float | None:
        """Seconds that nine of ten took at most; None with too few to tell."""
        return self._reached(0.9) if self.cases >= FEWEST_FOR_TAIL else None

    def _reached(self, share: float) -> float:
        left = share * self.cases
        for half_seconds in sorted(self.half_seconds):
            left -= self.half_seconds[half_seconds]
            if left <= 1e-9:
                return half_seconds / 2
        raise AssertionError("the shares of all cases add up to one")
