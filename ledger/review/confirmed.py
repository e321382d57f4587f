"""The confirmed ledger as people look at it: search, and one receipt's JSON."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ledger.database import Database
from ledger.receipt import to_contract
from ledger.review.confirm import confirmed_receipt
from ledger.tables import ExtractionRow, ItemRow, LedgerRow, ReceiptRow, ReviewRow

_PAGE: Final = 200
"""Receipts held in memory at a time where all of them are wanted."""


@dataclass(frozen=True, slots=True)
class ConfirmedReceipt:
    """One confirmed receipt. `document` is the contract's JSON as confirmed or amended since, and the currency."""

    receipt_id: int
    review_id: int
    """The decision that it was confirmed or last amended by."""
    ledger_id: int
    object_key: str
    member_id: str | None
    operator: str
    confirmed_at: dt.datetime
    photo_changed: bool
    """The photo in the store is not the one that was confirmed."""
    document: dict[str, Any]
    unattended: bool = False
    """It was confirmed without a person, and nobody has amended it since."""


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; None is no limit. `text` is looked for in places and item names."""

    text: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def search_confirmed(
    database: Database, search: Search, *, limit: int = 200, after: int | None = None
) -> list[ConfirmedReceipt]:
    """Confirmed receipts, newest day first; `after` is the receipt_id of the last one of the page before."""
    later = aliased(ReviewRow)
    counting = later.receipt_id == ReceiptRow.id, later.undone_at.is_(None)
    newest = sa.select(sa.func.max(later.id)).where(*counting).correlate(ReceiptRow)
    query = (
        sa.select(ReceiptRow, ReviewRow, ExtractionRow.etag)
        .join(LedgerRow, LedgerRow.id == ReceiptRow.ledger_id)
        .join(ReviewRow, sa.and_(ReviewRow.receipt_id == ReceiptRow.id, ReviewRow.id == newest.scalar_subquery()))
        .outerjoin(ExtractionRow, ExtractionRow.id == ReviewRow.extraction_id)
        .where(ReceiptRow.status == "confirmed", *conditions(search), *_beyond(after))
        .order_by(LedgerRow.date.desc(), ReceiptRow.id.desc())
        .limit(limit)
    )
    with database.read() as session:
        return [_confirmed(receipt, review, etag) for receipt, review, etag in session.execute(query)]


def all_confirmed(database: Database, search: Search) -> Iterator[ConfirmedReceipt]:
    """Every confirmed receipt that matches, in the same order, fetched a page at a time."""
    after = None
    while page := search_confirmed(database, search, limit=_PAGE, after=after):
        yield from page
        after = page[-1].receipt_id


def conditions(search: Search) -> list[sa.ColumnElement[bool]]:
    """What rows of the ledger have to fulfil."""
    found: list[sa.ColumnElement[bool]] = []
    if search.text.strip():
        # The text may hold % or _, which mean themselves here, and Hangul taken apart, as files of a Mac name it.
        text = unicodedata.normalize("NFC", search.text.strip())
        of_item = sa.select(ItemRow.ledger_id).where(ItemRow.name.contains(text, autoescape=True))
        found.append(LedgerRow.location.contains(text, autoescape=True) | LedgerRow.id.in_(of_item))
    if search.since:
        found.append(LedgerRow.date >= search.since)
    if search.until:
        found.append(LedgerRow.date <= search.until)
    return found


def _beyond(after: int | None) -> list[sa.ColumnElement[bool]]:
    if after is None:
        return []
    last, ledger = aliased(ReceiptRow), aliased(LedgerRow)
    day = sa.select(ledger.date).join(last, last.ledger_id == ledger.id).where(last.id == after).scalar_subquery()
    return [(LedgerRow.date < day) | ((LedgerRow.date == day) & (ReceiptRow.id < after))]


def _confirmed(receipt: ReceiptRow, review: ReviewRow, read_etag: str | None) -> ConfirmedReceipt:
    assert receipt.ledger_id is not None
    confirmed = confirmed_receipt(review)
    return ConfirmedReceipt(
        receipt_id=receipt.id,
        review_id=review.id,
        ledger_id=receipt.ledger_id,
        object_key=receipt.object_key,
        member_id=receipt.member_id,
        operator=review.operator,
        unattended=review.auto_confirm_id is not None,
        confirmed_at=review.created_at,
        # Where nothing was read there is no photo to compare with, only the time.
        photo_changed=receipt.arrived_at > review.created_at if read_etag is None else receipt.etag != read_etag,
        document=to_contract(confirmed) | {"currency": confirmed.currency},
    )
