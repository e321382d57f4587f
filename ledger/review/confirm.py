"""An operator's decision, in one transaction: the ledger's rows, the review, the corrections and the status."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.corrections.diff import Correction, corrections
from ledger.database import Database, rows_changed
from ledger.errors import ClaimLost, PhotoChanged
from ledger.notes import Note
from ledger.receipt import OPEN_STATUSES, UNREADABLE_TEXT, Category, Receipt, ReceiptStatus
from ledger.review import shop_items
from ledger.review.effort import FieldEffort
from ledger.review.holding import BACK_IN_LINE, may_write, why_not
from ledger.tables import CorrectionRow, DraftRow, ExtractionRow, ItemRow, LedgerRow, ReceiptRow, ReviewRow
from ledger.terms import add_terms, told_terms

REJECT_REASONS: Final = ("not_a_receipt", "unreadable", "duplicate", "other")


@dataclass(frozen=True, slots=True)
class Action:
    """One click of one operator on one receipt. The same `action_id` is the same click, however often it arrives."""

    action_id: str
    receipt_id: int
    extraction_id: int | None
    """Reading the operator saw; None when the receipt was typed by hand."""
    operator: str
    at: dt.datetime
    etag: str
    """ETag of the photo that the operator saw."""
    token: str | None = None
    version: int | None = None
    """Token and version of the claim under which it was opened."""
    seconds: float | None = None
    """From opening to decision; None when nobody measured."""
    effort: dict[str, FieldEffort] | None = None
    """What each field took, see review/effort.py."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What an operator said beside the receipt itself."""

    note: str | None = None
    warnings: tuple[Note, ...] = ()
    """What was asked about before it was confirmed."""
    reason: str | None = None
    reason_text: str | None = None
    """Why it was confirmed all the same; None where nothing was asked."""


def confirm(database: Database, action: Action, receipt: Receipt, remarks: Remarks | None = None) -> int:
    """Confirm a receipt and return its review's id. A repeated action changes nothing and returns the same id.

    Raises ReceiptNotFound, ReceiptClosed, ClaimLost, PhotoChanged and DatabaseError; then nothing at all was written.
    """
    assert receipt.date is not None, "a document without a date does not come this far"
    return database.retry(_confirm, action, receipt, remarks or Remarks())


def confirm_unattended(session: Session, action: Action, receipt: Receipt, auto_confirm_id: int) -> int:
    """`confirm` where nobody looked, inside the transaction of who decided that nobody need.

    Nothing is learnt from it: what is confirmed so says nothing of what a name in this shop is.
    """
    return _confirm(session, action, receipt, Remarks(), auto_confirm_id)


def reject(database: Database, action: Action, reason: str, text: str = "") -> int:
    """Reject a receipt with one of REJECT_REASONS and return its review's id. Raises as `confirm` does."""
    assert reason in REJECT_REASONS, reason
    return database.retry(_reject, action, reason, text)


def _confirm(
    session: Session, action: Action, receipt: Receipt, remarks: Remarks, auto_confirm_id: int | None = None
) -> int:
    if (done := _close(session, action, ReceiptStatus.CONFIRMED)) is not None:
        return done
    row = session.get_one(ReceiptRow, action.receipt_id)
    row.ledger_id = _add_ledger(session, row.member_id, receipt)
    told = _columns(remarks) | {"auto_confirm_id": auto_confirm_id}
    review = add_review(session, action, "confirmed", document=receipt.model_dump(mode="json"), **told)
    if action.extraction_id is not None:
        model = reading_of(session, action.receipt_id, action.extraction_id)
        add_corrections(session, review, corrections(model, receipt))
    session.execute(sa.delete(DraftRow).where(DraftRow.receipt_id == action.receipt_id))
    _make_findable(session, row, receipt)
    if auto_confirm_id is None:
        shop_items.keep(session, receipt)
    return review.id


def _reject(session: Session, action: Action, reason: str, text: str) -> int:
    if (done := _close(session, action, ReceiptStatus.REJECTED)) is not None:
        return done
    review = add_review(session, action, "rejected", reason=reason, reason_text=text[:500] or None)
    return review.id  # the draft stays: when this is undone, what was typed is there again


