"""Where the name, the price and the count of each item stand. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.extraction.places.alignment import align
from ledger.extraction.places.amounts import EXACT, NEAR, Amount, amounts_in, columns_in, counts_in
from ledger.extraction.places.lines import Line, Spot
from ledger.extraction.places.names import Match, Words, letters_of, match
from ledger.extraction.places.total import is_total_line
from ledger.receipt import LineItem

_WHOLE_NAME: Final = 9
"""Jamo from which on a name is as good a witness as a price; of two letters some line has something alike."""
_TOTAL_LINE: Final = 0.3
"""What a price counts on a line of a total: an only item costs what the total says."""
_EACH_LINE: Final = 0.05
"""Cost of a line more in a band, so that no band holds lines that say nothing of its item."""
_COUNT: Final = 0.1
"""What the count adds: it settles ties only, a small number stands anywhere."""
_ENOUGH: Final = 0.5
"""What name and price together must come to: one of them surely, or both badly read."""


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Pieces of lines for each field of an item; none where a field was not found."""

    name: tuple[Spot, ...] = ()
    price: tuple[Spot, ...] = ()
    count: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fit:
    """What of an item was found on a band of lines, and what that is worth."""

    worth: float
    place: ItemPlace


def place_items(items: Sequence[LineItem], lines: Sequence[Line]) -> list[ItemPlace]:
    """The places of the items, which stand one below the other in their order."""
    fits = _Fits(items, lines)
    bands = align(len(items), len(lines), lambda item, first, stop: fits.on(item, first, stop).worth)
    return [fits.on(item, band.start, band.stop).place if band else ItemPlace() for item, band in enumerate(bands)]


class _Fits:
    """How each item fits each band of lines. What bands share is found once."""

    def __init__(self, items: Sequence[LineItem], lines: Sequence[Line]) -> None:
        self._items = items
        self._letters = [letters_of(item.name or "") for item in items]
        self._lines = lines
        self._amounts = [amounts_in(line.text) for line in lines]
        self._words = [Words.of(index, line.text, columns_in(line.text)) for index, line in enumerate(lines)]
        self._is_total = [is_total_line(line) for line in lines]
        self._names: dict[tuple[int, int, int], Match] = {}

    def on(self, index: int, first: int, stop: int) -> _Fit:
        item = self._items[index]
        name = max((self._name(index, *part) for part in _parts(first, stop)), key=lambda match: match.likeness)
        price_worth, price = self._price(item, first, stop, name)
        count = self._count(item, first, stop, (*name.spots, *price))
        worth = name.likeness * min(1.0, len(self._letters[index]) / _WHOLE_NAME) + price_worth
        if worth < _ENOUGH:
            return _Fit(0.0, ItemPlace())
        worth += _COUNT * bool(count) - _EACH_LINE * (stop - first - 1)
        return _Fit(worth, ItemPlace(name.spots, price, count))

    def _name(self, index: int, first: int, stop: int) -> Match:
        key = (index, first, stop)
        if key not in self._names:
            words = sum(self._words[first:stop], Words())
            self._names[key] = match(self._letters[index], words)
        return self._names[key]

    def _price(self, item: LineItem, first: int, stop: int, name: Match) -> tuple[float, tuple[Spot, ...]]:
        """The best number for the price: the rightmost of a line, where a unit price may stand before it."""
        if item.price is None:
            return 0.0, ()
        found = [
            (self._price_worth(amount, item.price, line, name), -line, amount.start, amount.end)
            for line in range(first, stop)
            for amount in self._amounts[line]
        ]
        worth, line, start, end = max(found, default=(0.0, 0, 0, 0))
        return (worth, (Spot(-line, start, end),)) if worth > 0 else (0.0, ())

    def _price_worth(self, amount: Amount, price: int, line: int, name: Match) -> float:
        likeness = amount.likeness(price)
        if likeness <= NEAR and not name.spots:
            return 0.0  # without its name, a number with another digit is another item's
        return likeness * (_TOTAL_LINE if self._is_total[line] else EXACT)

    def _count(self, item: LineItem, first: int, stop: int, taken: Sequence[Spot]) -> tuple[Spot, ...]:
        """The count nearest to the price, on its line if it is there; next to the price stands what was counted."""
        if item.count is None or not taken:
            return ()
        near = taken[-1]
        spots = [
            Spot(line, amount.start, amount.end)
            for line in range(first, stop)
            for amount in counts_in(self._lines[line].text, item.count)
        ]
        free = [spot for spot in spots if not any(_overlap(spot, other) for other in taken)]
        free.sort(key=lambda spot: (spot.line != near.line, spot.start > near.start, abs(spot.start - near.start)))
        return tuple(free[:1])


def _parts(first: int, stop: int) -> list[tuple[int, int]]:
    """Every run of lines of a band."""
    return [(start, end) for start in range(first, stop) for end in range(start + 1, stop + 1)]


def _overlap(left: Spot, right: Spot) -> bool:
    return left.line == right.line and left.start < right.end and right.start < left.end
