"""The items of an English receipt, where arithmetic proves them.

All rows of the table are taken when they come to a sum that is printed below; else only those on which unit price x
count = amount. A name stands beside its figures, on the row above them, or below: the table's first and last row tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ledger.extraction.offline.categories import category_of
from ledger.extraction.offline.english_names import is_name, tidy_name, without_number, without_shop_codes
from ledger.extraction.offline.english_rows import PricedRow, counted_unit_price, has_decimals, priced_row
from ledger.extraction.offline.english_sums import aside_in, is_printed_sum
from ledger.extraction.offline.english_table import Table, find_table
from ledger.receipt import LineItem

_MAX_NAME_ROWS: Final = 2
_COUNTED_UNIT: Final = re.compile(r"(?:\d{1,3}\s+)?[A-Za-z]{1,6}")
"""What stands before the figures where the heading has a column of units: 1 PKT."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A priced row of the table, and the rows of words above and below it."""

    row: PricedRow
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def read_english_items(texts: Sequence[str]) -> tuple[LineItem, ...]:
    """The items that are proved, prices in cents; none where nothing is."""
    table = find_table(texts)
    if table is None:
        return ()
    reader = _TableReader(table)
    for text in texts[table.start : table.end]:
        reader.take(text)
    found = _settle_numbers(reader.found)
    if not is_printed_sum([each.row.price for each in found], reader.aside, texts[table.end :]):
        return tuple(item for item, each in zip(_items(found), found, strict=True) if each.row.multiplied)
    return tuple(_items(found))


class _TableReader:
    """Walks down the rows of a table, and keeps the words that stand between two prices for both."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.found: list[_Found] = []
        self.aside: list[int] = []
        """Cents that rows among the items take off or charge."""
        self._words: list[str] = []
        self._is_below_price = False
        self._counted: tuple[int, int] | None = None

    def take(self, text: str) -> None:
        """Take the next row."""
        row, counted, other = self._priced(text), counted_unit_price(text), aside_in(text)
        if counted:
            self._explain(counted)
        elif other is not None:
            self.aside.append(other)
        elif row:
            self._add(row)
        elif has_decimals(text):
            self._lose()
        elif is_name(text):
            self._words.append(text)
            if self._is_below_price:
                self.found[-1] = replace(self.found[-1], below=tuple(self._words))

    def _priced(self, text: str) -> PricedRow | None:
        row = priced_row(text, self._table.has_counts)
        bare = row is not None and self._table.has_units and _COUNTED_UNIT.fullmatch(row.words)
        return replace(row, words="", loose=None) if row and bare else row

    def _explain(self, counted: tuple[int, int]) -> None:
        """Take `2 @ 8.99`, which tells of the price above it, or else of the one below."""
        if self.found and counted[0] * counted[1] == self.found[-1].row.price:
            self.found[-1] = replace(self.found[-1], row=_counted(self.found[-1].row, counted[0]))
        else:
            self._counted = counted

    def _add(self, row: PricedRow) -> None:
        if self._counted and self._counted[0] * self._counted[1] == row.price:
            row = _counted(row, self._counted[0])
        elif self._counted:
            self._lose()
        self.found.append(_Found(row, above=tuple(self._words)))
        self._words, self._is_below_price, self._counted = [], True, None

    def _lose(self) -> None:
        """Let go the words so far: they may name what costs a price that was not read."""
        self._words, self._is_below_price = [], False


def _counted(row: PricedRow, count: int) -> PricedRow:
    return replace(row, count=count, multiplied=True, loose=None)


def _settle_numbers(found: Sequence[_Found]) -> list[_Found]:
    """Rows whose words begin with a small number told apart: numbers that run on are the rows', others are counts.

    A count divides the price; any other number belongs to the name.
    """
    running = len(found) > 1 and all(each.row.words.startswith(f"{at} ") for at, each in enumerate(found, start=1))
    settled = []
    for each in found:
        row = each.row
        if running:
            row = replace(row, words=row.words.partition(" ")[2])
        elif row.loose and not row.multiplied and row.price % row.loose == 0:
            row = replace(row, words=without_number(row.words), count=row.loose)
        settled.append(replace(each, row=row))
    return settled


def _items(found: Sequence[_Found]) -> list[LineItem]:
    own_words = without_shop_codes([each.row.words for each in found])
    has_bare_rows = not all(is_name(words) for words in own_words)
    names_below = bool(found) and bool(found[-1].below) and not found[0].above
    items = []
    for each, words in zip(found, own_words, strict=True):
        if not has_bare_rows:
            name = tidy_name([words, *each.below[:_MAX_NAME_ROWS]])
        elif is_name(words):
            name = tidy_name([words])
        else:
            name = tidy_name(each.below[:_MAX_NAME_ROWS] if names_below else each.above[-_MAX_NAME_ROWS:])
        items.append(LineItem(name=name, price=each.row.price, count=each.row.count, category=category_of(name)))
    return items
