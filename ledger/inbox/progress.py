"""How far reading is: photos that wait for it, and photos that are being read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, up_to
from ledger.receipt import ReceiptStatus
from ledger.tables import ReceiptRow

_MOST: Final = 10_000
"""Photos that are counted: the bar over a longer queue moves all the same, and is drawn every two seconds."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far background reading is."""

    waiting: int
    """Photos not yet read, those in work included."""
    in_work: int


def reading_progress(database: Database, now: dt.datetime) -> Progress:
    """Photos that wait to be read, and photos that somebody reads at this moment; each counted up to a bound."""
    in_work = ReceiptRow.reading_until > now
    waits = ReceiptRow.status == ReceiptStatus.PENDING, sa.func.coalesce(ReceiptRow.reading_until, now) <= now
    with database.read() as session:
        reading, waiting = (_count(session, *conditions) for conditions in ((in_work,), waits))
    return Progress(waiting + reading, reading)


def _count(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    return session.scalar(up_to(sa.select(ReceiptRow.id).where(*conditions), _MOST)) or 0
