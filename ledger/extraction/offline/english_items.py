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
    found, aside = _walk(texts[table.start : table.end], table)
    found = _settle_numbers(found)
    if not is_printed_sum([each.row.price for each in found], aside, texts[table.end :]):
        return tuple(item for item, each in zip(_items(found), found, strict=True) if each.row.multiplied)
    return tuple(_items(found))


def _walk(rows: Sequence[str], table: Table) -> tuple[list[_Found], list[int]]:
    """The priced rows with the words around them, and in cents what other rows among them take off or charge."""
    found: list[_Found] = []
    aside: list[int] = []
    words: list[str] = []
    is_below = False
    for text in rows:
        row, counted, other = _priced(text, table), counted_unit_price(text), aside_in(text)
        if counted and found and counted[0] * counted[1] == found[-1].row.price:
            found[-1] = replace(found[-1], row=replace(found[-1].row, count=counted[0], multiplied=True, loose=None))
        elif other is not None:
            aside.append(other)
        elif row and not counted:
            found.append(_Found(row, above=tuple(words)))
            words, is_below = [], True
        elif has_decimals(text):
            # What this row costs was not read; words around it may be its name.
            words, is_below = [], False
        elif is_name(text):
            words.append(text)
            found[-1:] = [replace(each, below=tuple(words)) for each in found[-1:] if is_below] or found[-1:]
    return found, aside


def _priced(text: str, table: Table) -> PricedRow | None:
    row = priced_row(text, table.has_counts)
    bare = row is not None and table.has_units and _COUNTED_UNIT.fullmatch(row.words)
    return replace(row, words="", loose=None) if row and bare else row


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
