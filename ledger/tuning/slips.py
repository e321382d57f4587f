"""Structural slips: what was read stands on the receipt, and in another place than it was put. Each has a rule. Pure.

A misread syllable is none of these, see confusions.py. A receipt that people left as it was read has no slip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Final

from rapidfuzz.distance import Levenshtein

from ledger.corrections.diff import align
from ledger.extraction.offline.vocabulary import found
from ledger.receipt import LineItem, Receipt

RULES: Final = {
    "count_price_swapped": "Count and price swapped",
    "unit_price": "Price of one piece taken for the line's amount",
    "discount_as_item": "Discount read as an item",
    "tax_as_item": "VAT read as an item",
    "sum_as_item": "Subtotal or total read as an item",
    "payment_as_item": "Payment or change read as an item",
    "name_cut": "Name that goes on in the next line was cut",
    "row_doubled": "Row read twice",
    "row_missing": "Row not read",
    "row_invented": "Row that is no item",
    "date_order": "Day, month and year in another order",
    "total_of_item": "Total taken from an item's line",
    "total_before_tax": "Total taken before or without VAT",
    "total_received": "Total taken from the money received",
    "total_change": "Total taken from the change",
    "total_balance": "Total taken from a larger amount, as in a balance",
    "total_other_line": "Total taken from a smaller amount, as in a part of it",
}
"""What each rule is called on screens."""

SENTENCES: Final = tuple(RULES.values())

_SUMMARY: Final = {
    "discount_as_item": ("할인", "에누리", "쿠폰", "할증", "DC", "D/C", "discount", "coupon"),
    "tax_as_item": ("부가세", "부가가치세", "세액", "과세", "면세", "VAT", "tax"),
    "sum_as_item": ("합계", "소계", "총액", "총금액", "공급가액", "합산액", "청구금액", "total", "subtotal"),
    "payment_as_item": (
        *("결제", "받은금액", "받을금액", "받은돈", "카드", "현금", "거스름", "잔돈", "잔액", "외상", "승인", "미수"),
        *("cash", "change", "card", "balance"),
    ),
}
"""Words of the lines that stand among items or below them and are none."""

_LEAST_CUT: Final = 2
"""Characters that a cut name lacks: one that is missing is a misread name."""
_LEAST_KEPT: Final = 2
"""Characters of it that are left: less is not told from another name."""
_RECEIVED: Final = 5_000
"""Money that is handed over comes in such notes, of a currency without parts."""
_LARGEST_NOTE: Final = 50_000
"""Change is less than that."""
_WITHOUT_PARTS: Final = ("KRW", "JPY")
_TAX: Final = 11
"""One of so many parts of an amount is VAT, where it is 10 % of the rest."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip that a rule names."""

    rule: str
    field: str
    """As corrections name it: date, total_amount, item.price; `item` for a whole row."""
    item_index: int | None
    """Item in the reading, from 0; in the confirmed list for a row that was not read. None for the receipt's fields."""
    read: Any
    right: Any


def slips(read: Receipt, confirmed: Receipt) -> list[Slip]:
    """Every slip of a reading, in the order of the receipt: date, items, total."""
    if read == confirmed:
        return []
    both = _Both(read, confirmed)
    return list(chain(_date(both), _matched(both), _removed(both), _missing(both), _total(both)))


@dataclass(frozen=True)
class _Both:
    """A reading and the truth, with the rows that belong together."""

    read: Receipt
    confirmed: Receipt

    @cached_property
    def rows(self) -> list[tuple[int | None, int | None]]:
        return align(self.read.items, self.confirmed.items)

    @cached_property
    def partners(self) -> list[tuple[int, LineItem, LineItem]]:
        """Index in the reading, the row as read, and as it is."""
        both = ((i, j) for i, j in self.rows if i is not None and j is not None)
        return [(i, self.read.items[i], self.confirmed.items[j]) for i, j in both]

    @cached_property
    def removed(self) -> list[tuple[int, LineItem]]:
        """Rows that were read and are not there."""
        return [(i, self.read.items[i]) for i, j in self.rows if i is not None and j is None]


