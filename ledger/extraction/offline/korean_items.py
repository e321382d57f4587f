"""The items of a Korean receipt: where their table begins, which rows belong together, where it ends.

A table has a row of headings (상품명 단가 수량 금액), or begins after the pet's name, or with the first row whose
numbers are a product. An item is one row, or its name stands on the rows above its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.extraction.offline.categories import category_of
from ledger.extraction.offline.dates import dates_in
from ledger.extraction.offline.korean_item_rows import (
    amounts_of,
    count_of,
    is_heading,
    is_pet_name,
    is_priced,
    tidy_name,
)
from ledger.extraction.offline.rows import Row
from ledger.extraction.offline.vocabulary import contains, found
from ledger.receipt import Category, LineItem

_SUMMARY: Final = (
    "총구매액", "판매총액", "내실금액", "총주문금액", "총결제금액", "신용액", "매출금액", "결제수단", "합계",
    "총합계", "총금액", "총액", "소계", "판매소계", "판매량", "판매액", "합산량", "합산액", "과세", "면세",
    "과세품목", "부가세", "공급가", "청구금액", "결제금액", "받을금액", "받은금액", "카드결제", "현금",
    "거스름", "전잔", "당잔", "전기잔액", "최종잔액", "매입전잔", "매입잔액", "당일합계", "할인액", "할인/할증",
    "오늘청구", "이전미수", "승인번호", "신용카드", "잔액", "받을돈", "받은돈", "은행입금", "외상",
)  # fmt: skip  # words in rows: a line for each would be a page
_SHORT_SUMS: Final = ("합계", "소계", "총액")
"""Words of two syllables, in which one wrong letter is let pass only where they are all the row says (합게)."""
_DISCOUNT: Final = ("할인", "에누리", "쿠폰", "할증", "DC", "D/C")
_NOTE: Final = ("표시가되어", "면세물품", "비과세입니다")
_NO_ITEM: Final = (*_SUMMARY, "전화", "사업자", "번호", "POS")
_VET: Final = ("동물병원", "동물의료", "진료", "병원명")
_MAX_NAME_ROWS: Final = 2


@dataclass(frozen=True, slots=True)
class ItemTable:
    """`start` is the row above the first item and `stop` the first row below the last; None where unknown."""

    items: tuple[LineItem, ...] = ()
    discounts: tuple[int, ...] = ()
    start: int | None = None
    stop: int | None = None

    def is_open_at(self, index: int) -> bool:
        """True for rows after the start of a table whose end was not found."""
        return self.start is not None and self.stop is None and index > self.start

    @property
    def sum(self) -> int:
        return sum(item.price or 0 for item in self.items)

    @property
    def net(self) -> int:
        """The items less the discounts printed among them."""
        return self.sum + sum(self.discounts)


def read_items(rows: Sequence[Row]) -> ItemTable:
    """The items of the table; an empty table where none is found."""
    heading = next((index for index, row in enumerate(rows) if is_heading(row)), None)
    pet = next((index for index, row in enumerate(rows) if is_pet_name(row.text)), None)
    start = heading if heading is not None else pet
    if start is None:
        start = _row_before_first_item(rows)
    if start is None:
        return ItemTable()
    at_vet = pet is not None or any(found(row.text, _VET, 0.12) for row in rows)
    reader = _TableReader(rows, start, heading is not None, at_vet)
    return reader.read()


def read_nameless_items(rows: Sequence[Row]) -> ItemTable:
    """The items of a page whose words were not read: rows on which unit price x count = amount."""
    priced = [index for index, row in enumerate(rows) if row.is_product and is_priced(row.numbers[-1])]
    if not priced:
        return ItemTable()
    items = tuple(LineItem(price=rows[index].values[-1], count=rows[index].values[-2]) for index in priced)
    return ItemTable(items, (), priced[0] - 1, priced[-1] + 1)


def _row_before_first_item(rows: Sequence[Row]) -> int | None:
    for index, row in enumerate(rows):
        if len(row.letters) < 2 or len(row.numbers) < 2 or found(row.words, _NO_ITEM, 0.16):
            continue
        if dates_in(row.text, "ymd") or not is_priced(row.numbers[-1]):
            continue
        if row.is_product or (len(row.numbers) == 2 and 0 < row.values[0] < 100):
            return index - 1
    return None


class _TableReader:
    """Walks down the rows of a table; names wait until the row with their numbers comes."""

    def __init__(self, rows: Sequence[Row], start: int, has_heading: bool, at_vet: bool) -> None:
        self._rows = rows
        self._start = start
        self._has_heading = has_heading
        self._at_vet = at_vet
        self._names: list[str] = []
        self._items: list[LineItem] = []
        self._discounts: list[int] = []
        self._last_had_name = False
        """Whether the last item's name stood beside its numbers; one above them ends there."""

    def read(self) -> ItemTable:
        stop = None
        for index in range(self._start + 1, len(self._rows)):
            row = self._rows[index]
            if self._is_aside(row, index):
                self._names = []
                continue
            if row.is_drawn:
                continue
            if self._is_end(row, index):
                stop = index
                break
            self._take(row, index)
        return ItemTable(tuple(self._items), tuple(self._discounts), self._start, stop)

    def _is_aside(self, row: Row, index: int) -> bool:
        """True for rows between items: more headings, the pet's name, a group with its sum: 진료 (47,000)."""
        near_heading = self._has_heading and index <= self._start + 2 and not self._items
        if near_heading and sum(contains(row.text, word) for word in ("수량", "금액", "단가", "DC")) >= 2:
            return True
        return is_pet_name(row.text) or re.fullmatch(r"\W*[가-힣][가-힣.\s]{0,5}\([\d,. ]+\)\W*", row.label) is not None

    def _amounts(self, row: Row, index: int) -> list[int]:
        amounts = amounts_of(row)
        following = self._next(index)
        in_name = bool(row.letters) and not row.is_product and not any(number.is_money for number in row.numbers)
        if amounts and in_name and following is not None and following.is_product and not following.letters:
            return []  # a number in the name (사료 2000); the amounts stand on the row below
        return amounts

    def _next(self, index: int) -> Row | None:
        return self._rows[index + 1] if index + 1 < len(self._rows) else None

    def _is_tax_item(self, row: Row, index: int) -> bool:
        """True where the tax is billed as an item of its own, with unit price and count, instead of in the summary."""
        if len(row.letters) > 4 or not contains(row.letters, "부가세", 0.15):
            return False
        following = self._next(index)
        below = following is not None and not following.words and len(following.numbers) >= 2
        return len(row.numbers) >= 3 or (not row.numbers and below)

    def _is_end(self, row: Row, index: int) -> bool:
        amounts = self._amounts(row, index)
        label = row.words or row.text
        if found(label, _NOTE, 0.3):
            return True
        if not self._is_tax_item(row, index) and self._is_summary(row, label, amounts):
            return bool(self._items or amounts)
        if not amounts:
            return False
        # The sum of all items without a word: OCR lost the word, the arithmetic is still there.
        if len(self._items) >= 2 and amounts[-1] == sum(item.price or 0 for item in self._items):
            return True
        return bool(self._items) and not row.words and not self._names

    def _is_summary(self, row: Row, label: str, amounts: list[int]) -> bool:
        if len(row.letters) <= 2 and found(row.letters, _SHORT_SUMS):
            return True
        if len(row.letters) > 12 or not found(label, _SUMMARY, 0.16):
            return False
        if not amounts and self._items and len(row.letters) > 10:
            return False
        taken_off = bool(amounts) and amounts[-1] < 0 and found(label, _DISCOUNT, 0.1)
        return not taken_off

    def _take(self, row: Row, index: int) -> None:
        amounts = self._amounts(row, index)
        if not amounts and self._goes_on(row):
            last = self._items.pop()
            self._items.append(last.model_copy(update={"name": tidy_name([last.name or "", row.label])}))
        elif not amounts:
            self._keep_name(row)
        elif amounts[-1] < 0 or (len(row.letters) <= 6 and found(row.words, _DISCOUNT, 0.15)):
            self._discounts.append(-abs(amounts[-1]))
            self._names = []
        else:
            self._add(row, index, amounts)
            self._names = []

    def _goes_on(self, row: Row) -> bool:
        """True where the row above broke its item's name off: 티셔츠 / | 18,000 | 1 | 18,000, then 베이지."""
        above = self._items[-1].name if self._items and not self._names else None
        return above is not None and above.endswith(("/", "-", ",", "(")) and self._last_had_name and bool(row.letters)

    def _keep_name(self, row: Row) -> None:
        if not row.letters and not re.search(r"[)\d]", row.words):
            return
        if re.match(r"\W*\d{3}\b", row.text):
            self._names = []  # a row number begins a new item
        self._names = [*self._names, row.label][-_MAX_NAME_ROWS:]

    def _add(self, row: Row, index: int, amounts: list[int]) -> None:
        name = tidy_name([*self._names, row.words])
        if name is None and not self._items:
            return  # numbers above the first name belong to the header
        tax = self._is_tax_item(row, index) or (name is not None and len(name) < 6 and contains(name, "부가세", 0.1))
        category = Category.OTHER if tax else category_of(name, self._at_vet)
        self._last_had_name = bool(row.letters)
        self._items.append(LineItem(name=name, price=amounts[-1], count=count_of(row, amounts), category=category))
