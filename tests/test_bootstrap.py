"""What the services do with photos: which are read, and which again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.bootstrap import Services
from ledger.config import Settings
from ledger.database import Database
from ledger.errors import AnswerNotJson, RateLimited
from ledger.extraction.pipeline import Reader
from ledger.receipt import ReceiptStatus
from ledger.review.queue import status_counts
from ledger.tasks import InlineTaskRunner
from tests.factories import MISREAD, FakeExtractor, MemoryStore, jpeg, migrated, take_in


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = migrated(database_url)
    yield database
    database.close()


def services(database: Database, store: MemoryStore, *outcomes: Exception) -> Services:
    extractor = FakeExtractor(*outcomes, MISREAD)
    return Services(Settings(), database, store, extractor, Reader(database, store, extractor), InlineTaskRunner())


def read_and_failed(database: Database) -> tuple[int, int]:
    counts = status_counts(database)
    return counts[ReceiptStatus.EXTRACTED], counts[ReceiptStatus.FAILED]


def test_a_short_outage_fails_nothing_for_good(database: Database) -> None:
    store = MemoryStore()
    for n in range(3):
        store.put(f"{n}.jpg", jpeg())
    desk = services(database, store, RateLimited(retry_after=1), RateLimited(retry_after=1), AnswerNotJson(why="?"))
    desk.look_for_photos()
    take_in(database, store, "new.jpg")

    assert (desk.read_due(), read_and_failed(database)) == (1, (1, 3))
    assert (desk.read_waiting(), read_and_failed(database)) == (2, (3, 1))
    assert (desk.read_waiting(), read_and_failed(database)) == (0, (3, 1))


def test_everything_that_failed_is_read_again_when_a_person_says_so(database: Database) -> None:
    store = MemoryStore()
    for n in range(2):
        store.put(f"{n}.jpg", jpeg())
    desk = services(database, store, RateLimited(retry_after=1), AnswerNotJson(why="?"))
    desk.look_for_photos()

    assert (desk.read_failed(), read_and_failed(database)) == (2, (2, 0))
    assert desk.read_failed() == 0
