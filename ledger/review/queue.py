"""What waits for a person: which receipt is next, what it shows, and the operator's draft of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.errors import ReceiptClosed, ReceiptNotFound
from ledger.receipt import OPEN_STATUSES, Receipt, ReceiptStatus
from ledger.tables import DraftRow, ExtractionRow, ReceiptRow, ReviewRow

READY: Final = (ReceiptStatus.EXTRACTED, ReceiptStatus.IN_REVIEW)
"""Statuses of receipts that were read and wait for a decision."""


@dataclass(frozen=True, slots=True)
class OpenReceipt:
    """A receipt as it is opened on the desk."""

    row: ReceiptRow
    reading: ExtractionRow | None
    """Newest successful reading."""
    failure: ExtractionRow | None
    """Newest reading, if that one failed."""
    draft: DraftRow | None
    review: ReviewRow | None
    """Newest decision; None while the receipt is open."""

    @property
    def model(self) -> Receipt | None:
        """What was read; None when every reading failed so far."""
        return Receipt.model_validate(self.reading.document) if self.reading else None


def next_receipts(database: Database, limit: int, skip: int | None = None) -> list[ReceiptRow]:
    """The receipts to review next, oldest first; postponed ones come last. `skip` is left out."""
    query = (
        sa.select(ReceiptRow)
        .where(ReceiptRow.status.in_(READY), ReceiptRow.id != (skip or 0))
        .order_by(ReceiptRow.postponed_at.is_not(None), ReceiptRow.postponed_at, ReceiptRow.id)
        .limit(limit)
    )
    with database.read() as session:
        return list(session.scalars(query))


def open_receipt(database: Database, receipt_id: int) -> OpenReceipt:
    """Everything the desk shows of one receipt. Raises ReceiptNotFound."""
    with database.read() as session:
        row = session.get(ReceiptRow, receipt_id)
        if row is None:
            raise ReceiptNotFound(receipt_id=receipt_id)
        return OpenReceipt(
            row=row,
            reading=_run(session, row.extraction_id),
            failure=_run(session, row.failure_id),
            draft=session.get(DraftRow, receipt_id),
            review=_newest_review(session, receipt_id),
        )


def postpone(database: Database, receipt_id: int, now: dt.datetime) -> None:
    """Put an open receipt behind all others; its draft stays."""
    with database.write() as session:
        session.execute(sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id).values(postponed_at=now))


def save_draft(
    database: Database,
    receipt_id: int,
    document: Mapping[str, Any],
    *,
    extraction_id: int | None,
    operator: str,
    client_ms: int,
    now: dt.datetime,
) -> None:
    """Keep what stands in the form. An older text never replaces a newer one of the same browser's clock.

    Raises ReceiptClosed and ReceiptNotFound when there is nothing left to draft.
    """
    with database.write() as session:
        _begin_review(session, receipt_id)
        draft = session.get(DraftRow, receipt_id) or DraftRow(receipt_id=receipt_id, client_ms=0)
        if draft.client_ms > client_ms:
            return
        draft.extraction_id, draft.document, draft.operator = extraction_id, dict(document), operator
        draft.client_ms, draft.updated_at = client_ms, now
        session.add(draft)


def status_counts(database: Database) -> dict[ReceiptStatus, int]:
    """Receipts by status; every status is a key."""
    query = sa.select(ReceiptRow.status, sa.func.count()).group_by(ReceiptRow.status)
    with database.read() as session:
        found = dict(session.execute(query).all())
    return {status: found.get(status, 0) for status in ReceiptStatus}


def _run(session: Session, extraction_id: int | None) -> ExtractionRow | None:
    return None if extraction_id is None else session.get(ExtractionRow, extraction_id)


def _newest_review(session: Session, receipt_id: int) -> ReviewRow | None:
    query = sa.select(ReviewRow).where(ReviewRow.receipt_id == receipt_id).order_by(ReviewRow.id.desc()).limit(1)
    return session.scalar(query)


def _begin_review(session: Session, receipt_id: int) -> None:
    """Mark a receipt as being worked on. The update locks its row: a confirm comes wholly before or after."""
    begun = sa.case((ReceiptRow.status == ReceiptStatus.EXTRACTED, ReceiptStatus.IN_REVIEW), else_=ReceiptRow.status)
    update = sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id, ReceiptRow.status.in_(OPEN_STATUSES))
    if rows_changed(session, update.values(status=begun)) == 1:
        return
    status = session.scalar(sa.select(ReceiptRow.status).where(ReceiptRow.id == receipt_id))
    if status is None:
        raise ReceiptNotFound(receipt_id=receipt_id)
    raise ReceiptClosed(receipt_id=receipt_id, status=ReceiptStatus(status))
