"""Readers, and what they left in the tables."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ledger.database import Database
from ledger.extraction.pipeline import Reader
from ledger.receipt import Receipt
from ledger.tables import ExtractionRow, ReceiptRow
from tests.factories import NOW, FakeExtractor, MemoryStore


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


def reader_of(database: Database, store: MemoryStore, *outcomes: Receipt | Exception) -> Reader:
    return Reader(database, store, FakeExtractor(*outcomes), lambda: NOW)


def run(database: Database, extraction_id: int | None) -> ExtractionRow:
    with database.read() as session:
        return session.get_one(ExtractionRow, extraction_id)


def receipt(database: Database, receipt_id: int) -> ReceiptRow:
    with database.read() as session:
        return session.get_one(ReceiptRow, receipt_id)


def runs(database: Database) -> list[ExtractionRow]:
    with database.read() as session:
        return list(session.scalars(sa.select(ExtractionRow).order_by(ExtractionRow.id)))
