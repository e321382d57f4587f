"""What happened on a desk, put straight into the tables: figures are computed from it by hand."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any, Final

from ledger.database import Database
from ledger.operations.period import Period
from ledger.receipt import ReceiptStatus
from ledger.tables import CorrectionRow, ExtractionRow, ReceiptRow, ReviewRow

SEOUL: Final = "Asia/Seoul"
DAY: Final = dt.date(2026, 11, 20)
MIDNIGHT: Final = dt.datetime(2026, 11, 19, 15, tzinfo=dt.UTC)
"""Of DAY in Seoul, nine hours ahead of UTC."""
THAT_DAY: Final = Period.of(DAY, DAY, SEOUL)

_clicks = itertools.count()


def at(hours: float) -> dt.datetime:
    """So many hours after the beginning of DAY."""
    return MIDNIGHT + dt.timedelta(hours=hours)


def arrived(
    database: Database, when: dt.datetime = MIDNIGHT, status: ReceiptStatus = ReceiptStatus.PENDING, count: int = 1
) -> int:
    """Id of the last of so many receipts."""
    with database.write() as session:
        for _ in range(count):
            name = f"{next(_clicks)}.jpg"
            row = ReceiptRow(object_hash=name, store="memory://", object_key=name, etag="e", size=1, status=status)
            row.arrived_at = row.created_at = when
            session.add(row)
            session.flush()
    return row.id


def read(database: Database, when: dt.datetime, receipt_id: int | None = None, **more: Any) -> int:
    """Id of one reading."""
    receipt_id = receipt_id or arrived(database)
    values = {"engine": "openai", "model": "gpt-4o", "settings": {}, "latency_ms": 1, "created_at": when} | more
    with database.write() as session:
        run = ExtractionRow(receipt_id=receipt_id, **values)
        session.add(run)
        session.flush()
        return run.id


def decided(
    database: Database,
    when: dt.datetime,
    *,
    operator: str = "지수",
    decision: str = "confirmed",
    corrections: int = 0,
    by_hand: bool = False,
    receipt_id: int | None = None,
    **more: Any,
) -> int:
    """Id of the receipt of one review; `corrections` are of that review."""
    receipt_id = receipt_id or arrived(database, status=ReceiptStatus.CONFIRMED)
    reading = None if by_hand else read(database, when - dt.timedelta(days=100), receipt_id)
    who = {"operator": operator, "decision": decision, "extraction_id": reading}
    with database.write() as session:
        review = ReviewRow(action_id=f"{next(_clicks)}", receipt_id=receipt_id, created_at=when, **who, **more)
        session.add(review)
        session.flush()
        for _ in range(corrections):
            values = {"extraction_id": reading, "field": "item.name", "created_at": when}
            session.add(CorrectionRow(review_id=review.id, receipt_id=receipt_id, **values))
    return receipt_id
