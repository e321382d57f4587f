"""How things stand at this moment: what waits, since when, and when nothing will wait any more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, up_to
from ledger.operations.decisions import counting
from ledger.operations.measures import FEWEST
from ledger.receipt import ReceiptStatus
from ledger.review.wanted import READY
from ledger.tables import ReceiptRow, ReviewRow

MOST: Final = 10_000
"""Receipts are counted up to here: the count costs the same however many there are."""
_PACE: Final = dt.timedelta(hours=1)

Outlook = Literal["empty", "unknown", "growing"]


@dataclass(frozen=True, slots=True)
class Now:
    """How things stand. A count of MOST means as many or more."""

    pending: int
    ready: int
    failed: int
    oldest: dt.datetime | None
    """When the oldest photo arrived that nobody has decided upon; failed ones are left out."""
    decided: int
    arrived: int
    """In the last hour."""

    @property
    def time_to_empty(self) -> dt.timedelta | Outlook:
        """When nothing waits any more at the pace of the last hour, or why that cannot be told."""
        waiting = self.pending + self.ready
        if not waiting:
            return "empty"
        if self.decided < FEWEST:
            return "unknown"
        if self.decided <= self.arrived:
            return "growing"
        return _PACE * (waiting / (self.decided - self.arrived))


def how_things_stand(database: Database, now: dt.datetime, *, most: int = MOST) -> Now:
    """What waits at this moment. Each count is one short walk along an index, and ends at `most`."""
    since = now - _PACE
    with database.read() as session:
        return Now(
            pending=_count(session, sa.select(ReceiptRow.id).where(ReceiptRow.status == ReceiptStatus.PENDING), most),
            ready=_count(session, sa.select(ReceiptRow.id).where(ReceiptRow.status.in_(READY)), most),
            failed=_count(session, sa.select(ReceiptRow.id).where(ReceiptRow.status == ReceiptStatus.FAILED), most),
            oldest=_oldest(session),
            decided=_count(session, _decided_since(since), most),
            arrived=_arrived_since(session, since, most),
        )


def _count(session: Session, query: sa.Select[int], most: int) -> int:
    return session.scalar(up_to(query, most)) or 0


def _oldest(session: Session) -> dt.datetime | None:
    """Numbers are given in the order in which photos are found, so of each status the lowest is as old as any."""
    found = []
    for status in (ReceiptStatus.PENDING, *READY):
        query = sa.select(ReceiptRow.arrived_at).where(ReceiptRow.status == status).order_by(ReceiptRow.id).limit(1)
        found += list(session.scalars(query))
    return min(found, default=None)


def _decided_since(since: dt.datetime) -> sa.Select[int]:
    return sa.select(ReviewRow.id).where(ReviewRow.created_at >= since, *counting())


def _arrived_since(session: Session, since: dt.datetime, most: int) -> int:
    newest = sa.select(ReceiptRow.created_at).order_by(ReceiptRow.id.desc()).limit(most).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(newest).where(newest.c.created_at >= since)) or 0
