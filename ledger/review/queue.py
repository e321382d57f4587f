"""What waits for a person: which receipt is next, what it shows, and the operator's draft of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.errors import DraftConflict, ReceiptClosed, ReceiptNotFound
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
    origin: ExtractionRow | None
    """Reading that the draft began from."""
    review: ReviewRow | None
    """Newest decision; None while the receipt is open."""

    @property
    def model(self) -> Receipt | None:
        """What was read; None when every reading failed so far."""
        return Receipt.model_validate(self.reading.document) if self.reading else None


def next_receipts(
    database: Database, limit: int, skip: int | None = None, *, operator: str | None = None
) -> list[ReceiptRow]:
    """The receipts to review next, oldest first. `skip` is left out.

    What others than `operator` have drafted comes after the untouched, and what was postponed comes last.
    """
    of_others = sa.and_(DraftRow.receipt_id.is_not(None), DraftRow.operator != (operator or ""))
    query = (
        sa.select(ReceiptRow)
        .outerjoin(DraftRow, DraftRow.receipt_id == ReceiptRow.id)
        .where(ReceiptRow.status.in_(READY), ReceiptRow.id != (skip or 0))
        .order_by(
            ReceiptRow.skipped_at.is_not(None),
            sa.case((of_others, 1), else_=0),
            ReceiptRow.skipped_at,
            ReceiptRow.id,
        )
        .limit(limit)
    )
    with database.read() as session:
        return list(session.scalars(query))


def open_receipt(database: Database, receipt_id: int) -> OpenReceipt:
    """Everything the desk shows of one receipt. Raises ReceiptNotFound."""
    with database.read() as session:
        row = _row(session, receipt_id)
        draft = session.get(DraftRow, receipt_id)
        return OpenReceipt(
            row=row,
            reading=_run(session, row.extraction_id),
            failure=_run(session, row.failure_id),
            draft=draft,
            origin=_run(session, draft.extraction_id) if draft else None,
            review=newest_review(session, receipt_id),
        )


def skip(database: Database, receipt_id: int, operator: str, now: dt.datetime) -> None:  # noqa: ARG001 (claims)
    """Put an open receipt behind all others; its draft stays."""
    with database.write() as session:
        session.execute(sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id).values(skipped_at=now))


def postpone(
    database: Database,
    receipt_id: int,
    until: dt.datetime,
    operator: str,  # noqa: ARG001 (claims)
    now: dt.datetime,  # noqa: ARG001 (claims)
) -> None:
    """Let an open receipt wait for nobody before this time; its draft stays."""
    with database.write() as session:
        session.execute(sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id).values(postponed_until=until))


def save_draft(
    database: Database,
    receipt_id: int,
    document: Mapping[str, Any],
    *,
    extraction_id: int | None,
    operator: str,
    client_id: str,
    client_ms: int,
    now: dt.datetime,
    seen_revision: int = 0,
    same_browser: bool = False,
) -> int:
    """Keep what stands in the form, on top of the revision that its operator has seen, and return the new revision.

    With `same_browser` also on top of an older text of the same browser, by that browser's own clock: there the
    revision is not known any more. Raises DraftConflict when another text stands there, ReceiptClosed and
    ReceiptNotFound when there is nothing left to draft; then nothing was stored.
    """
    values: dict[str, Any] = {"extraction_id": extraction_id, "document": dict(document), "operator": operator}
    values |= {"client_id": client_id, "client_ms": client_ms, "updated_at": now}
    on_top = DraftRow.revision == seen_revision
    if same_browser:
        on_top = sa.or_(on_top, sa.and_(DraftRow.client_id == client_id, DraftRow.client_ms <= client_ms))
    with database.write() as session:
        _begin_review(session, receipt_id)
        return _store_draft(session, receipt_id, values, on_top, seen_revision)


def discard_draft(database: Database, receipt_id: int) -> None:
    """Drop the draft of a receipt, which so is untouched again. Raises ReceiptClosed and ReceiptNotFound."""
    with database.write() as session:
        _begin_review(session, receipt_id)
        session.execute(sa.delete(DraftRow).where(DraftRow.receipt_id == receipt_id))
        begun = sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id, ReceiptRow.status == ReceiptStatus.IN_REVIEW)
        session.execute(begun.values(status=ReceiptStatus.EXTRACTED))


def receipt_row(database: Database, receipt_id: int) -> ReceiptRow:
    """Where a receipt stands now. Raises ReceiptNotFound."""
    with database.read() as session:
        return _row(session, receipt_id)


def status_counts(database: Database) -> dict[ReceiptStatus, int]:
    """Receipts by status; every status is a key."""
    query = sa.select(ReceiptRow.status, sa.func.count()).group_by(ReceiptRow.status)
    with database.read() as session:
        found = dict(session.execute(query).all())
    return {status: found.get(status, 0) for status in ReceiptStatus}


def _row(session: Session, receipt_id: int) -> ReceiptRow:
    row = session.get(ReceiptRow, receipt_id)
    if row is None:
        raise ReceiptNotFound(receipt_id=receipt_id)
    return row


def _run(session: Session, extraction_id: int | None) -> ExtractionRow | None:
    return None if extraction_id is None else session.get(ExtractionRow, extraction_id)


def newest_review(session: Session, receipt_id: int) -> ReviewRow | None:
    """The newest decision about a receipt that counts; None while there is none."""
    counting = ReviewRow.receipt_id == receipt_id, ReviewRow.undone_at.is_(None)
    return session.scalar(sa.select(ReviewRow).where(*counting).order_by(ReviewRow.id.desc()).limit(1))


def _store_draft(
    session: Session, receipt_id: int, values: dict[str, Any], on_top: sa.ColumnElement[bool], seen_revision: int
) -> int:
    mine = sa.select(DraftRow.revision, DraftRow.operator).where(DraftRow.receipt_id == receipt_id)
    replace = sa.update(DraftRow).where(DraftRow.receipt_id == receipt_id, on_top)
    if rows_changed(session, replace.values(revision=DraftRow.revision + 1, **values)) == 0:
        if (other := session.execute(mine).one_or_none()) is not None:
            raise DraftConflict(receipt_id=receipt_id, operator=other.operator)
        session.add(DraftRow(receipt_id=receipt_id, revision=seen_revision + 1, **values))
        session.flush()
    return int(session.execute(mine).one().revision)


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
