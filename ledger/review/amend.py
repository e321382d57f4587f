"""Changes to items after they were confirmed: the ledger's rows, a new review, and a correction for each change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.corrections.diff import Correction, align
from ledger.database import Database
from ledger.errors import ItemsChanged
from ledger.receipt import UNREADABLE_NUMBER, UNREADABLE_TEXT, Category, LineItem, ReceiptStatus, to_contract
from ledger.review import shop_items
from ledger.review.confirm import Action, add_corrections, add_review, confirmed_receipt, reading_of
from ledger.review.queue import newest_review
from ledger.review.unattended import is_unattended
from ledger.tables import ItemRow, ReceiptRow, ReviewRow

AMENDABLE: Final = ("name", "category")
"""Fields that may be changed in bulk. Amounts are changed with the photo in view, one receipt at a time."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """New values for one confirmed item; `index` counts the receipt's items from 0."""

    receipt_id: int
    index: int
    values: Mapping[str, str]
    """Some of AMENDABLE."""
    shown: Mapping[str, str]
    """The values that the operator saw there, of the same fields."""


def amend(database: Database, changes: list[ItemChange], *, action_id: str, operator: str, now: dt.datetime) -> int:
    """Apply all changes in one transaction and return how many fields changed; a repeated action changes nothing.

    Raises ItemsChanged when a receipt is no longer as it was shown, and DatabaseError; then nothing was written.
    """
    return database.retry(_amend, changes, action_id, operator, now)


def _amend(session: Session, changes: list[ItemChange], action_id: str, operator: str, now: dt.datetime) -> int:
    by_receipt: dict[int, list[ItemChange]] = {}
    for change in changes:
        by_receipt.setdefault(change.receipt_id, []).append(change)
    return sum(
        _amend_receipt(session, receipt_id, mine, f"{action_id}:{receipt_id}", operator, now)
        for receipt_id, mine in sorted(by_receipt.items())
    )


def _amend_receipt(
    session: Session, receipt_id: int, changes: list[ItemChange], action_id: str, operator: str, now: dt.datetime
) -> int:
    receipt, before = _confirmed(session, receipt_id)
    if session.scalar(sa.select(ReviewRow.id).where(ReviewRow.action_id == action_id)) is not None:
        return 0
    rows = _item_rows(session, receipt, before)
    items = _items(before)
    wanted = _wanted(changes, items)
    if not wanted:
        return 0
    action = Action(action_id, receipt_id, before.extraction_id, operator, now, receipt.etag)
    review = add_review(session, action, "amended", document=_amended(before, wanted))
    models = _model_items(session, before)
    for i, field, value in wanted:
        add_corrections(session, review, [_correction(field, value, models, i)], previous_value=items[i][field])
        items[i][field] = value
        setattr(rows[i], field, value)
    receipt.version += 1
    if not is_unattended(session, receipt_id):  # its names were never counted: nobody looked at the other ones
        shop_items.withdraw(session, confirmed_receipt(before))
        shop_items.keep(session, confirmed_receipt(review))
    return len(wanted)


def _confirmed(session: Session, receipt_id: int) -> tuple[ReceiptRow, ReviewRow]:
    """The receipt, locked, and its newest review. Raises ItemsChanged when it is not confirmed (any more)."""
    receipt = session.get(ReceiptRow, receipt_id, with_for_update=True)
    if receipt is None or receipt.status != ReceiptStatus.CONFIRMED:
        raise ItemsChanged(receipt_id=receipt_id)
    review = newest_review(session, receipt_id)
    assert review is not None, "a confirmed receipt has a review"
    return receipt, review


def _wanted(changes: list[ItemChange], items: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    """What is to be changed: (item, field, value). Raises ItemsChanged when another value stands there now."""
    wanted = []
    for change in changes:
        if change.index >= len(items):
            raise ItemsChanged(receipt_id=change.receipt_id)
        now = items[change.index]
        fields = [field for field in AMENDABLE if field in change.values and now[field] != change.values[field]]
        if any(now[field] != change.shown[field] for field in fields):
            raise ItemsChanged(receipt_id=change.receipt_id)
        wanted += [(change.index, field, change.values[field]) for field in fields]
    return wanted


def _item_rows(session: Session, receipt: ReceiptRow, review: ReviewRow) -> list[ItemRow]:
    """The ledger's rows in the order of the document. Raises ItemsChanged when somebody else changed them."""
    rows = list(session.scalars(sa.select(ItemRow).where(ItemRow.ledger_id == receipt.ledger_id).order_by(ItemRow.id)))
    confirmed = [_as_in_ledger(item) for item in _items(review)]
    if [(row.name, row.price, row.quantity, row.category) for row in rows] != confirmed:
        raise ItemsChanged(receipt_id=receipt.id)
    return rows


def _items(review: ReviewRow) -> list[dict[str, Any]]:
    """The items as they are shown and stand in the ledger: in the contract's words."""
    items: list[dict[str, Any]] = to_contract(confirmed_receipt(review))["items"]
    return items


def _amended(before: ReviewRow, wanted: list[tuple[int, str, str]]) -> dict[str, Any]:
    document = confirmed_receipt(before).model_dump(mode="json")
    for i, field, value in wanted:
        document["items"][i][field] = value
    return document


def _as_in_ledger(item: Mapping[str, Any]) -> tuple[str, int, int, str]:
    """Name, price, quantity and category as a confirm writes them: the ledger's rows have no word for unreadable."""
    count = 1 if item["count"] == UNREADABLE_NUMBER else item["count"]
    category = Category.OTHER.value if item["category"] == UNREADABLE_TEXT else item["category"]
    return item["name"], item["price"], count, category


def _model_items(session: Session, review: ReviewRow) -> dict[int, tuple[int, LineItem]]:
    """For each confirmed item, what the model read for it: (index in the reading, item)."""
    if review.extraction_id is None:
        return {}
    model = reading_of(session, review.receipt_id, review.extraction_id).items
    human = confirmed_receipt(review).items
    return {j: (i, model[i]) for i, j in align(model, human) if i is not None and j is not None}


def _correction(field: str, value: str, models: dict[int, tuple[int, LineItem]], index: int) -> Correction:
    model_index, model_item = models.get(index, (index, None))
    read: Any = None if model_item is None else model_item.model_dump(mode="json")[field]
    return Correction(f"item.{field}", read, value, model_index)
