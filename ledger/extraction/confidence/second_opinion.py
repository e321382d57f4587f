"""What the engine on this machine says to another reader's receipt: it agrees, it differs, or it says nothing. Pure.

The engine is modest: it drops lines it cannot make out and never completes what it did not see. So what it did not read
is no doubt, and only where both give a value it can contradict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from ledger.extraction.look import Look
from ledger.extraction.places.amounts import EXACT, Amount, amounts_in
from ledger.money import decimals, format_amount
from ledger.receipt import Receipt

_TELLING: Final = 3
"""Digits from which on a number somewhere on the page is hardly there by chance."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the engine read for a field, in words, and whether that is the same value."""

    agrees: bool
    value: str


def second_opinion(receipt: Receipt, look: Look) -> dict[str, Opinion]:
    """The engine's opinions by path: of `date`, `total_amount` and `items.2.price`; none where it says nothing."""
    found = {}
    theirs = look.receipt
    if receipt.date is not None and theirs.date is not None:
        found["date"] = Opinion(receipt.date == theirs.date, theirs.date.isoformat())
    if decimals(receipt.currency) != decimals(theirs.currency):
        return found
    if receipt.total_amount is not None and theirs.total_amount is not None:
        found["total_amount"] = _amount(receipt.total_amount, theirs.total_amount, receipt.currency)
    return found | dict(_prices(receipt, look))


def _prices(receipt: Receipt, look: Look) -> Iterator[tuple[str, Opinion]]:
    """A price that stands anywhere on the page is agreed with; else the price in the same place of the order counts."""
    paths = [index for index, item in enumerate(receipt.items) if item.price is not None]
    mine = [item.price for item in receipt.items if item.price is not None]
    theirs = [item.price for item in look.receipt.items if item.price is not None]
    page = _numbers(look)
    for path, price, other in zip(paths, mine, _partners(mine, theirs), strict=True):
        if other == price or _stands_in(price, page):
            yield f"items.{path}.price", _amount(price, price, receipt.currency)
        elif other is not None:
            yield f"items.{path}.price", _amount(price, other, receipt.currency)


def _partners(mine: Sequence[int], theirs: Sequence[int]) -> list[int | None]:
    """For each of `mine` the one of `theirs` in its place; None where the order does not tell which that is."""
    partners: list[int | None] = [None] * len(mine)
    for _, start, end, first, last in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if end - start == last - first:
            partners[start:end] = theirs[first:last]
    return partners


def _numbers(look: Look) -> list[Amount]:
    return [amount for line in look.lines for segment in line for amount in amounts_in(segment.text)]


def _stands_in(price: int, page: Sequence[Amount]) -> bool:
    return len(str(abs(price))) >= _TELLING and any(amount.likeness(price) == EXACT for amount in page)


def _amount(mine: int, theirs: int, currency: str) -> Opinion:
    return Opinion(mine == theirs, format_amount(theirs, currency))
