"""What is tried again by itself, after how long, and what is left to people."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import (
    AnswerNotJson,
    ModelServerError,
    ModelTimeout,
    ModelUnreachable,
    RateLimited,
    StoreUnavailable,
)
from ledger.extraction.pipeline import Reader
from ledger.extraction.retries import MOST_TRIES
from ledger.extraction.turns import LEASE
from ledger.inbox.ingest import ingest
from ledger.receipt import Receipt, ReceiptStatus
from tests.extraction.runs import receipt, run, runs
from tests.factories import MISREAD, NOW, FakeExtractor, MemoryStore, jpeg, take_in

MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)


class Patient:
    """A reader, and the time that passes between what it does."""

    def __init__(self, database: Database, store: MemoryStore, *outcomes: Receipt | Exception) -> None:
        self.now = NOW
        self.extractor = FakeExtractor(*outcomes)
        self.reader = Reader(database, store, self.extractor, lambda: self.now)

    def reads(self) -> int:
        """How many receipts were due and are read now."""
        done = [self.reader.read_if_due(receipt_id) for receipt_id in self.reader.due()]
        return sum(extraction_id is not None for extraction_id in done)

    def passes(self, time: dt.timedelta) -> Patient:
        self.now += time
        return self


def test_what_failed_because_something_was_away_is_read_by_itself_a_minute_later(
    database: Database, store: MemoryStore
) -> None:
    receipt_id = take_in(database, store)
    patient = Patient(database, store, ModelServerError(status=503), MISREAD)

    assert patient.reads() == 1
    assert receipt(database, receipt_id).status == ReceiptStatus.FAILED
    assert patient.passes(MINUTE - SECOND).reads() == 0
    assert patient.passes(SECOND).reads() == 1

    read = receipt(database, receipt_id)
    assert (read.status, read.tries, read.due_at) == (ReceiptStatus.EXTRACTED, 0, None)
    assert patient.passes(100 * MINUTE).reads() == 0


@pytest.mark.parametrize("failure", [ModelServerError(status=500), ModelTimeout(seconds=60)])
def test_a_photo_that_fails_three_times_is_left_to_people(
    database: Database, store: MemoryStore, failure: Exception
) -> None:
    receipt_id = take_in(database, store)
    patient = Patient(database, store, failure)

    tries = sum(patient.passes(60 * MINUTE).reads() for _ in range(10))

    left = receipt(database, receipt_id)
    assert (tries, left.status, left.due_at) == (MOST_TRIES, ReceiptStatus.FAILED, None)


def test_a_person_who_asks_has_it_tried_three_times_more(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store)
    patient = Patient(database, store, ModelServerError(status=500))
    for _ in range(MOST_TRIES):
        patient.passes(60 * MINUTE).reads()

    patient.reader.read(receipt_id)

    assert sum(patient.passes(60 * MINUTE).reads() for _ in range(10)) == MOST_TRIES - 1


def test_a_photo_that_changed_begins_anew(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store)
    patient = Patient(database, store, *[ModelServerError(status=500)] * MOST_TRIES, MISREAD)
    for _ in range(MOST_TRIES):
        patient.passes(60 * MINUTE).reads()
    store.put("ledger/감자.jpg", jpeg(100))

    ingest(database, store, patient.now)

    assert receipt(database, receipt_id).tries == 0
    assert patient.reads() == 1


@pytest.mark.parametrize(
    "failure",
    [StoreUnavailable(store="s3://photos/", why="gone"), RateLimited(retry_after=1), ModelUnreachable(why="?")],
)
def test_what_is_not_the_photos_doing_is_tried_for_as_long_as_it_takes_and_ever_less_often(
    database: Database, store: MemoryStore, failure: Exception
) -> None:
    receipt_id = take_in(database, store)
    patient = Patient(database, store, *[failure] * 9, MISREAD)
    waits = []
    for _ in range(9):
        patient.reads()
        due = receipt(database, receipt_id).due_at
        assert due is not None
        waits.append((due - patient.now) // MINUTE)
        patient.now = due

    assert waits == [1, 2, 4, 8, 16, 32, 64, 64, 64]
    assert patient.reads() == 1
    assert receipt(database, receipt_id).status == ReceiptStatus.EXTRACTED


def test_tries_do_not_count_while_others_cannot_be_read_either(database: Database, store: MemoryStore) -> None:
    ids = [take_in(database, store, f"{n}.jpg") for n in range(7)]
    patient = Patient(database, store, ModelServerError(status=500))
    patient.reads()

    assert [receipt(database, receipt_id).tries for receipt_id in ids] == [1] + [0] * 6


def test_photos_that_excuse_each_other_are_left_to_people_all_the_same(database: Database, store: MemoryStore) -> None:
    ids = [take_in(database, store, f"{n}.jpg") for n in range(2)]
    patient = Patient(database, store, ModelTimeout(seconds=60))

    tries = sum(patient.passes(70 * MINUTE).reads() for _ in range(20))

    assert [receipt(database, receipt_id).due_at for receipt_id in ids] == [None, None]
    assert tries <= 2 * 7


def test_a_failure_of_a_reader_that_lost_its_turn_moves_nothing(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store)
    slow, other = Patient(database, store, ModelTimeout(seconds=60)), Patient(database, store)

    def taken_over_and_read() -> None:
        other.now = NOW + LEASE + SECOND
        assert other.reads() == 1

    slow.extractor.before_answer = taken_over_and_read
    slow.reads()

    left = receipt(database, receipt_id)
    assert (left.status, left.failure_id, left.due_at) == (ReceiptStatus.EXTRACTED, None, None)
    assert [each.error_class for each in runs(database)] == [None, "ModelTimeout"]


def test_what_no_waiting_mends_is_not_tried_again(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store)
    patient = Patient(database, store, AnswerNotJson(why="?"))
    patient.reads()

    assert receipt(database, receipt_id).due_at is None


def killed(patient: Patient) -> None:
    """A process that takes a receipt and is gone."""
    [receipt_id] = patient.reader.due()
    assert Reader(patient.reader.database, MemoryStore(), patient.extractor, lambda: patient.now)._turns.take(
        receipt_id, sa.true(), asked=False
    )


def test_a_photo_whose_reader_is_killed_is_read_by_another_one(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store)
    patient = Patient(database, store)
    killed(patient)

    assert patient.passes(LEASE).reads() == 0
    assert patient.passes(SECOND).reads() == 1
    assert receipt(database, receipt_id).status == ReceiptStatus.EXTRACTED


def test_a_photo_that_kills_its_reader_each_time_is_left_to_people(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store)
    patient = Patient(database, store)
    for _ in range(MOST_TRIES):
        killed(patient)
        patient.passes(LEASE + SECOND)

    assert patient.reads() == 1
    [given_up] = runs(database)
    left = receipt(database, receipt_id)
    assert (given_up.error_class, given_up.etag) == ("ReadingNeverEnds", left.etag)
    assert (left.status, left.failure_id, left.due_at) == (ReceiptStatus.FAILED, given_up.id, None)
    assert patient.extractor.asked == []

    good = run(database, patient.reader.read(receipt_id))
    assert good.error_class is None, "a person may have it tried all the same"


def test_a_process_that_ends_gives_back_what_it_reads_and_no_try_counts(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store)
    patient, other = Patient(database, store), Patient(database, store)
    seen: list[object] = []

    def ends() -> None:
        patient.reader.release()
        seen.append((receipt(database, receipt_id).tries, other.reads()))

    patient.extractor.before_answer = ends
    patient.reads()

    assert seen == [(0, 1)]
