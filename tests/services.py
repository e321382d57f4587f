"""All of the desk's services, over a store in memory and a reader that says what it is told to."""

from __future__ import annotations

from typing import Any

from ledger.config import Settings
from ledger.database import Database
from ledger.extraction.pipeline import Reader
from ledger.services import Services
from ledger.tasks import InlineTaskRunner
from tests.factories import FakeExtractor, MemoryStore


def services(
    database: Database, store: MemoryStore | None = None, extractor: FakeExtractor | None = None, **more: Any
) -> Services:
    """The services over this database; what is read in the background is read at once."""
    store, extractor = store or MemoryStore(), extractor or FakeExtractor()
    reader = Reader(database, store, extractor)
    more = {"datasets": MemoryStore()} | more
    return Services(Settings(), database, store, extractor, reader, InlineTaskRunner(), **more)
