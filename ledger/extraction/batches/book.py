"""What is written of batches: which receipts are in one, what became of each. Every function is one transaction's work.

A receipt in a batch is not due: it is read once, by the batch, unless somebody asks for it or its photo changes.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import rows_changed
from ledger.extraction.batches.lines import custom_id_of
from ledger.extraction.batches.service import Told
from ledger.extraction.batches.tables import BatchLineRow, BatchRow
from ledger.tables import ReceiptRow

PREPARING: Final = "preparing"
FAILED: Final = "failed"
READ: Final = "read"
EXPIRED: Final = "expired"
CANCELLED: Final = "cancelled"
LEFT_OUT: Final = "left_out"
NOT_TAKEN: Final = "not_taken"
ORDINARY: Final = "ordinary"
"""Outcomes of a line. `left_out` was never handed in, `not_taken` is in a batch that the service refused as a whole,
`ordinary` expired so often that its receipt is read the ordinary way."""

_open = BatchLineRow.outcome.is_(None)


def reserve(
    session: Session, receipt_ids: Collection[int], settings: dict[str, Any], now: dt.datetime, expired: int | None
) -> int | None:
    """Put receipts into a new batch, so that nobody else reads them; its id, or None where all are taken already.

    Left alone are those that wait in another batch, and those that somebody reads now. With `expired` they are the
    expired lines of that batch, and each goes into one new batch only.
    """
    lines = _moved(session, receipt_ids, expired) if expired else {}
    if expired:
        receipt_ids = lines.keys()
    receipts = _free(session, receipt_ids, now)
    if not receipts:
        return None
    round_ = session.get_one(BatchRow, expired).round + 1 if expired else 1
    batch = BatchRow(
        token=uuid.uuid4().hex, status=PREPARING, settings=settings, round=round_, created_at=now, checked_at=now
    )
    session.add(batch)
    session.flush()
    for receipt in receipts:
        session.add(_line(batch.id, receipt, was_due=receipt.due_at is not None or lines.get(receipt.id, False)))
        receipt.due_at = None
    if expired:
        moved = sa.update(BatchLineRow).where(BatchLineRow.batch_id == expired, BatchLineRow.outcome == EXPIRED)
        session.execute(moved.where(BatchLineRow.receipt_id.in_(lines)).values(again_in=batch.id))
    return batch.id


def _moved(session: Session, receipt_ids: Collection[int], expired: int) -> dict[int, bool]:
    """Expired lines that went nowhere yet: whether their receipts were due, by the receipt."""
    of_batch = (BatchLineRow.batch_id == expired, BatchLineRow.outcome == EXPIRED, BatchLineRow.again_in.is_(None))
    query = sa.select(BatchLineRow).where(*of_batch, BatchLineRow.receipt_id.in_(receipt_ids)).with_for_update()
    return {line.receipt_id: line.was_due for line in session.scalars(query)}


def _free(session: Session, receipt_ids: Collection[int], now: dt.datetime) -> Sequence[ReceiptRow]:
    wanted = sa.select(ReceiptRow).where(ReceiptRow.id.in_(receipt_ids)).order_by(ReceiptRow.id).with_for_update()
    idle = sa.or_(ReceiptRow.reading_until.is_(None), ReceiptRow.reading_until < now)
    receipts = session.scalars(wanted.where(idle)).all()  # locked first: two who hand in the same wait for each other
    waiting = set(
        session.scalars(sa.select(BatchLineRow.receipt_id).where(BatchLineRow.receipt_id.in_(receipt_ids), _open))
    )
    return [receipt for receipt in receipts if receipt.id not in waiting]


def _line(batch_id: int, receipt: ReceiptRow, *, was_due: bool) -> BatchLineRow:
    return BatchLineRow(
        batch_id=batch_id,
        receipt_id=receipt.id,
        custom_id=custom_id_of(receipt.id),
        etag=receipt.etag,
        was_due=was_due,
    )


def open_lines(session: Session, batch_id: int) -> Sequence[BatchLineRow]:
    """The lines whose answers are waited for."""
    of_batch = sa.select(BatchLineRow).where(BatchLineRow.batch_id == batch_id, _open)
    return session.scalars(of_batch.order_by(BatchLineRow.id)).all()


def keep_question(session: Session, line_id: int, question: dict[str, Any]) -> None:
    """Keep what a line's answer will be heard with."""
    line = sa.update(BatchLineRow).where(BatchLineRow.id == line_id)
    session.execute(line.values(question=question))


def settle(session: Session, line_id: int, outcome: str, now: dt.datetime) -> bool:
    """Write what became of a line; False where somebody else has by now."""
    waiting = sa.update(BatchLineRow).where(BatchLineRow.id == line_id, _open)
    return rows_changed(session, waiting.values(outcome=outcome, question=None, settled_at=now)) == 1


def resettle(session: Session, line_id: int, before: str, outcome: str) -> bool:
    """Write that a settled line came to something else; False where somebody else has."""
    settled = sa.update(BatchLineRow).where(BatchLineRow.id == line_id, BatchLineRow.outcome == before)
    return rows_changed(session, settled.values(outcome=outcome)) == 1


def let_go(session: Session, line: BatchLineRow, outcome: str, now: dt.datetime) -> None:
    """Settle a line that has no answer, and have its receipt read the ordinary way if it was due before.

    One that expired before is read so in any case: somebody wanted it to be read, and half the price is not to be had.
    """
    again = session.get_one(BatchRow, line.batch_id).round > 1
    if settle(session, line.id, outcome, now) and (again or line.was_due):
        read_ordinarily(session, line, now)


def give_up(session: Session, batch_id: int, outcome: str, why: str | None, now: dt.datetime) -> None:
    """Close a batch of which nothing will be answered, and let go of its receipts."""
    for line in open_lines(session, batch_id):
        let_go(session, line, outcome, now)
    write(session, batch_id, {"status": FAILED, "error": why, "closed_at": now})


def read_ordinarily(session: Session, line: BatchLineRow, now: dt.datetime) -> None:
    """Have a receipt read by itself from now on, unless its photo was read well since it became due."""
    receipt = session.get_one(ReceiptRow, line.receipt_id, with_for_update=True)
    unread = receipt.read_etag != receipt.etag or receipt.failure_id is not None
    if receipt.due_at is None and (unread or not line.was_due):
        receipt.due_at = now


def note(session: Session, batch_id: int, told: Told, now: dt.datetime) -> None:
    """Write how a batch stands at the service."""
    batch = session.get_one(BatchRow, batch_id, with_for_update=True)
    batch.service_id, batch.status, batch.error = told.service_id, told.status, told.error
    batch.input_file_id = told.input_file_id or batch.input_file_id
    batch.output_file_id, batch.error_file_id = told.output_file_id, told.error_file_id
    batch.completed, batch.failed, batch.checked_at = told.completed, told.failed, now


def take_look(session: Session, batch_id: int, before: dt.datetime, now: dt.datetime) -> bool:
    """Whether this process is to look at an open batch: of several that would, one does."""
    wanted = (BatchRow.id == batch_id, BatchRow.closed_at.is_(None), BatchRow.checked_at <= before)
    return rows_changed(session, sa.update(BatchRow).where(*wanted).values(checked_at=now)) == 1


def write(session: Session, batch_id: int, values: dict[str, Any]) -> None:
    """Write columns of a batch."""
    session.execute(sa.update(BatchRow).where(BatchRow.id == batch_id).values(**values))
