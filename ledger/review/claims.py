"""Claims: who opens a receipt holds it for a while, so that no two operators work on the same one."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from dataclasses import dataclass, replace
from typing import Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.errors import ReceiptClosed, ReceiptHeld, ReceiptNotFound
from ledger.receipt import OPEN_STATUSES, ReceiptStatus
from ledger.review.holding import status_let_go, status_taken
from ledger.review.queue import waiting
from ledger.review.wanted import ALL, Filter, Order
from ledger.tables import ReceiptRow, ReviewRow

_SHORTEST: Final = dt.timedelta(seconds=120)
_TIMES_MEDIAN: Final = 3
_LAST_REVIEWS: Final = 100
_KEPT_SECONDS: Final = 60.0
"""How long the median is good: it moves slowly, and is asked for with every claim."""
_SWEPT: Final = 50
"""Claims that ran out which one claim puts back; more are met by the next one."""

_leases: WeakKeyDictionary[Database, tuple[float, dt.timedelta]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Claim:
    """One opening of a receipt by an operator, good until its time unless it is renewed."""

    receipt_id: int
    token: str
    operator: str
    until: dt.datetime
    version: int
    """The receipt's version under this claim; each new claim and each decision makes it grow."""


def claim_next(
    database: Database,
    operator: str,
    token: str,
    now: dt.datetime,
    *,
    order: Order = Order.RISK,
    wanted: Filter = ALL,
    skip: int | None = None,
    ahead: bool = False,
) -> Claim | None:
    """Claim what comes next for this operator; None when nothing waits. `skip` is left out.

    Of many who ask at once nobody waits for another and no two are given the same. What is claimed `ahead` is not
    opened yet: who finds nothing else takes it all the same.
    """
    until = now + lease(database)
    return database.retry(_claim_next, Claim(0, token, operator, until, 0), now, order, wanted, skip, ahead)


def open_held(database: Database, receipt_id: int, token: str, now: dt.datetime) -> bool:
    """Open what was claimed ahead; False when somebody else has taken it since, or it was decided upon."""
    return renew(database, receipt_id, token, now, claimed_at=now)


def claim(
    database: Database, receipt_id: int, operator: str, token: str, now: dt.datetime, *, take_over: bool = False
) -> Claim:
    """Claim this one receipt; the same opening may claim it again.

    The operator's own opening elsewhere ends with it. Raises ReceiptHeld when somebody else holds it and it is not to
    be taken over, ReceiptClosed, ReceiptNotFound and DatabaseError.
    """
    until = now + lease(database)
    return database.retry(_claim, Claim(receipt_id, token, operator, until, 0), now, take_over)


def renew(database: Database, receipt_id: int, token: str, now: dt.datetime, **more: dt.datetime) -> bool:
    """Hold it longer, also when the claim ran out or was let go of; False when it is somebody else's now, or closed."""
    mine = ReceiptRow.id == receipt_id, ReceiptRow.claim_token == token, ReceiptRow.status.in_(OPEN_STATUSES)
    until = now + lease(database)
    longer = sa.update(ReceiptRow).where(*mine).values(claim_until=until, status=status_taken(), **more)
    return database.retry(rows_changed, longer) == 1


def release(database: Database, receipt_id: int, token: str) -> None:
    """Let go of it, if this opening still holds it; without a draft it is untouched again.

    The token stays, as when a claim runs out: who comes back before anybody took it holds it again, and nobody else.
    """
    mine = ReceiptRow.id == receipt_id, ReceiptRow.claim_token == token
    database.retry(rows_changed, sa.update(ReceiptRow).where(*mine).values(status=status_let_go(), claim_until=None))


def lease(database: Database) -> dt.timedelta:
    """How long a claim holds without being renewed: three times the usual review, and never under two minutes."""
    asked, known = _leases.get(database, (0.0, _SHORTEST))
    if asked and time.monotonic() - asked < _KEPT_SECONDS:
        return known
    query = (
        sa.select(ReviewRow.seconds)
        .where(ReviewRow.auto_confirm_id.is_(None))
        .order_by(ReviewRow.id.desc())
        .limit(_LAST_REVIEWS)
    )
    with database.read() as session:
        seconds = [value for value in session.scalars(query) if value is not None]
    found = dt.timedelta(seconds=_TIMES_MEDIAN * statistics.median(seconds)) if seconds else _SHORTEST
    _leases[database] = time.monotonic(), max(_SHORTEST, found)
    return _leases[database][1]


def _claim_next(
    session: Session, wish: Claim, now: dt.datetime, order: Order, wanted: Filter, skip: int | None, ahead: bool
) -> Claim | None:
    _put_back(session, now)
    for branch in waiting(session, wish.operator, now, order, wanted, skip, held_ahead=not ahead):
        # What another one is taking at this moment is passed over, not waited for.
        row = session.scalar(branch.limit(1).with_for_update(skip_locked=True))
        if row is not None:
            claim = _take(row, wish, now)
            row.claimed_at = None if ahead else now
            return claim
    return None


def _claim(session: Session, wish: Claim, now: dt.datetime, take_over: bool) -> Claim:
    row = session.get(ReceiptRow, wish.receipt_id, with_for_update=True)
    if row is None:
        raise ReceiptNotFound(receipt_id=wish.receipt_id)
    if row.status not in OPEN_STATUSES:
        raise ReceiptClosed(receipt_id=row.id, status=ReceiptStatus(row.status))
    held = row.claim_until is not None and row.claim_until > now
    if held and row.claim_operator != wish.operator and not take_over:
        raise ReceiptHeld(receipt_id=row.id, operator=row.claim_operator)
    return _take(row, wish, now)


def _take(row: ReceiptRow, wish: Claim, now: dt.datetime) -> Claim:
    """Write the claim into the receipt, which is locked. A new opening makes every older one of it void."""
    if row.claim_token != wish.token:
        row.version, row.claimed_at = row.version + 1, now
    row.claim_token, row.claim_operator, row.claim_until = wish.token, wish.operator, wish.until
    if row.status == ReceiptStatus.EXTRACTED:
        row.status = ReceiptStatus.IN_REVIEW
    return replace(wish, receipt_id=row.id, version=row.version)


def _put_back(session: Session, now: dt.datetime) -> None:
    """Put back what was claimed and left. Its token stays: who comes back before anybody took it holds it again."""
    lapsed = sa.select(ReceiptRow.id).where(ReceiptRow.status == ReceiptStatus.IN_REVIEW, ReceiptRow.claim_until <= now)
    found = session.scalars(lapsed.limit(_SWEPT).with_for_update(skip_locked=True)).all()
    if found:
        back = sa.update(ReceiptRow).where(ReceiptRow.id.in_(found))
        session.execute(back.values(status=status_let_go(), claim_until=None))
