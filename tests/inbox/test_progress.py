"""How far reading is."""

from __future__ import annotations

from ledger.database import Database
from ledger.errors import RateLimited
from ledger.extraction.pipeline import Reader
from ledger.inbox.progress import Progress, reading_progress
from tests.factories import NOW, FakeExtractor, MemoryStore, take_in


def test_an_empty_inbox_has_nothing_to_do(database: Database) -> None:
    assert reading_progress(database, NOW) == Progress(waiting=0, in_work=0)


def test_progress_counts_what_waits_and_what_is_being_read(database: Database) -> None:
    store, extractor = MemoryStore(), FakeExtractor()
    first, _ = take_in(database, store, "a.jpg"), take_in(database, store, "b.jpg")
    seen: list[Progress] = []
    extractor.before_answer = lambda: seen.append(reading_progress(database, NOW))

    Reader(database, store, extractor, lambda: NOW).read(first)

    assert seen == [Progress(waiting=2, in_work=1)]
    assert reading_progress(database, NOW) == Progress(waiting=1, in_work=0)


def test_a_failed_photo_does_not_wait(database: Database) -> None:
    store = MemoryStore()
    Reader(database, store, FakeExtractor(RateLimited(retry_after=1)), lambda: NOW).read(take_in(database, store))

    assert reading_progress(database, NOW) == Progress(waiting=0, in_work=0)
