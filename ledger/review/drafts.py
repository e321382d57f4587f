"""Drafts: what an operator typed and did not decide upon yet, exactly as it was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.errors import DraftConflict
from ledger.receipt import OPEN_STATUSES
from ledger.review.holding import may_write, status_let_go, status_taken, why_not
from ledger.tables import DraftRow, ReceiptRow


def save_draft(
    database: Database,
    receipt_id: int,
    document: Mapping[str, Any],
    *,
    extraction_id: int | None,
    operator: str,
    client_id: str,
    client_ms: int,
    now: dt.datetime,
    seen_revision: int = 0,
    same_browser: bool = False,
    token: str | None = None,
    version: int | None = None,
) -> int:
    """Keep what stands in the form, on top of the revision that its operator has seen, and return the new revision.

    With `same_browser` also on top of an older text of the same browser, by that browser's own clock: there the
    revision is not known any more. `token` and `version` are those of the opening's claim. Raises ClaimLost when
    somebody else holds the receipt now, DraftConflict when another text stands there, ReceiptClosed and
    ReceiptNotFound when there is nothing left to draft; then nothing was stored.
    """
    values: dict[str, Any] = {"extraction_id": extraction_id, "document": dict(document), "operator": operator}
    values |= {"client_id": client_id, "client_ms": client_ms, "updated_at": now}
    on_top = DraftRow.revision == seen_revision
    if same_browser:
        on_top = sa.or_(on_top, sa.and_(DraftRow.client_id == client_id, DraftRow.client_ms <= client_ms))
    with database.write() as session:
        _begin_review(session, receipt_id, may_write(token, version, operator, now))
        return _store_draft(session, receipt_id, values, on_top, seen_revision)


def discard_draft(
    database: Database,
    receipt_id: int,
    *,
    operator: str,
    now: dt.datetime,
    seen_revision: int,
    token: str | None = None,
    version: int | None = None,
) -> None:
    """Drop the draft that its operator has seen; the receipt so is untouched again.

    Raises ClaimLost, DraftConflict when another text stands there, ReceiptClosed, ReceiptNotFound; then nothing is
    dropped.
    """
    with database.write() as session:
        _begin_review(session, receipt_id, may_write(token, version, operator, now))
        seen = DraftRow.receipt_id == receipt_id, DraftRow.revision == seen_revision
        session.execute(sa.delete(DraftRow).where(*seen))
        if (other := session.get(DraftRow, receipt_id)) is not None:
            raise DraftConflict(receipt_id=receipt_id, operator=other.operator)
        let_go = ReceiptRow.id == receipt_id, ReceiptRow.claim_until.is_(None)
        session.execute(sa.update(ReceiptRow).where(*let_go).values(status=status_let_go()))


def _store_draft(
    session: Session, receipt_id: int, values: dict[str, Any], on_top: sa.ColumnElement[bool], seen_revision: int
) -> int:
    mine = sa.select(DraftRow.revision, DraftRow.operator).where(DraftRow.receipt_id == receipt_id)
    replace = sa.update(DraftRow).where(DraftRow.receipt_id == receipt_id, on_top)
    if rows_changed(session, replace.values(revision=DraftRow.revision + 1, **values)) == 0:
        if (other := session.execute(mine).one_or_none()) is not None:
            raise DraftConflict(receipt_id=receipt_id, operator=other.operator)
        session.add(DraftRow(receipt_id=receipt_id, revision=seen_revision + 1, **values))
        session.flush()
    return int(session.execute(mine).one().revision)


def _begin_review(session: Session, receipt_id: int, allowed: sa.ColumnElement[bool]) -> None:
    """Mark a receipt as being worked on. The update locks its row: a confirm comes wholly before or after."""
    still = ReceiptRow.id == receipt_id, ReceiptRow.status.in_(OPEN_STATUSES), allowed
    if rows_changed(session, sa.update(ReceiptRow).where(*still).values(status=status_taken())) == 0:
        raise why_not(session, receipt_id)
