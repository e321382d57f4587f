"""The items of an English receipt, where they can be proved: only if they come to an amount printed below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ledger.extraction.offline.amounts import cents_in
from ledger.extraction.offline.categories import category_of
from ledger.receipt import LineItem

_SUMMARY: Final = re.compile(r"total|jumlah|subtotal|amount\s*due|cash|change|discount|rounding|\btax\b", re.IGNORECASE)
_TOTALS: Final = re.compile(r"total|jumlah|amount\s*due", re.IGNORECASE)
_COUNTED: Final = re.compile(r"(?<![\d.])(\d{1,3})\s*(?:@|[xX*])\s*(?:RM|S?\$)?\s*(\d+[.,]\d{2})(?!\d)")
_AMOUNT_ONWARDS: Final = re.compile(r"\s*(?:RM|MYR|S?\$)?\s*-?\d[\d,]*[.,]\s?\d{2}(?!\d).*$")
_CODE: Final = re.compile(r"\b\d{5,14}\b")


def read_english_items(texts: Sequence[str]) -> tuple[LineItem, ...]:
    """The items, or none at all where their sum is not printed: then rows were lost or taken for items."""
    end = next((index for index, text in enumerate(texts) if _SUMMARY.search(text) and cents_in(text)), None)
    if end is None:
        return ()
    items = tuple(_items(texts[:end]))
    printed = {amount for text in texts[end:] if _TOTALS.search(text) for amount in cents_in(text)}
    return items if items and sum(item.price or 0 for item in items) in printed else ()


def _items(texts: Sequence[str]) -> Iterator[LineItem]:
    for index, text in enumerate(texts):
        amounts, counted = cents_in(text), _COUNTED.search(text)
        if not amounts or not amounts[-1] or (counted and len(amounts) == 1):
            continue  # no price; 2 @ 8.99 alone explains the price of the row above
        below = _COUNTED.search(texts[index + 1]) if index + 1 < len(texts) else None
        name = _name(_COUNTED.sub("", _AMOUNT_ONWARDS.sub("", text)))
        count = _count(counted, amounts[-1]) or _count(below, amounts[-1])
        yield LineItem(name=name, price=amounts[-1], count=count, category=category_of(name))


def _name(text: str) -> str | None:
    """The words before a price. Rows above and below are not asked: shops print names on either side of the numbers."""
    name = _CODE.sub("", text)
    name = re.sub(r"^\s*\d{1,3}\s|(?:\s\d{1,3}(?:\.\d)?)+\s*$", "", name).strip(" .,:-*#")  # row number, quantity
    letters = len(re.findall("[A-Za-z]", name))
    return name if letters >= 3 and letters >= 0.5 * len(name.replace(" ", "")) else None


def _count(counted: re.Match[str] | None, price: int) -> int | None:
    """The count of `2 @ 8.99`, where it belongs to this price."""
    if counted is None:
        return None
    count, unit = int(counted[1]), cents_in(counted[2])
    return count if unit and count * unit[0] == price else None