def _columns(remarks: Remarks) -> dict[str, Any]:
    told = [asdict(note) for note in remarks.warnings]
    return {
        "note": remarks.note,
        "warnings": told or None,
        "reason": remarks.reason if told else None,
        "reason_text": remarks.reason_text[:500] or None if told and remarks.reason_text else None,
    }


def confirmed_receipt(review: ReviewRow) -> Receipt:
    """The receipt as confirmed or amended. It is kept in our own JSON: in the contract's, -1 may be an amount or none.

    Raises ValueError (pydantic's) for a rejection, which has none.
    """
    return Receipt.model_validate(review.document)


def reading_of(session: Session, receipt_id: int, extraction_id: int) -> Receipt:
    """What the model read of this receipt in one run. Raises NoResultFound for a run of another receipt."""
    query = sa.select(ExtractionRow.document).where(
        ExtractionRow.id == extraction_id, ExtractionRow.receipt_id == receipt_id
    )
    return Receipt.model_validate(session.scalars(query).one())


def add_corrections(session: Session, review: ReviewRow, found: list[Correction], previous_value: Any = None) -> None:
    """Append corrections of one review; `previous_value` is what was confirmed before, for an amendment."""
    session.add_all(
        CorrectionRow(
            review_id=review.id,
            receipt_id=review.receipt_id,
            extraction_id=review.extraction_id,
            field=correction.field,
            item_index=correction.item_index,
            model_value=correction.model_value,
            human_value=correction.human_value,
            previous_value=previous_value,
            created_at=review.created_at,
        )
        for correction in found
    )


def _close(session: Session, action: Action, status: ReceiptStatus) -> int | None:
    """Close an open receipt; the review that this same action wrote before, if it did.

    The conditions are part of the update, so that of two decisions at once one wins and the other sees it, and that
    nobody decides about a photo that was replaced or a receipt that somebody else opened since.
    """
    if (done := _review_of(session, action)) is not None:  # also when it was undone since
        return done
    held = may_write(action.token, action.version, action.operator, action.at)
    still = ReceiptRow.status.in_(OPEN_STATUSES), ReceiptRow.etag == action.etag, held
    closing = (
        sa.update(ReceiptRow)
        .where(ReceiptRow.id == action.receipt_id, *still)
        .values(status=status, version=ReceiptRow.version + 1, **BACK_IN_LINE)
    )
    if rows_changed(session, closing) == 1:
        return None
    if (done := _review_of(session, action)) is not None:
        return done
    why = why_not(session, action.receipt_id)
    photo = session.scalar(sa.select(ReceiptRow.etag).where(ReceiptRow.id == action.receipt_id))
    if isinstance(why, ClaimLost) and photo != action.etag:
        raise PhotoChanged(receipt_id=action.receipt_id)
    raise why


def _make_findable(session: Session, row: ReceiptRow, receipt: Receipt) -> None:
    """What was confirmed leads to the receipt too; mostly it is what was read, which leads to it already."""
    if (receipt.location, receipt.date, receipt.total_amount) != (row.read_place, row.read_date, row.read_total):
        add_terms(session, row.id, told_terms(receipt.location, receipt.date, receipt.total_amount))


def _review_of(session: Session, action: Action) -> int | None:
    return session.scalar(sa.select(ReviewRow.id).where(ReviewRow.action_id == action.action_id))


def _add_ledger(session: Session, member_id: str | None, receipt: Receipt) -> int:
    assert receipt.date is not None
    row = LedgerRow(member_id=member_id, location=receipt.location or UNREADABLE_TEXT, date=receipt.date, message="")
    session.add(row)
    session.flush()
    for item in receipt.items:
        session.add(
            ItemRow(
                name=item.name or UNREADABLE_TEXT,
                price=item.price,
                quantity=item.count or 1,
                category=item.category or Category.OTHER,
                ledger_id=row.id,
            )
        )
        session.flush()  # one by one: the app shows items by id, in the order of the receipt
    return row.id


def add_review(session: Session, action: Action, decision: str, **more: Any) -> ReviewRow:
    """Append what an operator decided; `more` are columns of the review."""
    review = ReviewRow(
        action_id=action.action_id,
        receipt_id=action.receipt_id,
        extraction_id=action.extraction_id,
        decision=decision,
        operator=action.operator,
        created_at=action.at,
        seconds=action.seconds,
        effort=action.effort,
        **more,
    )
    session.add(review)
    session.flush()
    return review
