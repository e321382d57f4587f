"""What is kept beside receipts to find them by, made anew: for receipts that an earlier version read or confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.review import shop_items
from ledger.tables import ExtractionRow, ReceiptRow
from ledger.terms import add_terms, bytes_term, told_terms

_BATCH: Final = 500


def reindex(database: Database) -> tuple[int, int]:
    """Make every read receipt findable, and count the names of every confirmed one; how many of each there are.

    The picture's own terms come with the next reading: they need the photo. Raises DatabaseError.
    """
    read, after = 0, 0
    while batch := _batch(database, after):
        database.retry(_make_findable, batch)
        read, after = read + len(batch), batch[-1][0].id
    return read, shop_items.rebuild(database)


def _batch(database: Database, after: int) -> Sequence[sa.Row[ReceiptRow, str | None]]:
    query = (
        sa.select(ReceiptRow, ExtractionRow.image_sha256)
        .join(ExtractionRow, ExtractionRow.id == ReceiptRow.extraction_id)
        .where(ReceiptRow.id > after)
        .order_by(ReceiptRow.id)
        .limit(_BATCH)
    )
    with database.read() as session:
        return session.execute(query).all()


def _make_findable(session: Session, batch: Sequence[sa.Row[ReceiptRow, str | None]]) -> None:
    for receipt, sha256 in batch:
        own = {bytes_term(sha256)} if sha256 else set()
        terms = own | told_terms(receipt.read_place, receipt.read_date, receipt.read_total)
        add_terms(session, receipt.id, terms)
