"""Who may write about a receipt: conditions that are part of each UPDATE, and what is said when they do not hold."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.errors import ClaimLost, ReceiptClosed, ReceiptNotFound
from ledger.receipt import OPEN_STATUSES, ReceiptStatus
from ledger.tables import DraftRow, ReceiptRow

LET_GO: Final[dict[str, Any]] = {"claim_token": None, "claim_until": None}
"""Columns of a receipt that nobody holds, and that no opening may hold again. Who held it last stays, so that the loser
can be told by whom."""
BACK_IN_LINE: Final[dict[str, Any]] = LET_GO | {"claimed_at": None, "skipped_at": None, "postponed_until": None}
"""Columns of a receipt that is neither held, nor skipped, nor postponed."""


def free(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Nobody holds it, or not any more."""
    return sa.or_(ReceiptRow.claim_until.is_(None), ReceiptRow.claim_until <= now)


def may_write(token: str | None, version: int | None, operator: str, now: dt.datetime) -> sa.ColumnElement[bool]:
    """The opening still holds the receipt, or let go of it and nobody took it since.

    Without a token, as from a form that a server before this one had filled, the operator's own claim counts.
    """
    if token is None:
        return sa.or_(free(now), ReceiptRow.claim_operator == operator)
    unchanged = sa.true() if version is None else ReceiptRow.version == version
    return sa.or_(ReceiptRow.claim_token == token, sa.and_(free(now), unchanged))


def why_not(session: Session, receipt_id: int) -> ReceiptNotFound | ReceiptClosed | ClaimLost:
    """Why an UPDATE with these conditions met no receipt."""
    found = session.execute(
        sa.select(ReceiptRow.status, ReceiptRow.claim_operator).where(ReceiptRow.id == receipt_id)
    ).one_or_none()
    if found is None:
        return ReceiptNotFound(receipt_id=receipt_id)
    if found.status not in OPEN_STATUSES:
        return ReceiptClosed(receipt_id=receipt_id, status=ReceiptStatus(found.status))
    return ClaimLost(receipt_id=receipt_id, operator=found.claim_operator)


def status_let_go() -> sa.ColumnElement[str]:
    """Status of an open receipt once nobody holds it: what was drafted stays in review."""
    drafted = sa.exists().where(DraftRow.receipt_id == ReceiptRow.id)
    untouched = sa.and_(ReceiptRow.status == ReceiptStatus.IN_REVIEW, sa.not_(drafted))
    return sa.case((untouched, ReceiptStatus.EXTRACTED), else_=ReceiptRow.status)


def status_taken() -> sa.ColumnElement[str]:
    """Status of an open receipt that somebody works on: what was never read is not moved on by being looked at."""
    return sa.case((ReceiptRow.status == ReceiptStatus.EXTRACTED, ReceiptStatus.IN_REVIEW), else_=ReceiptRow.status)
