"""Confirmed items <-> the table in which they are edited at leisure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from ledger.receipt import Category
from ledger.review.amend import ItemChange
from ledger.review.confirmed import ConfirmedReceipt
from ledger.review.document import parse_category, parse_name

COLUMNS: Final = ("receipt_id", "date", "location", "name", "count", "price", "category")


def items_frame(receipts: Sequence[ConfirmedReceipt]) -> pd.DataFrame:
    """One row an item, in COLUMNS and its `place` among the receipt's items."""
    rows = [
        {"receipt_id": r.receipt_id, "date": r.document["date"], "location": r.document["location"], "place": place}
        | item
        for r in receipts
        for place, item in enumerate(r.document["items"])
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, "place"])


def item_changes(frame: pd.DataFrame, edited_rows: Mapping[int, Mapping[str, Any]]) -> list[ItemChange]:
    """The edits of a table as changes. `edited_rows` is by row number, as the table reports it.

    Raises FieldRefused for a name or category that its field cannot hold.
    """
    changes = []
    for row, values in sorted(edited_rows.items()):
        item = frame.iloc[int(row)]
        clean = _clean(values)
        shown = {field: str(item[field]) for field in clean}
        changes.append(ItemChange(int(item["receipt_id"]), int(item["place"]), clean, shown))
    return changes


def categories() -> list[str]:
    """Categories in the order of the contract."""
    return [category.value for category in Category]


def _clean(values: Mapping[str, Any]) -> dict[str, str]:
    clean: dict[str, str] = {}
    if "name" in values:
        clean["name"] = parse_name(str(values["name"] or ""))
    if "category" in values:
        clean["category"] = parse_category(str(values["category"] or ""))
    return clean