def _date(both: _Both) -> Iterator[Slip]:
    """The same three numbers, the year by its last two digits, in another order."""
    read, right = both.read.date, both.confirmed.date
    if read is None or right is None or read == right:
        return
    numbers = [sorted((day.year % 100, day.month, day.day)) for day in (read, right)]
    if numbers[0] == numbers[1]:
        yield Slip("date_order", "date", None, read.isoformat(), right.isoformat())


def _matched(both: _Both) -> Iterator[Slip]:
    """What went wrong within rows that were found."""
    for index, read, right in both.partners:
        if read.price is not None and read.count is not None and right.price is not None and right.count is not None:
            if (read.price, read.count) == (right.count, right.price) and read.price != read.count:
                yield Slip("count_price_swapped", "item.price", index, read.price, right.price)
            elif right.count > 1 and read.price * right.count == right.price != 0:
                yield Slip("unit_price", "item.price", index, read.price, right.price)
        if _is_cut(read.name, right.name):
            yield Slip("name_cut", "item.name", index, read.name, right.name)


def _is_cut(read: str | None, right: str | None) -> bool:
    short, whole = _bare(read), _bare(right)
    lacks = len(whole) - len(short)
    return len(short) >= _LEAST_KEPT and lacks >= _LEAST_CUT and (whole.startswith(short) or whole.endswith(short))


def _removed(both: _Both) -> Iterator[Slip]:
    """Rows that people took away, each by the first rule that says what it is."""
    for index, item in both.removed:
        if not _is_rest_of_cut(both, index, item):
            yield Slip(_why_removed(both, item), "item", index, item.model_dump(mode="json"), None)


def _is_rest_of_cut(both: _Both, index: int, item: LineItem) -> bool:
    """The second line of the name before it or after it, which is told there."""
    rest = _bare(item.name)
    names = [(_bare(read.name), _bare(right.name)) for i, read, right in both.partners if abs(i - index) == 1]
    return bool(rest) and any(whole in (short + rest, rest + short) for short, whole in names)


def _why_removed(both: _Both, item: LineItem) -> str:
    words = next((rule for rule, words in _SUMMARY.items() if found(item.name or "", words)), None)
    if words is not None:
        return words
    if item.price is not None and item.price < 0:
        return "discount_as_item"
    alike = (_bare(item.name), item.price)
    doubled = item.name and any(alike == (_bare(other.name), other.price) for _, other, _ in both.partners)
    return "row_doubled" if doubled else "row_invented"


def _missing(both: _Both) -> Iterator[Slip]:
    for i, j in both.rows:
        if i is None and j is not None:
            yield Slip("row_missing", "item", j, None, both.confirmed.items[j].model_dump(mode="json"))


def _total(both: _Both) -> Iterator[Slip]:
    """Where another amount than the total was taken."""
    read, right = both.read.total_amount, both.confirmed.total_amount
    if read is None or right is None or read == right:
        return
    if rule := _line_of_total(both, read, right):
        yield Slip(rule, "total_amount", None, read, right)


def _line_of_total(both: _Both, read: int, right: int) -> str | None:
    """The rule; None where one digit was misread, lost or added, which is no other line."""
    if any(abs(read * _TAX - right * part) <= _TAX for part in (1, _TAX - 1)):
        return "total_before_tax"
    if read in _amounts(both.confirmed.items):
        return "total_of_item"
    if Levenshtein.distance(str(read), str(right)) <= 1:
        return None
    if both.confirmed.currency in _WITHOUT_PARTS and (rule := _of_cash(read, right)):
        return rule
    return "total_balance" if read > right else "total_other_line"


def _of_cash(read: int, right: int) -> str | None:
    """Which line of a payment in cash it is: what was received, or that without the total."""
    if read > right and read % _RECEIVED == 0:
        return "total_received"
    if 0 < read < _LARGEST_NOTE and (read + right) % _RECEIVED == 0:
        return "total_change"
    return None


def _amounts(items: Sequence[LineItem]) -> set[int]:
    return {item.price for item in items if item.price is not None}


def _bare(text: str | None) -> str:
    return "".join((text or "").split())
