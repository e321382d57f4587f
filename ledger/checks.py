"""What on a receipt cannot be, or hardly can, whoever read it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ledger.money import format_amount
from ledger.notes import Note
from ledger.receipt import LineItem, Receipt

OLDEST_DAYS: Final = 2 * 366
"""Two years. Receipts are photographed soon after the purchase; of an older date a digit was usually misread."""
MANY_PIECES: Final = 100
"""A household buys fewer pieces of one thing; a larger count is mostly an item code or an amount."""

SUM_DIFFERS: Final = "The items differ from the total by {amount}."
NO_ITEMS: Final = "No item was read."
NOT_READ: Final = "This was not read."
NO_CATEGORY: Final = "The category is not known."
TOTAL_NOT_POSITIVE: Final = "The total is not above 0."
DATE_AHEAD: Final = "The date lies in the future."
DATE_LONG_AGO: Final = "The date is more than two years ago."
PRICE_ZERO: Final = "The amount is 0."
PRICE_NEGATIVE: Final = "The amount is below 0."
COUNT_NOT_POSITIVE: Final = "The count is not above 0."
COUNT_LARGE: Final = "The count is unusually large."
UNIT_PRICE_BROKEN: Final = "The amount cannot be divided by the count."
REPEATED: Final = "This line is there twice."
SENTENCES: Final = (
    SUM_DIFFERS,
    NO_ITEMS,
    NOT_READ,
    NO_CATEGORY,
    TOTAL_NOT_POSITIVE,
    DATE_AHEAD,
    DATE_LONG_AGO,
    PRICE_ZERO,
    PRICE_NEGATIVE,
    COUNT_NOT_POSITIVE,
    COUNT_LARGE,
    UNIT_PRICE_BROKEN,
    REPEATED,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit, and the fields of which at least one is then wrong: paths as in `items.2.price`."""

    fields: tuple[str, ...]
    note: Note


def check_receipt(receipt: Receipt, today: dt.date, discount: int = 0) -> tuple[Finding, ...]:
    """Everything that does not fit, in the order of the receipt, what concerns several fields last.

    `discount` is what is known to stand between the items as taken off, in the currency's smallest unit. It may or may
    not have been taken off the items' own amounts already.
    """
    return (*_header(receipt, today), *_lines(receipt), *_sum(receipt, discount))


def _header(receipt: Receipt, today: dt.date) -> Iterator[Finding]:
    yield from _unread(receipt, "", "date", "location", "total_amount")
    if receipt.date is not None and receipt.date > today:
        yield _finding(DATE_AHEAD, "date")
    if receipt.date is not None and receipt.date < today - dt.timedelta(OLDEST_DAYS):
        yield _finding(DATE_LONG_AGO, "date")
    if receipt.total_amount is not None and receipt.total_amount <= 0:
        yield _finding(TOTAL_NOT_POSITIVE, "total_amount")


def _lines(receipt: Receipt) -> Iterator[Finding]:
    if not receipt.items:
        yield _finding(NO_ITEMS, "items")
    seen: set[tuple[str, int, int | None]] = set()
    for index, item in enumerate(receipt.items):
        path = f"items.{index}"
        yield from _line(item, path)
        if item.name is None or item.price is None:
            continue
        line = (item.name, item.price, item.count)
        if line in seen:
            yield _finding(REPEATED, f"{path}.name")
        seen.add(line)


def _line(item: LineItem, path: str) -> Iterator[Finding]:
    yield from _unread(item, f"{path}.", "name", "price", "count")
    if item.category is None:
        yield _finding(NO_CATEGORY, f"{path}.category")
    if item.price is not None and item.price <= 0:
        yield _finding(PRICE_NEGATIVE if item.price else PRICE_ZERO, f"{path}.price")
    if item.count is not None and not 0 < item.count < MANY_PIECES:
        yield _finding(COUNT_LARGE if item.count > 0 else COUNT_NOT_POSITIVE, f"{path}.count")
    elif item.count and item.price and item.price % item.count:
        yield _finding(UNIT_PRICE_BROKEN, f"{path}.price", f"{path}.count")


def gap(receipt: Receipt) -> int:
    """How far the items lie above the total, in the currency's smallest unit; 0 where not all of it is readable."""
    prices = [item.price for item in receipt.items if item.price is not None]
    if receipt.total_amount is None or not prices or len(prices) < len(receipt.items):
        return 0
    return sum(prices) - receipt.total_amount


def _sum(receipt: Receipt, discount: int) -> Iterator[Finding]:
    """Prices that are not readable are told as such; what is left of the sum then proves nothing."""
    above = gap(receipt)
    difference = min(abs(above), abs(above - discount))
    if difference:
        paths = (f"items.{index}.price" for index in range(len(receipt.items)))
        yield _finding(SUM_DIFFERS, "total_amount", *paths, amount=format_amount(difference, receipt.currency))


def _unread(holder: Receipt | LineItem, path: str, *names: str) -> Iterator[Finding]:
    for name in names:
        if getattr(holder, name) is None:
            yield _finding(NOT_READ, f"{path}{name}")


def _finding(sentence: str, *fields: str, **blanks: str) -> Finding:
    return Finding(fields, Note(sentence, blanks))
