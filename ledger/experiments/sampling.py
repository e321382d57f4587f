"""A sample that looks like all of it. Pure.

Systematic sampling of an ordered list: every (N / n)-th one from a seeded start (W. G. Cochran, "Sampling Techniques",
3rd edition, 1977, chapter 8). Where the list is ordered by strata, each of them is sampled in proportion to its size,
to within one receipt, without any being counted first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from ledger.experiments.splitting import seeded

_Item = TypeVar("_Item")

_STEPS: Final = 2**32
"""How finely the start is chosen: whole numbers, so that no rounding takes one twice."""


def every_nth(ordered: Sequence[_Item], size: int, seed: int) -> list[_Item]:
    """`size` of the items, evenly spread; all of them where there are no more."""
    if size >= len(ordered):
        return list(ordered)
    start = seeded(seed, "start") % _STEPS
    return [ordered[(number * _STEPS + start) * len(ordered) // (size * _STEPS)] for number in range(size)]
