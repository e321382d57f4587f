"""After a reading: confirm it without a person, leave it to people to check, or leave it to them as ever.

All of that is one transaction on the receipt, locked: whoever opens it in that moment comes before or after. It is
confirmed by the very code that confirms for a person.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.auto_confirm.policy import audited, may_stand_alone
from ledger.auto_confirm.standing import AutoConfirm
from ledger.auto_confirm.tables import AuditedRow, AutoConfirmRow
from ledger.receipt import Receipt, ReceiptStatus
from ledger.review.confirm import Action, confirm_unattended
from ledger.review.document import from_form, to_form
from ledger.review.duplicates import look_alikes
from ledger.review.unattended import OPERATOR
from ledger.tables import DraftRow, ExtractionRow, ReceiptRow, ReviewRow


@dataclass(frozen=True, slots=True)
class AfterReading:
    """What a reader calls when a reading is stored."""

    auto_confirm: AutoConfirm

    def __call__(self, receipt_id: int, extraction_id: int) -> int | None:
        """Id of the review, where the receipt is confirmed now; None where it is left to people.

        Raises DatabaseError; then nothing was written, and the receipt waits for people.
        """
        standing = self.auto_confirm.standing_for_reader()
        if standing is None or look_alikes(self.auto_confirm.database, receipt_id):
            return None
        now = self.auto_confirm.clock()
        return self.auto_confirm.database.retry(_decide, standing.id, receipt_id, extraction_id, now)


def _decide(
    session: Session, auto_confirm_id: int, receipt_id: int, extraction_id: int, now: dt.datetime
) -> int | None:
    # Shared among readers; who switches it off waits for them, and after that nothing is confirmed any more.
    standing = session.get_one(AutoConfirmRow, auto_confirm_id, with_for_update={"read": True})
    receipt = session.get_one(ReceiptRow, receipt_id, with_for_update=True)
    run = session.get_one(ExtractionRow, extraction_id)
    if standing.ended_at is not None or not _untouched(session, receipt, run) or not _needs_nobody(run, standing, now):
        return None
    if audited(receipt_id, standing.seed, standing.audit_share):
        _leave_to_people(session, standing, run, now)
        return None
    action = Action(f"auto:{run.id}", receipt_id, run.id, OPERATOR, now, receipt.etag)
    confirmed = from_form(to_form(Receipt.model_validate(run.document)))
    return confirm_unattended(session, action, confirmed, standing.id)


def _untouched(session: Session, receipt: ReceiptRow, run: ExtractionRow) -> bool:
    """The reading is the one to be shown, and no person has had anything to do with the receipt yet."""
    if receipt.status != ReceiptStatus.EXTRACTED or (receipt.extraction_id, receipt.etag) != (run.id, run.etag):
        return False
    if any(touched is not None for touched in (receipt.claim_until, receipt.skipped_at, receipt.postponed_until)):
        return False
    decided = sa.select(ReviewRow.id).where(ReviewRow.receipt_id == receipt.id).limit(1)
    return session.get(DraftRow, receipt.id) is None and session.scalar(decided) is None


def _needs_nobody(run: ExtractionRow, standing: AutoConfirmRow, now: dt.datetime) -> bool:
    """Its risk is low enough, it was read as those were that say so, and it is complete and not warned of."""
    setting = standing.evidence["setting"]
    if run.risk is None or run.risk > standing.threshold or run.created_at < standing.created_at:
        return False
    alike = all(getattr(run, name) == setting[name] for name in ("engine", "model", "prompt_version"))
    return alike and may_stand_alone(Receipt.model_validate(run.document or {}), run.doubts, now.date())


def _leave_to_people(session: Session, standing: AutoConfirmRow, run: ExtractionRow, now: dt.datetime) -> None:
    """Remember what would have been confirmed. It is in no list: who is told that a receipt is a test looks longer."""
    row = AuditedRow(auto_confirm_id=standing.id, receipt_id=run.receipt_id, extraction_id=run.id, created_at=now)
    session.merge(row)
