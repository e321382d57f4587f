"""The list of receipts that wait for nobody before some time."""

from __future__ import annotations

import datetime as dt
import unicodedata

import sqlalchemy as sa

from ledger.database import Database, up_to
from ledger.review.lists import COUNTED, PAGE, Count, Line
from ledger.review.wanted import ALL, READY, Filter
from ledger.tables import ReceiptRow


def postponed_page(
    database: Database, now: dt.datetime, wanted: Filter = ALL, after: str = "", limit: int = PAGE
) -> list[Line]:
    """The receipts that are postponed, from where the page before ended; what comes back first, first.

    They are few, so a text is looked for in each of them.
    """
    by = ReceiptRow.postponed_until, ReceiptRow.id
    query = sa.select(ReceiptRow).where(*_postponed(now), *wanted.conditions())
    if text := unicodedata.normalize("NFC", wanted.text).strip():
        in_place = ReceiptRow.read_place.icontains(text, autoescape=True)
        query = query.where(sa.or_(in_place, ReceiptRow.id == wanted.number) if wanted.number else in_place)
    if (last := _last(after)) is not None:
        query = query.where(
            sa.tuple_(*by)
            > sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(last, by, strict=True)))
        )
    with database.read() as session:
        return [Line(row, _cursor(row)) for row in session.scalars(query.order_by(*by).limit(limit))]


def count_postponed(database: Database, now: dt.datetime) -> Count:
    """How many are postponed, counted up to a thousand."""
    with database.read() as session:
        return Count.of(session.scalar(up_to(sa.select(ReceiptRow.id).where(*_postponed(now)), COUNTED + 1)) or 0)


def first_back(database: Database, now: dt.datetime) -> dt.datetime | None:
    """When the first of them comes back; None while none is postponed."""
    with database.read() as session:
        return session.scalar(sa.select(sa.func.min(ReceiptRow.postponed_until)).where(*_postponed(now)))


def _postponed(now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return ReceiptRow.status.in_(READY), ReceiptRow.skipped_at.is_(None), ReceiptRow.postponed_until > now


def _cursor(row: ReceiptRow) -> str:
    return f"{row.postponed_until.isoformat() if row.postponed_until else ''}|{row.id}"


def _last(after: str) -> tuple[dt.datetime, int] | None:
    """Time and id of a cursor; None for none, or one of another list, as an old address may hold."""
    until, _, receipt_id = after.partition("|")
    try:
        return dt.datetime.fromisoformat(until), int(receipt_id)
    except ValueError:
        return None
