"""What waits for a person: which receipt is next, and what it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.errors import ReceiptNotFound
from ledger.receipt import OPEN_STATUSES, Receipt, ReceiptStatus
from ledger.review.holding import LET_GO, may_write, status_let_go, why_not
from ledger.tables import DraftRow, ExtractionRow, ReceiptRow, ReviewRow

READY: Final = (ReceiptStatus.EXTRACTED, ReceiptStatus.IN_REVIEW)
"""Statuses of receipts that were read and wait for a decision, or are being decided upon."""

_UNTOUCHED: Final = ReceiptStatus.EXTRACTED
_LEFT: Final = ReceiptStatus.IN_REVIEW
NOBODYS: Final = ReceiptRow.claim_until.is_(None)
"""Nobody holds it. A claim that ran out holds it until the next claim of anybody puts it back."""


class Order(StrEnum):
    """Which of the untouched comes first."""

    RISK = "risk"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which receipts are wanted; what is not said is not asked."""

    text: str = ""
    """Part of the place that was read, or a receipt's number."""
    since: dt.date | None = None
    until: dt.date | None = None
    """The last day that is wanted."""
    statuses: tuple[ReceiptStatus, ...] = ()
    warned: bool | None = None
    model: str | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The same for a query."""
        wanted: list[sa.ColumnElement[bool] | None] = [
            ReceiptRow.read_place.icontains(self.text, autoescape=True) if self.text else None,
            ReceiptRow.read_date >= self.since if self.since else None,
            ReceiptRow.read_date <= self.until if self.until else None,
            ReceiptRow.status.in_(self.statuses) if self.statuses else None,
            None if self.warned is None else ReceiptRow.warned == self.warned,
            ReceiptRow.model == self.model if self.model else None,
        ]
        return [condition for condition in wanted if condition is not None]


ALL: Final = Filter()


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


def waiting(
    operator: str, now: dt.datetime, *, order: Order = Order.RISK, wanted: Filter = ALL, skip: int | None = None
) -> Iterator[sa.Select[ReceiptRow]]:
    """What comes next for an operator: queries, the first with a row decides. Each walks one index from its start."""
    waits = ReceiptRow.skipped_at.is_(None), ReceiptRow.postponed_until.is_(None)
    due = ReceiptRow.skipped_at.is_(None), ReceiptRow.postponed_until <= now
    mine = sa.exists().where(DraftRow.receipt_id == ReceiptRow.id, DraftRow.operator == operator)
    untouched, left = ReceiptRow.status == _UNTOUCHED, sa.and_(ReceiptRow.status == _LEFT, NOBODYS)
    skipped = ReceiptRow.skipped_at.is_not(None)
    by_id = ReceiptRow.id
    order_of_untouched = (ReceiptRow.risk.desc(), by_id) if order is Order.RISK else (by_id,)
    branches: list[tuple[tuple[sa.ColumnElement[bool], ...], tuple[Any, ...]]] = [
        ((untouched, *due), (ReceiptRow.postponed_until,)),
        ((left, *due), (ReceiptRow.postponed_until,)),
        ((left, *waits, mine), (by_id,)),
        ((untouched, *waits), order_of_untouched),
        ((left, *waits), (by_id,)),
        ((untouched, skipped), (ReceiptRow.skipped_at, by_id)),
        ((left, skipped), (ReceiptRow.skipped_at, by_id)),
        ((ReceiptRow.status == _LEFT, ReceiptRow.claim_until <= now), (ReceiptRow.claim_until,)),
    ]
    more = [*wanted.conditions(), *([ReceiptRow.id != skip] if skip else [])]
    for conditions, ordering in branches:
        yield sa.select(ReceiptRow).where(*conditions, *more).order_by(*ordering)


def upcoming(
    database: Database,
    limit: int,
    operator: str,
    now: dt.datetime,
    *,
    order: Order = Order.RISK,
    wanted: Filter = ALL,
    skip: int | None = None,
) -> list[ReceiptRow]:
    """What would come next, for preloading: nothing is claimed, so somebody else may be faster."""
    found: dict[int, ReceiptRow] = {}
    with database.read() as session:
        for branch in waiting(operator, now, order=order, wanted=wanted, skip=skip):
            rows = session.scalars(branch.limit(limit))
            found |= {row.id: row for row in rows if row.id not in found}
            if len(found) >= limit:
                break
    return list(found.values())[:limit]


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


def skip(database: Database, receipt_id: int, operator: str, now: dt.datetime, *, token: str | None = None) -> None:
    """Put an open receipt behind all others and let go of it; its draft stays.

    What somebody else holds by now is left to them: who skips wants to leave, and can.
    """
    _set_aside(database, receipt_id, may_write(token, None, operator, now), skipped_at=now, postponed_until=None)


def postpone(
    database: Database,
    receipt_id: int,
    until: dt.datetime,
    operator: str,
    now: dt.datetime,
    *,
    token: str | None = None,
) -> None:
    """Let an open receipt wait for nobody before this time, and let go of it; its draft stays.

    Raises ClaimLost when somebody else holds it by now, ReceiptClosed and ReceiptNotFound.
    """
    allowed = may_write(token, None, operator, now)
    if not _set_aside(database, receipt_id, allowed, skipped_at=None, postponed_until=until):
        with database.read() as session:
            raise why_not(session, receipt_id)


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


def _set_aside(
    database: Database, receipt_id: int, allowed: sa.ColumnElement[bool], **when: dt.datetime | None
) -> bool:
    still = ReceiptRow.id == receipt_id, ReceiptRow.status.in_(OPEN_STATUSES), allowed
    aside = sa.update(ReceiptRow).where(*still).values(status=status_let_go(), **LET_GO, **when)
    return database.retry(rows_changed, aside) == 1
