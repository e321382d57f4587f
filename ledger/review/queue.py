"""What waits for a person: which receipt is next, and what it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.errors import ReceiptNotFound
from ledger.receipt import OPEN_STATUSES, Receipt, ReceiptStatus
from ledger.review.holding import LET_GO, may_write, status_let_go, why_not
from ledger.review.lists import search
from ledger.review.wanted import ALL, READY, Filter, Order, walk_for, walked
from ledger.tables import DraftRow, ExtractionRow, ReceiptRow, ReviewRow

_UNTOUCHED: Final = ReceiptStatus.EXTRACTED
_LEFT: Final = ReceiptStatus.IN_REVIEW
_SEARCHED: Final = 200
"""Receipts found by text of which the next one is taken."""
_NEXT: Final = "ix_receipt_next_risk"
_CLAIM: Final = "ix_receipt_status_claim"
NOBODYS: Final = ReceiptRow.claim_until.is_(None)
"""Nobody holds it. A claim that ran out holds it until the next claim of anybody puts it back."""


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


_Branch: TypeAlias = tuple[ReceiptStatus, tuple[sa.ColumnElement[bool], ...], str, tuple[Any, ...]]


def waiting(
    session: Session,
    operator: str,
    now: dt.datetime,
    order: Order,
    wanted: Filter,
    skip: int | None,
    *,
    held_ahead: bool = False,
) -> Iterator[sa.Select[ReceiptRow]]:
    """What comes next for an operator: queries, the first with a row decides. Each walks one index from its start.

    With `held_ahead` what others hold without having opened it comes last of all, so that nobody sits idle while
    somebody has two.
    """
    more = [*wanted.conditions(), *([ReceiptRow.id != skip] if skip else [])]
    searched = bool(wanted.text.strip())
    if searched:
        more.append(ReceiptRow.id.in_(search(session, wanted, _SEARCHED)))
    branches = _branches(operator, now, order, wanted)
    for status, conditions, index, ordering in chain(branches, [_unopened(now)] if held_ahead else []):
        if status in (wanted.statuses or READY):
            query = sa.select(ReceiptRow).where(ReceiptRow.status == status, *conditions, *more)
            yield (query if searched else walked(query, index)).order_by(*ordering)


def _branches(operator: str, now: dt.datetime, order: Order, wanted: Filter) -> Iterator[_Branch]:
    """Status, conditions, index and order of all that can be next, in the order in which it is."""
    row = ReceiptRow
    here = row.skipped_at.is_(None), row.postponed_until.is_(None)
    due = row.skipped_at.is_(None), row.postponed_until <= now
    behind = row.skipped_at.is_not(None)
    mine = sa.exists().where(DraftRow.receipt_id == row.id, DraftRow.operator == operator)
    yield _UNTOUCHED, due, _NEXT, (row.postponed_until,)
    yield _LEFT, (*due, NOBODYS), _NEXT, (row.postponed_until,)
    yield _LEFT, (*here, NOBODYS, mine), _CLAIM, (row.id,)
    yield _UNTOUCHED, here, *_untouched(order, wanted)
    yield _LEFT, (*here, NOBODYS), _CLAIM, (row.id,)
    yield _UNTOUCHED, (behind,), _NEXT, (row.skipped_at,)
    yield _LEFT, (behind, NOBODYS), _NEXT, (row.skipped_at,)
    yield _LEFT, (row.claim_until <= now,), _CLAIM, (row.claim_until,)


def _unopened(now: dt.datetime) -> _Branch:
    unopened = ReceiptRow.claim_until > now, ReceiptRow.claimed_at.is_(None)
    return _LEFT, unopened, _CLAIM, (ReceiptRow.claim_until,)


def _untouched(order: Order, wanted: Filter) -> tuple[str, tuple[Any, ...]]:
    if wanted.conditions():
        walk = walk_for(wanted, order)
        return walk.index, tuple(walk.order())
    by_risk = ReceiptRow.risk.desc(), ReceiptRow.id
    return (_NEXT, by_risk) if order is Order.RISK else ("ix_receipt_next_age", (ReceiptRow.id,))


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
        for branch in waiting(session, operator, now, order, wanted, skip):
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
