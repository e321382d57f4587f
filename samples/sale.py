"""One purchase and the picture that shows it. Picture and truth are made from the same `Sample`: they cannot differ."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from ledger.receipt import Category, LineItem, Receipt
from samples.camera import Shot

LayoutName = Literal["columns", "stacked", "clinic", "cafe", "form", "english"]
FontName = Literal["coding", "gothic", "barun", "square", "round", "myeongjo"]


@dataclass(frozen=True, slots=True)
class Discount:
    """A printed row that takes money off; it is no item. `after` is the item it stands under, None for the summary."""

    name: str
    amount: int
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """One purchase as its receipt prints it."""

    store: str
    address: str
    date: dt.date
    time: str
    items: tuple[LineItem, ...]
    layout: LayoutName
    font: FontName = "coding"
    discounts: tuple[Discount, ...] = ()
    added_tax: int = 0
    """VAT put on top of the items; 0 where the prices contain it."""
    exempt: frozenset[str] = frozenset()
    """Names of items free of VAT."""
    animal: str = ""
    currency: str = "KRW"

    @property
    def gross(self) -> int:
        """All items together, before discounts."""
        return sum(item.price or 0 for item in self.items)

    @property
    def paid(self) -> int:
        """What was paid in the end, the total of the truth."""
        return self.gross + sum(discount.amount for discount in self.discounts) + self.added_tax

    @property
    def untaxed(self) -> int:
        """The part of `paid` that is free of VAT."""
        free = {index for index, item in enumerate(self.items) if item.name in self.exempt}
        off = sum(discount.amount for discount in self.discounts if discount.after in free)
        return sum(self.items[index].price or 0 for index in free) + off

    @property
    def vat(self) -> int:
        """The VAT in `paid`: a tenth on top of the net price of what is taxed."""
        return self.added_tax or (self.paid - self.untaxed) - round((self.paid - self.untaxed) / 1.1)

    @property
    def pieces(self) -> int:
        """How many pieces were bought."""
        return sum(item.count or 0 for item in self.items)


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of the demo. `sale` is None where the picture shows no receipt."""

    name: str
    sale: Sale | None
    shot: Shot

    @property
    def receipt(self) -> Receipt:
        """The truth of the picture."""
        if self.sale is None:
            return Receipt()
        return Receipt(
            date=self.sale.date,
            location=f"{self.sale.address}, {self.sale.store}",
            items=self.sale.items,
            total_amount=self.sale.paid,
            currency=self.sale.currency,
        )


def _item(category: Category, name: str, unit: int, count: int = 1) -> LineItem:
    return LineItem(name=name, price=unit * count, count=count, category=category)


def food(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.FOOD, name, unit, count)


def supply(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.SUPPLIES, name, unit, count)


def medical(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.MEDICAL, name, unit, count)


def grooming(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.GROOMING, name, unit, count)


def leisure(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.LEISURE, name, unit, count)


def other(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.OTHER, name, unit, count)
