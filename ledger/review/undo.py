"""Undo a decision, in one transaction: the ledger's rows go, the receipt is open again, and its history stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.errors import DecisionNotFound, LedgerRowInUse
from ledger.receipt import ReceiptStatus
from ledger.review import shop_items
from ledger.review.claims import lease
from ledger.review.confirm import confirmed_receipt
from ledger.review.document import to_form
from ledger.tables import DraftRow, ItemRow, LedgerRow, ReceiptRow, ReviewRow

_CLIENT: Final = "undo"
"""Named as the browser of a draft that no browser typed."""
_REVISIONS: Final = 1000
"""More texts than are stored of one receipt between two decisions."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of an operator that still counts."""

    review_id: int
    receipt_id: int
    object_key: str
    decision: str
    reason: str | None
    at: dt.datetime


def undo(database: Database, review_id: int, *, operator: str, now: dt.datetime) -> int:
    """Undo a decision, and with it all that was decided upon the receipt since; the receipt's id.

    What was confirmed becomes the draft, so that nothing typed is lost, and the operator holds the receipt. Undone
    twice is undone once. Raises DecisionNotFound, LedgerRowInUse and DatabaseError; then nothing was written.
    """
    return database.retry(_undo, review_id, operator, now, now + lease(database))


def last_decisions(database: Database, operator: str, limit: int = 10) -> list[Decision]:
    """What an operator decided last and may undo, newest first; of an amended receipt its confirmation."""
    query = (
        sa.select(ReviewRow, ReceiptRow.object_key)
        .options(sa.orm.defer(ReviewRow.document))
        .join(ReceiptRow, ReceiptRow.id == ReviewRow.receipt_id)
        .where(ReviewRow.operator == operator, ReviewRow.undone_at.is_(None), ReviewRow.decision != "amended")
        .order_by(ReviewRow.id.desc())
        .limit(limit)
    )
    with database.read() as session:
        found = session.execute(query).all()
    return [Decision(it.id, it.receipt_id, key, it.decision, it.reason, it.created_at) for it, key in found]


def newest_decision(database: Database, receipt_id: int) -> int | None:
    """Id of the decision that closed a receipt or amended it since; None while it is open."""
    query = sa.select(sa.func.max(ReviewRow.id)).where(ReviewRow.receipt_id == receipt_id)
    with database.read() as session:
        return session.scalar(query.where(ReviewRow.undone_at.is_(None)))


def _undo(session: Session, review_id: int, operator: str, now: dt.datetime, until: dt.datetime) -> int:
    asked = session.get(ReviewRow, review_id)
    if asked is None:
        raise DecisionNotFound(review_id=review_id)
    # Locked before the decisions are looked at again: two who undo, or one who amends meanwhile, come one by one.
    receipt = session.get_one(ReceiptRow, asked.receipt_id, with_for_update=True)
    session.refresh(asked)
    if asked.undone_at is not None:
        return receipt.id
    decisions = _counting(session, receipt.id)
    _withdraw(session, receipt)
    if decisions[-1].document is not None and decisions[0].auto_confirm_id is None:
        shop_items.withdraw(session, confirmed_receipt(decisions[-1]))
    for review in decisions:
        review.undone_at, review.undone_by = now, operator
    _keep_text(session, receipt, decisions, now)
    _open_again(session, receipt)
    # Nobody else is given the receipt until whoever undid it has it on the desk: an opening of the same operator is
    # let in without a token.
    receipt.claim_operator, receipt.claimed_at, receipt.claim_until = operator, now, until
    return receipt.id


def _counting(session: Session, receipt_id: int) -> list[ReviewRow]:
    """The decisions that count: one, or a confirmation and its amendments. An older one was undone before."""
    query = sa.select(ReviewRow).where(ReviewRow.receipt_id == receipt_id, ReviewRow.undone_at.is_(None))
    return list(session.scalars(query.order_by(ReviewRow.id)))


def _withdraw(session: Session, receipt: ReceiptRow) -> None:
    """Take the rows out of the ledger. The app may have removed them before."""
    if receipt.ledger_id is None:
        return
    ledger_id, receipt.ledger_id = receipt.ledger_id, None
    session.flush()
    try:
        session.execute(sa.delete(ItemRow).where(ItemRow.ledger_id == ledger_id))
        session.execute(sa.delete(LedgerRow).where(LedgerRow.id == ledger_id))
    except sa.exc.IntegrityError as exc:  # a table of the app's, which we know nothing of
        raise LedgerRowInUse(receipt_id=receipt.id) from exc


def _keep_text(session: Session, receipt: ReceiptRow, decisions: list[ReviewRow], now: dt.datetime) -> None:
    """Make what was confirmed the draft. A rejection has no text of its own, and left the draft as it was."""
    confirmed, newest = decisions[0], decisions[-1]
    if newest.document is None:
        return
    text = DraftRow(
        receipt_id=receipt.id,
        extraction_id=newest.extraction_id,
        document=dict(to_form(confirmed_receipt(newest), confirmed.note)),
        operator=newest.undone_by,
        # None that a browser may still hold a text for, from before the decision.
        revision=_REVISIONS * receipt.version,
        client_id=_CLIENT,
        client_ms=round(now.timestamp() * 1000),
        updated_at=now,
    )
    session.merge(text)


def _open_again(session: Session, receipt: ReceiptRow) -> None:
    receipt.status = _status(session, receipt)
    receipt.version += 1
    receipt.claim_token = receipt.skipped_at = receipt.postponed_until = None


def _status(session: Session, receipt: ReceiptRow) -> ReceiptStatus:
    session.flush()
    if receipt.extraction_id is not None or session.get(DraftRow, receipt.id) is not None:
        return ReceiptStatus.IN_REVIEW
    return ReceiptStatus.PENDING if receipt.failure_id is None else ReceiptStatus.FAILED
