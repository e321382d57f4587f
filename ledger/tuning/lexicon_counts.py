"""What confirmed receipts say of a shop's names, counted receipt by receipt."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ledger.receipt import LineItem, Receipt
from ledger.review.pairs import Pair
from ledger.review.shop_items import LONGEST

_PRICES: Final = 100
"""Newest prices of a name that are looked at: enough for a range, and prices rise."""
_TENTH: Final = 0.1


@dataclass(slots=True)
class CountedName:
    """One item name of one shop."""

    times: int = 0
    prices: dict[str, list[int]] = field(default_factory=dict)
    """Of one piece by currency, in its smallest unit, the newest last."""
    categories: Counter[str] = field(default_factory=Counter)

    def add(self, item: LineItem, currency: str) -> None:
        """Count one line."""
        self.times += 1
        if item.price is not None and item.count is not None and item.count > 0:
            before = self.prices.get(currency, [])
            self.prices[currency] = [*before[1 - _PRICES :], round(item.price / item.count)]
        if item.category is not None:
            self.categories[item.category.value] += 1

    @property
    def category(self) -> str | None:
        """The one confirmed most often; None where there is none."""
        return self.categories.most_common(1)[0][0] if self.categories else None

    def usual_price(self, currency: str) -> tuple[int, int] | tuple[None, None]:
        """What one piece costs: one of ten costs less, one of ten more."""
        prices = self.prices.get(currency)
        return _range(sorted(prices)) if prices else (None, None)


@dataclass(slots=True)
class CountedShop:
    """One shop, by its key."""

    receipts: int = 0
    spellings: Counter[str] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)
    names: dict[str, CountedName] = field(default_factory=dict)

    def add(self, receipt: Receipt) -> None:
        """Count one receipt."""
        self.receipts += 1
        self.spellings[written(receipt.location)] += 1
        self.currencies[receipt.currency] += 1
        for item in receipt.items:
            if item.name and len(item.name) <= LONGEST:
                self.names.setdefault(item.name, CountedName()).add(item, receipt.currency)

    @property
    def name(self) -> str:
        """As it is written most often."""
        return self.spellings.most_common(1)[0][0]

    @property
    def currency(self) -> str:
        """Of most of its receipts."""
        return self.currencies.most_common(1)[0][0]


class Counted:
    """All shops, growing with each pair."""

    def __init__(self) -> None:
        self.receipts = 0
        self.shops: dict[str, CountedShop] = {}

    def add(self, pair: Pair) -> None:
        """Count one receipt; one of an unreadable place is of no shop."""
        self.receipts += 1
        if pair.shop:
            self.shops.setdefault(pair.shop, CountedShop()).add(pair.confirmed)


def written(location: str | None) -> str:
    """A shop's name as it stands in a place: what follows the last comma, or all of it where that is hardly a name."""
    whole = " ".join((location or "").split())
    name = whole.rpartition(",")[2].strip()
    return (name if sum(sign.isalnum() for sign in name) > 1 else whole)[:LONGEST]


def _range(prices: Sequence[int]) -> tuple[int, int]:
    last = len(prices) - 1
    return prices[math.floor(_TENTH * last)], prices[math.ceil((1 - _TENTH) * last)]
