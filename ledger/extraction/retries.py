"""When a photo that could not be read is tried again by itself, and when it is left to people."""

from __future__ import annotations

import datetime as dt
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import up_to
from ledger.errors import ModelServerError, ModelTimeout, error_classes
from ledger.tables import ExtractionRow, ReceiptRow

MOST_TRIES: Final = 3
"""Tries of one photo that may fail, or never end, before it is left to people."""
TRANSIENT: Final = tuple(name for name, cls in error_classes().items() if cls.transient)
MAYBE_THE_PHOTO: Final = frozenset(kind.__name__ for kind in (ModelServerError, ModelTimeout))
"""What the service's trouble and a photo that the service cannot digest look like. All else that passes is not the
photo's doing: it is tried again for as long as it takes."""

_WAITS: Final = tuple(dt.timedelta(minutes=2**failures) for failures in range(7))
"""After each failure in a row twice as long, up to about an hour."""


def plan_next(session: Session, receipt: ReceiptRow, run: ExtractionRow, *, service_trouble: bool) -> None:
    """Write into the receipt when it is read again by itself, if ever, now that this run is stored.

    With `service_trouble` others cannot be read either, so that this photo's try does not count.
    """
    receipt.due_at = None
    if run.error_class is None:
        receipt.tries = 0
    elif run.error_class in TRANSIENT:
        own, failures = run.error_class in MAYBE_THE_PHOTO, _failures_in_a_row(session, receipt)
        if service_trouble or not own:
            receipt.tries = max(receipt.tries - 1, 0)
        # Two such photos with nothing else to be read would excuse each other for ever.
        if receipt.tries < MOST_TRIES and not (own and failures == len(_WAITS)):
            receipt.due_at = run.created_at + _WAITS[failures - 1]


def _failures_in_a_row(session: Session, receipt: ReceiptRow) -> int:
    """Failures since the last good reading, counted as far as waits grow; at least one."""
    later = sa.select(ExtractionRow.id).where(
        ExtractionRow.receipt_id == receipt.id, ExtractionRow.id > (receipt.extraction_id or 0)
    )
    return session.scalar(up_to(later, len(_WAITS))) or 1
