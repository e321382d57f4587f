"""What was confirmed without a person. It is in the ledger, and it is no truth: nothing learns from it or counts it."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from ledger.tables import ReviewRow

OPERATOR: Final = "auto"
"""Stands where the name of an operator does."""


def nobody_looked(receipt_id: Any) -> sa.ColumnElement[bool]:
    """The condition that a receipt was confirmed without a person, and that this counts.

    It still holds when somebody has amended a field of it since: at the others nobody has looked.
    """
    confirmation = aliased(ReviewRow)
    counts = confirmation.auto_confirm_id.is_not(None), confirmation.undone_at.is_(None)
    return sa.exists().where(confirmation.receipt_id == receipt_id, *counts).correlate_except(confirmation)


def is_unattended(session: Session, receipt_id: int) -> bool:
    """Whether nobody has looked at this receipt."""
    return bool(session.scalar(sa.select(nobody_looked(receipt_id))))
