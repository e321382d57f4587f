"""Puts items to bands of lines, both in their order, so that all together fit best. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

LONGEST_BAND: Final = 3
"""Lines of one item at most: a name over two lines and its numbers on the next."""


def align(items: int, lines: int, worth: Callable[[int, int, int], float]) -> list[range | None]:
    """The band of lines of each item; None for an item that fits nowhere.

    `worth(item, first, stop)` says how well an item fits the lines from `first` up to `stop`; 0 and less is not at all.
    Bands follow each other and share no line, so that of two equal prices each goes to its own item.
    """
    best = [[0.0] * (lines + 1) for _ in range(items + 1)]
    chosen: list[list[int]] = [[0] * (lines + 1) for _ in range(items + 1)]
    for item in range(items - 1, -1, -1):
        for first in range(lines - 1, -1, -1):
            best[item][first], chosen[item][first] = _choice(item, first, lines, best, worth)
    return _bands(items, lines, chosen)


_NEXT_LINE: Final = 0
_NEXT_ITEM: Final = -1


def _choice(
    item: int, first: int, lines: int, best: list[list[float]], worth: Callable[[int, int, int], float]
) -> tuple[float, int]:
    """What is best from here on: to leave the line, to leave the item, or a band of so many lines."""
    choices = [(best[item][first + 1], _NEXT_LINE), (best[item + 1][first], _NEXT_ITEM)]
    for length in range(1, min(LONGEST_BAND, lines - first) + 1):
        here = worth(item, first, first + length)
        if here > 0:
            choices.append((here + best[item + 1][first + length], length))
    return max(choices, key=lambda choice: choice[0])


def _bands(items: int, lines: int, chosen: list[list[int]]) -> list[range | None]:
    bands: list[range | None] = [None] * items
    item = first = 0
    while item < items and first < lines:
        choice = chosen[item][first]
        if choice > 0:
            bands[item] = range(first, first + choice)
            first += choice
        if choice == _NEXT_LINE:
            first += 1
        else:
            item += 1
    return bands
