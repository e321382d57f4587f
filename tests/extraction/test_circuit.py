"""When the model's service is left alone, for how long, and what ends it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import (
    AnswerNotJson,
    KeyRefused,
    ModelServerError,
    ModelUnreachable,
    NotAPicture,
    QuotaExhausted,
    RateLimited,
    StoreUnavailable,
)
from ledger.extraction.circuit import FEWEST, LONGEST, SHORTEST
from ledger.extraction.pipeline import Reader
from ledger.extraction.stored_run import BY_BATCH
from ledger.tables import ExtractionRow
from tests.factories import MISREAD, NOW, FakeExtractor, MemoryStore, take_in

AWAY = ModelUnreachable(why="connection refused")
SECOND = dt.timedelta(seconds=1)


class Queue:
    """Receipts that are read one after the other, and a clock that is moved."""

    def __init__(self, database: Database) -> None:
        self.now = NOW
        self._database, self._store = database, MemoryStore()
        self.reader = self.reads([MISREAD])
        self._taken = 0

    def reads(self, outcomes: list[object]) -> Reader:
        extractor = FakeExtractor(*outcomes)  # type: ignore[arg-type]  # receipts and errors
        self.reader = Reader(self._database, self._store, extractor, lambda: self.now)
        return self.reader

    def read(self, *outcomes: object, apart: dt.timedelta = SECOND) -> None:
        """Have these become of the next photos."""
        reader = self.reads(list(outcomes))
        for _ in outcomes:
            reader.read(self.due())
            self.now += apart

    def due(self) -> int:
        self._taken += 1
        return take_in(self._database, self._store, f"{self._taken}.jpg")


@pytest.fixture
def queue(database: Database) -> Queue:
    return Queue(database)


@pytest.mark.parametrize("error", [QuotaExhausted(), KeyRefused(status=401)])
def test_what_no_photo_can_be_read_through_rests_the_queue_at_once(queue: Queue, error: Exception) -> None:
    queue.read(MISREAD, error)

    rest = queue.reader.circuit.rest()
    assert rest is not None
    assert rest.error_class == type(error).__name__
    assert queue.reader.read_in_turn(queue.due()) is None


def test_an_outage_rests_it_only_after_several_in_a_row_whatever_their_kind(queue: Queue) -> None:
    queue.read(MISREAD, *[AWAY, ModelServerError(status=500)] * (FEWEST // 2))
    assert queue.reader.circuit.rest() is None

    queue.read(RateLimited(retry_after=1))
    assert queue.reader.circuit.rest() is not None


@pytest.mark.parametrize("nobody_asked", [NotAPicture(name="a.jpg"), StoreUnavailable(store="s3://a/", why="gone")])
def test_what_failed_before_the_service_was_asked_tells_nothing_of_it(queue: Queue, nobody_asked: Exception) -> None:
    queue.read(*[AWAY] * (FEWEST - 1), nobody_asked, AWAY, nobody_asked)
    trouble = queue.reader.circuit.trouble()
    assert trouble is not None
    assert trouble.error_class == type(AWAY).__name__

    queue.read(MISREAD, *[nobody_asked] * FEWEST)
    assert queue.reader.circuit.trouble() is None


def test_an_answer_out_of_a_batch_tells_nothing_of_the_service_now(queue: Queue, database: Database) -> None:
    queue.read(*[AWAY] * FEWEST, MISREAD)
    assert queue.reader.circuit.trouble() is None

    with database.write() as session:
        newest = session.scalars(sa.select(ExtractionRow).order_by(ExtractionRow.id.desc()).limit(1)).one()
        newest.settings = newest.settings | BY_BATCH

    assert queue.reader.circuit.trouble() is not None


@pytest.mark.parametrize("photos_own", [AnswerNotJson(why="?"), MISREAD])
def test_what_is_the_photos_own_trouble_says_that_the_service_is_well(queue: Queue, photos_own: object) -> None:
    queue.read(*[AWAY] * FEWEST, photos_own)

    assert queue.reader.circuit.trouble() is None


def test_a_rest_is_over_after_as_long_as_the_trouble_has_lasted(queue: Queue) -> None:
    queue.read(*[AWAY] * FEWEST)
    first = queue.reader.circuit.trouble()
    assert first is not None
    assert first.until - (queue.now - SECOND) == SHORTEST

    queue.now = first.until
    assert queue.reader.circuit.rest() is None
    assert queue.reader.circuit.trouble() == first
    queue.read(AWAY)
    second = queue.reader.circuit.trouble()

    assert second is not None
    assert second.since == NOW
    assert second.until == first.until + (first.until - NOW)


def test_no_rest_is_longer_than_ten_minutes(queue: Queue) -> None:
    queue.read(*[AWAY] * FEWEST, apart=dt.timedelta(hours=1))

    trouble = queue.reader.circuit.trouble()
    assert trouble is not None
    assert trouble.until == NOW + dt.timedelta(hours=FEWEST - 1) + LONGEST


def test_a_good_reading_that_somebody_asked_for_ends_the_rest(queue: Queue) -> None:
    queue.read(QuotaExhausted())
    queue.read(MISREAD)

    assert queue.reader.circuit.trouble() is None
    assert queue.reader.read_in_turn(queue.due()) is not None
