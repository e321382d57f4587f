"""What lies in the inbox: photos that wait to be read, are being read, or could not be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.database import Database
from ledger.receipt import ReceiptStatus
from ledger.tables import UNREAD, ExtractionRow, ReceiptRow


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """One photo in a list; no texts or pictures, so that a long list stays light."""

    receipt_id: int
    object_key: str
    status: ReceiptStatus
    size: int
    arrived_at: dt.datetime
    being_read: bool
    error_class: str | None
    error_message: str | None
    error_fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far background reading is."""

    waiting: int
    """Photos not yet read, those in work included."""
    in_work: int


def list_photos(
    database: Database,
    statuses: Sequence[ReceiptStatus],
    now: dt.datetime,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[PhotoLine]:
    """Photos in these statuses, newest first; `before` is the last id of the page above."""
    columns = (ReceiptRow, ExtractionRow.error_class, ExtractionRow.error_message, ExtractionRow.error_fields)
    query = (
        sa.select(*columns)
        .outerjoin(ExtractionRow, ExtractionRow.id == ReceiptRow.failure_id)
        .where(ReceiptRow.status.in_(statuses))
        .order_by(ReceiptRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(ReceiptRow.id < before)
    with database.read() as session:
        found = session.execute(query).all()
    return [_line(row, error_class, message, fields, now) for row, error_class, message, fields in found]


def count_photos(database: Database, statuses: Sequence[ReceiptStatus]) -> int:
    """How many photos are in these statuses."""
    query = sa.select(sa.func.count()).select_from(ReceiptRow).where(ReceiptRow.status.in_(statuses))
    with database.read() as session:
        return session.scalar(query) or 0


def reading_progress(database: Database, now: dt.datetime) -> Progress:
    """Photos that are unread, and photos that somebody reads at this moment."""
    in_work = ReceiptRow.reading_until > now
    query = sa.select(
        sa.func.coalesce(sa.func.sum(sa.case((sa.or_(UNREAD, in_work), 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((in_work, 1), else_=0)), 0),
    )
    with database.read() as session:
        waiting, reading = session.execute(query).one()
    return Progress(int(waiting), int(reading))


def _line(
    row: ReceiptRow, error_class: str | None, message: str | None, fields: dict[str, Any] | None, now: dt.datetime
) -> PhotoLine:
    return PhotoLine(
        receipt_id=row.id,
        object_key=row.object_key,
        status=ReceiptStatus(row.status),
        size=row.size,
        arrived_at=row.arrived_at,
        being_read=row.reading_until is not None and row.reading_until > now,
        error_class=error_class,
        error_message=message,
        error_fields=fields or {},
    )
