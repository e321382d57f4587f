"""Changes to items after they were confirmed: the ledger's rows, a new review, and a correction for each change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.corrections.diff import align
from ledger.database import Database
from ledger.errors import ItemsChanged
from ledger.receipt import UNREADABLE_NUMBER, UNREADABLE_TEXT, Category, LineItem, ReceiptStatus, to_contract
from ledger.review.confirm import confirmed_receipt, reading_of
from ledger.tables import CorrectionRow, ItemRow, ReceiptRow, ReviewRow

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
    review = _next_review(before, action_id, operator, now)
    session.add(review)
    session.flush()
    models = _model_items(session, before)
    for i, field, value in wanted:
        session.add(_correction(review, field, value, items[i][field], models, i))
        items[i][field] = value
        setattr(rows[i], field, value)
    review.document = _amended(before, wanted)
    receipt.version += 1
    return len(wanted)


def _confirmed(session: Session, receipt_id: int) -> tuple[ReceiptRow, ReviewRow]:
    """The receipt, locked, and its newest review. Raises ItemsChanged when it is not confirmed (any more)."""
    receipt = session.get(ReceiptRow, receipt_id, with_for_update=True)
    if receipt is None or receipt.status != ReceiptStatus.CONFIRMED:
        raise ItemsChanged(receipt_id=receipt_id)
    newest = sa.select(ReviewRow).where(ReviewRow.receipt_id == receipt_id).order_by(ReviewRow.id.desc()).limit(1)
    return receipt, session.scalars(newest).one()


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


def _next_review(before: ReviewRow, action_id: str, operator: str, now: dt.datetime) -> ReviewRow:
    return ReviewRow(
        action_id=action_id,
        receipt_id=before.receipt_id,
        extraction_id=before.extraction_id,
        decision="amended",
        document=before.document,
        operator=operator,
        created_at=now,
    )


def _model_items(session: Session, review: ReviewRow) -> dict[int, tuple[int, LineItem]]:
    """For each confirmed item, what the model read for it: (index in the reading, item)."""
    if review.extraction_id is None:
        return {}
    model = reading_of(session, review.receipt_id, review.extraction_id).items
    human = confirmed_receipt(review).items
    return {j: (i, model[i]) for i, j in align(model, human) if i is not None and j is not None}


def _correction(
    review: ReviewRow,
    field: str,
    value: str,
    previous: str,
    models: dict[int, tuple[int, LineItem]],
    index: int,
) -> CorrectionRow:
    model_index, model_item = models.get(index, (None, None))
    read: Any = None if model_item is None else model_item.model_dump(mode="json")[field]
    return CorrectionRow(
        review_id=review.id,
        receipt_id=review.receipt_id,
        extraction_id=review.extraction_id,
        field=f"item.{field}",
        item_index=model_index if model_index is not None else index,
        model_value=read,
        human_value=value,
        previous_value=previous,
        created_at=review.created_at,
    )
