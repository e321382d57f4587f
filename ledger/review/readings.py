"""One receipt with all that was read of it, without what only the desk looks at."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import defer

from ledger.database import Database
from ledger.errors import ReceiptNotFound
from ledger.tables import ExtractionRow, ReceiptRow

_HEAVY = (
    *(ExtractionRow.raw_answer, ExtractionRow.doubts, ExtractionRow.places, ExtractionRow.sight),
    *(ExtractionRow.measures, ExtractionRow.offered, ExtractionRow.problems, ExtractionRow.notes),
)
"""Columns that are a hundred times as large as the rest."""


def receipt_with_readings(database: Database, receipt_id: int) -> tuple[ReceiptRow, list[ExtractionRow]]:
    """The receipt and its readings, the newest first. Raises ReceiptNotFound."""
    readings = sa.select(ExtractionRow).where(ExtractionRow.receipt_id == receipt_id).order_by(ExtractionRow.id.desc())
    with database.read() as session:
        receipt = session.get(ReceiptRow, receipt_id)
        if receipt is None:
            raise ReceiptNotFound(receipt_id=receipt_id)
        return receipt, list(session.scalars(readings.options(*map(defer, _HEAVY))))
