"""Measured values beside the bars they must reach, as every measurement prints them."""

from __future__ import annotations

from collections.abc import Iterable
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
