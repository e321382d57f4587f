"""A desk with batches, whose clock a test moves."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from ledger.database import Database
from ledger.extraction.batches.lane import EVERY, Batches
from ledger.extraction.batches.tables import BatchLineRow, BatchRow
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.extraction.pipeline import Reader
from ledger.inbox.ingest import ingest_object
from ledger.tables import ExtractionRow, ReceiptRow
from tests.extraction.runs import receipt, runs
from tests.factories import NOW, FakeExtractor, MemoryStore, jpeg
from tests.openai_standin import StandIn


class Lane:
    """A desk with batches, whose clock a test moves."""

    def __init__(self, database: Database, store: MemoryStore, extractor: OpenAIExtractor, standin: StandIn) -> None:
        self.database, self.store, self.standin, self.extractor = database, store, standin, extractor
        self.now = NOW
        self.afterwards: Callable[[int, int], object] = lambda _receipt, _run: None
        self.reader = Reader(
            database, store, extractor, lambda: self.now, afterwards=lambda *ids: self.afterwards(*ids), sleep=len
        )
        self.batches = Batches(database, self.reader, extractor, clock=lambda: self.now)

    def take_in(self, count: int = 1) -> list[int]:
        keys = [f"ledger/{number}.jpg" for number in range(count)]
        return [ingest_object(self.database, self.store, self.store.put(key, jpeg()), NOW) for key in keys]

    def already_read(self, count: int = 1) -> list[int]:
        taken = self.take_in(count)
        for receipt_id in taken:
            Reader(self.database, self.store, FakeExtractor(), lambda: NOW).read(receipt_id)
        return taken

    def look(self) -> list[str]:
        """Look some minutes later; what went wrong."""
        self.now += EVERY
        return [str(error) for _, error in self.batches.look() if error is not None]

    def outcomes(self) -> list[str | None]:
        with self.database.read() as session:
            return list(session.scalars(sa.select(BatchLineRow.outcome).order_by(BatchLineRow.id)))

    def all(self) -> list[BatchRow]:
        return [batch for batch, _ in reversed(self.batches.all())]

    def receipt(self, receipt_id: int) -> ReceiptRow:
        return receipt(self.database, receipt_id)

    def by_batch(self) -> list[ExtractionRow]:
        return [run for run in runs(self.database) if run.settings.get("lane") == "batch"]
