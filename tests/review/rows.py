"""What stands in the tables."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.database import Database
from ledger.review.drafts import save_draft
from ledger.tables import CorrectionRow, DraftRow, ItemRow, LedgerRow, ReceiptRow, ReceiptTermRow, ReviewRow
from tests.factories import NOW


def rows(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {
            table.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in (LedgerRow, ItemRow, ReviewRow, CorrectionRow, DraftRow)
        }


NOTHING = {"ledger": 0, "item": 0, "review": 0, "correction": 0, "draft": 0}


def receipt(database: Database, receipt_id: int) -> ReceiptRow:
    with database.read() as session:
        return session.get_one(ReceiptRow, receipt_id)


def draft(database: Database, receipt_id: int, extraction_id: int | None, operator: str = "지수") -> None:
    save_draft(
        database,
        receipt_id,
        {"date": "2024"},
        extraction_id=extraction_id,
        operator=operator,
        client_id="a",
        client_ms=1,
        now=NOW,
    )


def terms(database: Database, receipt_id: int) -> set[str]:
    """By which terms it is found."""
    with database.read() as session:
        query = sa.select(ReceiptTermRow.term).where(ReceiptTermRow.receipt_id == receipt_id)
        return set(session.scalars(query))
