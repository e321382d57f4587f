"""The amount to pay on a Korean receipt. Words propose it, repetition supports it, arithmetic decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ledger.extraction.offline.korean_items import ItemTable
from ledger.extraction.offline.rows import Row, amount_in
from ledger.extraction.offline.vocabulary import contains, found

_WEIGHTS: Final = (
    ("총결제금액", 10.0), ("청구금액", 10.0), ("결제금액", 9.5), ("결제대상금액", 9.4), ("총합계", 9.2),
    ("합계금액", 9.0), ("내실금액", 9.0), ("승인금액", 9.0), ("당일합계", 9.0), ("총결제", 9.0),
    ("받을금액", 8.8), ("합산액", 8.5), ("판매합계", 8.5), ("합계", 8.0), ("오늘청구", 8.0), ("총구매액", 8.0),
    ("판매총액", 8.0), ("카드결제", 7.5), ("판매액", 7.0), ("총주문금액", 7.0), ("매출금액", 7.0),
    ("총금액", 6.8), ("총액", 6.8), ("신용카드", 6.5), ("신용액", 6.0), ("소계", 6.0), ("판매소계", 5.0),
)  # fmt: skip  # words in rows: a line for each would be a page
"""How surely the number beside a word is what was paid: 청구금액 is after discounts, 소계 may be before."""
_NEVER: Final = ("할인", "할증")
_ANOTHER_AMOUNT: Final = ("과세품목", "면세", "공급가", "이전미수", "잔액", "받은", "거스름")
_NO_WORD: Final = 0.3
_MIN_SCORE: Final = 1.5
"""A number without a word for it and without arithmetic behind it is not taken for a total."""


def read_total(rows: Sequence[Row], table: ItemTable) -> int | None:
    """The printed total; None when no printed number is believable as one. Never a sum of our own."""
    candidates = list(_candidates(rows, table))
    payable = _payable_amounts(rows, table)
    repeated = Counter(value for value, _ in candidates)
    scores = [
        (weight + 0.7 * min(repeated[value] - 1, 3) + _arithmetic(value, table, payable), value)
        for value, weight in candidates
    ]
    score, total = max(scores, default=(0.0, 0))
    return total if score >= _MIN_SCORE else None


def _candidates(rows: Sequence[Row], table: ItemTable) -> Iterator[tuple[int, float]]:
    for index, row in _outside_table(rows, table):
        value = _amount(row)
        if value is None or _is_tax(row) or found(row.words, _NEVER, 0.12):
            continue
        weight = label_weight(row.words)
        # Where the table's end was not found, a row without a word for a total may be an item's own.
        if weight > _NO_WORD or not table.is_open_at(index):
            yield value, weight


def _outside_table(rows: Sequence[Row], table: ItemTable) -> Iterator[tuple[int, Row]]:
    for index, row in enumerate(rows):
        inside = table.start is not None and table.stop is not None and table.start < index < table.stop
        if not inside:
            yield index, row


def _amount(row: Row) -> int | None:
    amount = _amount_or_discount(row)
    return amount if amount is not None and amount > 0 else None


def _amount_or_discount(row: Row) -> int | None:
    amounts = [number.value for number in row.numbers if number.is_money or abs(number.value) >= 100]
    if amounts:
        return amounts[-1]
    match = re.search(r"[:\s](-?\d{1,3}(?:\s?[.,]\s?\d{3})+)\s*원?$", row.text)  # word and number in one segment
    return amount_in(match[1]) if match else None


def label_weight(words: str) -> float:
    """How surely the amount beside these words is the total, 0.3 to 10; see `_WEIGHTS`."""
    if found(words, _ANOTHER_AMOUNT, 0.12):
        return 0.5
    return max((weight for word, weight in _WEIGHTS if contains(words, word, 0.17)), default=_NO_WORD)


def _is_tax(row: Row) -> bool:
    return contains(row.words, "부가세", 0.15)


def _payable_amounts(rows: Sequence[Row], table: ItemTable) -> set[int]:
    """What the items come to: with or without a tax that is added, less the discounts below the table.

    A discount printed among the items may be repeated below them, so both sums are kept; one of them is printed.
    """
    below = sum(_discounts_below(rows, table))
    return {table.net + tax + off for tax in (0, _added_tax(rows, table)) for off in (0, below)}


def _discounts_below(rows: Sequence[Row], table: ItemTable) -> Iterator[int]:
    for index, row in _outside_table(rows, table):
        amount = _amount_or_discount(row)
        if table.stop is not None and index >= table.stop and amount is not None and amount < 0:
            yield amount


def _added_tax(rows: Sequence[Row], table: ItemTable) -> int:
    """Tax that is added to the items; tax that prices include is printed with 포함 or 과세품목."""
    for _, row in _outside_table(rows, table):
        amount = _amount(row)
        if amount is not None and _is_tax(row) and not found(row.words, ("과세품목", "포함"), 0.2):
            return amount
    return 0


def _arithmetic(value: int, table: ItemTable, payable: set[int]) -> float:
    """What the items say. A printed amount that equals their sum is no accident, whatever OCR made of the words."""
    if not table.items:
        return 0.0
    if value in payable:
        return 10.0
    dearest = max(item.price or 0 for item in table.items)
    if value < dearest - (table.sum - min(payable)):
        return -10.0  # less than one item costs after all discounts
    return 2.5 if value == table.sum else 0.0
