"""What people decided in some days: when, how fast, and how often what was read was right."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from ledger.database import Database
from ledger.operations.measures import Rate, Times
from ledger.operations.period import Period
from ledger.tables import CorrectionRow, ReviewRow

CONFIRMED: Final = "confirmed"
REJECTED: Final = "rejected"
AUTO_CONFIRMED: Final = "auto_confirmed"
"""Confirmed without a person: told beside the others, and never counted among what people decided."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one operator decided, or several together. What was undone does not count."""

    operator: str
    confirmed: int
    rejected: int
    unchanged: int
    """Confirmed as they were read, without any correction."""
    times: Times
    """From opening to decision."""

    @property
    def decided(self) -> int:
        """Confirmed and rejected."""
        return self.confirmed + self.rejected

    @property
    def first_pass(self) -> Rate:
        """How many of the confirmed were right as they were read. One that was typed by hand was not."""
        return Rate(self.unchanged, self.confirmed)


def decisions_by_slot(database: Database, period: Period) -> dict[tuple[dt.datetime, str], int]:
    """How many receipts were confirmed, rejected, and confirmed without a person, by (begin of the slot, decision)."""
    slot = period.slot_of(ReviewRow.created_at)
    by_nobody = ReviewRow.auto_confirm_id.is_not(None)
    decision = sa.case((by_nobody, AUTO_CONFIRMED), else_=ReviewRow.decision).label("decided")
    query = sa.select(slot, decision, sa.func.count()).where(*_counts(period)).group_by(slot, "decided")
    with database.read() as session:
        return {(period.begin_of(number), decision): count for number, decision, count in session.execute(query)}


def work_by_operator(database: Database, period: Period) -> list[Work]:
    """What each operator decided, the busiest first."""
    # Whole, but not cast: MariaDB groups by a cast and two texts three times as slowly.
    half_seconds = sa.func.round(ReviewRow.seconds * 2).label("half_seconds")
    kind = (ReviewRow.operator, ReviewRow.decision, half_seconds)
    query = (
        sa.select(*kind, sa.func.count(), sa.func.sum(sa.case((_as_read(), 1), else_=0)))
        .where(*_counts(period), ReviewRow.auto_confirm_id.is_(None))
        .group_by(ReviewRow.operator, ReviewRow.decision, half_seconds)
    )
    with database.read() as session:
        return by_operator([_part(*row) for row in session.execute(query)])


def by_operator(parts: Iterable[Work]) -> list[Work]:
    """Parts of work put together for each operator, the busiest first."""
    found: dict[str, list[Work]] = {}
    for part in parts:
        found.setdefault(part.operator, []).append(part)
    return sorted((together(mine, name) for name, mine in found.items()), key=lambda w: (-w.decided, w.operator))


def together(work: Iterable[Work], operator: str = "") -> Work:
    """The work of several as one."""
    parts, times = list(work), Counter[int]()
    for part in parts:
        times.update(part.times.half_seconds)
    return Work(
        operator=operator,
        confirmed=sum(part.confirmed for part in parts),
        rejected=sum(part.rejected for part in parts),
        unchanged=sum(part.unchanged for part in parts),
        times=Times(times),
    )


def _part(operator: str, decision: str, half_seconds: float | None, count: int, unchanged: int) -> Work:
    confirmed = decision == CONFIRMED
    return Work(
        operator=operator,
        confirmed=count if confirmed else 0,
        rejected=0 if confirmed else count,
        unchanged=int(unchanged) if confirmed else 0,
        times=Times({} if half_seconds is None else {int(half_seconds): count}),
    )


def _counts(period: Period) -> tuple[sa.ColumnElement[bool], ...]:
    return period.covers(ReviewRow.created_at), *counting()


def counting() -> tuple[sa.ColumnElement[bool], ...]:
    """Decisions that still count. An amendment is none: its receipt was decided before."""
    return ReviewRow.undone_at.is_(None), ReviewRow.decision.in_((CONFIRMED, REJECTED))


def _as_read() -> sa.ColumnElement[bool]:
    # The receipt is named only because its corrections are found by it.
    mine = CorrectionRow.receipt_id == ReviewRow.receipt_id, CorrectionRow.review_id == ReviewRow.id
    corrected = sa.exists().where(*mine).correlate(ReviewRow)
    return sa.and_(ReviewRow.extraction_id.is_not(None), ~corrected)
