"""Confirmed receipts as files: JSON for programs, CSV for spreadsheets, piece by piece."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any, Final

from ledger.review.confirmed import ConfirmedReceipt
from ledger.review.ledger_view import Entry

_BOUGHT: Final = ("location", "total_amount", "currency", "name", "price", "count", "category")
COLUMNS: Final = ("receipt_id", "date", *_BOUGHT)
"""Columns of the CSV. `total_amount` is the receipt's; what follows the currency is the item's."""
LEDGER_COLUMNS: Final = ("date", "receipt_id", *_BOUGHT)
"""Columns of a member's ledger as CSV. Rows that the app wrote itself have no receipt and no total."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that spreadsheets run instead of showing (OWASP, "CSV Injection")."""
_BYTE_ORDER_MARK: Final = "\N{BYTE ORDER MARK}"
"""Makes spreadsheets read the file as UTF-8; without it they break Hangul."""


def json_file(receipts: Iterable[ConfirmedReceipt]) -> Iterator[str]:
    """One array with the document of each receipt and its `receipt_id`."""
    separator = "[\n"
    for receipt in receipts:
        document = {"receipt_id": receipt.receipt_id} | receipt.document
        yield separator + textwrap.indent(json.dumps(document, ensure_ascii=False, indent=2), "  ")
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def csv_file(receipts: Iterable[ConfirmedReceipt]) -> Iterator[str]:
    """A table with a head and one row an item; a receipt without items is one row without an item."""
    return table_file(COLUMNS, _rows(receipts))


def ledger_file(entries: Iterable[Entry]) -> Iterator[str]:
    """A member's ledger as CSV, one row an item, so that the prices add up to what the screen says."""
    return table_file(LEDGER_COLUMNS, (row for entry in entries for row in _entry_rows(entry)))


def _entry_rows(entry: Entry) -> Iterator[list[object]]:
    bought = [entry.date, entry.receipt_id, entry.location, entry.total, entry.currency]
    for item in entry.items:
        yield [*bought, item.name, item.price, item.count, item.category]
    if not entry.items:
        yield [*bought, None, None, None, None]


def table_file(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A CSV that spreadsheets read as it is meant: Hangul stays whole, and no text is run as a formula."""
    yield _BYTE_ORDER_MARK + _line(head)
    for row in rows:
        yield _line([_cell(value) for value in row])


def _rows(receipts: Iterable[ConfirmedReceipt]) -> Iterator[list[object]]:
    for receipt in receipts:
        document = {"receipt_id": receipt.receipt_id} | receipt.document
        for item in document["items"] or [{}]:
            yield [(document | item).get(column) for column in COLUMNS]


def _cell(value: object) -> object:
    """Texts that a spreadsheet would take for a formula are made texts by an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _line(cells: Iterable[Any]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()
