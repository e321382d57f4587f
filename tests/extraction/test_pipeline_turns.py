"""Who may read a photo and when, and what a reading does to a receipt that went on meanwhile."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import (
    AnswerNotJson,
    AnswerRefused,
    KeyRefused,
    MissingKey,
    ModelServerError,
    ModelTimeout,
    ModelUnreachable,
    NotAPicture,
    QuotaExhausted,
    RateLimited,
    StoreUnavailable,
)
from ledger.extraction.pipeline import Reader
from ledger.extraction.turns import LEASE, Turns
from ledger.inbox.ingest import add_object, ingest
from ledger.inbox.progress import Progress, reading_progress
from ledger.receipt import Receipt, ReceiptStatus
from ledger.review.confirm import confirm, reject
from ledger.review.drafts import save_draft
from ledger.tables import LedgerRow, ReceiptRow
from tests.extraction.runs import Clock, reader_of, receipt, run, runs
from tests.factories import MISREAD, NOW, RIGHT, FakeExtractor, MemoryStore, action, jpeg, take_in


def test_due_receipts_come_oldest_first(database: Database, store: MemoryStore) -> None:
    ids = [take_in(database, store, f"{n}.jpg") for n in range(3)]
    reader = reader_of(database, store)
    reader.read(ids[1])

    assert reader.due() == [ids[0], ids[2]]


def test_a_receipt_that_does_not_exist_is_not_read(database: Database, store: MemoryStore) -> None:
    assert reader_of(database, store).read(404) is None
    assert reader_of(database, store).run_of(None) is None


def test_of_four_readers_at_once_one_reads(database: Database, store: MemoryStore) -> None:
    receipt_id, extractor = take_in(database, store), FakeExtractor()
    gate, turned_away = threading.Barrier(4), threading.Semaphore(0)
    extractor.before_answer = lambda: [turned_away.acquire(timeout=10) for _ in range(3)]
    reader = Reader(database, store, extractor, lambda: NOW)

    def read() -> int | None:
        gate.wait()
        taken = reader.read(receipt_id)
        turned_away.release()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [future.result() for future in [pool.submit(read) for _ in range(4)]]

    assert len(extractor.asked) == 1
    assert sorted(taken, key=str) == [runs(database)[0].id, None, None, None]


def test_a_photo_in_work_is_neither_due_nor_taken(database: Database, store: MemoryStore) -> None:
    receipt_id, extractor = take_in(database, store), FakeExtractor()
    reader = Reader(database, store, extractor, lambda: NOW)
    other = reader_of(database, store)
    seen: list[object] = []
    extractor.before_answer = lambda: seen.extend([other.due(), other.read(receipt_id)])

    reader.read(receipt_id)

    assert seen == [[], None]


def test_a_photo_that_nobody_knew_is_taken_in_and_at_once_by_who_reads_it(
    database: Database, store: MemoryStore
) -> None:
    found, extractor, clock = store.put("ledger/새것.jpg", jpeg()), FakeExtractor(), Clock()
    reader, other = Reader(database, store, extractor, clock), Reader(database, store, FakeExtractor(), clock)
    seen: list[object] = []
    extractor.before_answer = lambda: seen.extend([other.due(), other.read(1), receipt(database, 1).tries])

    new = reader.read_new(found, store.fetch(found.key))

    row = receipt(database, 1)
    assert new is not None
    assert seen == [[], None, 1]
    assert (row.object_key, row.status, row.extraction_id) == (found.key, ReceiptStatus.EXTRACTED, new.id)
    assert (row.reading_until, row.due_at, reader.due()) == (None, None, [])


def test_a_photo_whose_reader_was_killed_as_it_took_it_in_is_due(database: Database, store: MemoryStore) -> None:
    found, clock = store.put("ledger/새것.jpg", jpeg()), Clock()
    assert Turns(database, clock).begin(found, partial(add_object, database, store, found, NOW)) is not None

    clock.now = NOW + 2 * LEASE

    assert Reader(database, store, FakeExtractor(), clock).due() == [1]


def test_a_photo_that_somebody_has_taken_in_meanwhile_is_left_to_them(database: Database, store: MemoryStore) -> None:
    take_in(database, store)
    extractor = FakeExtractor()
    reader = Reader(database, store, extractor, lambda: NOW)
    [found] = store.list()

    assert reader.read_new(found, store.fetch(found.key)) is None
    assert (extractor.asked, receipt(database, 1).tries) == ([], 0)


def test_an_expired_lease_is_taken_over(database: Database, store: MemoryStore) -> None:
    clock, receipt_id = Clock(), take_in(database, store)
    reader = Reader(database, store, FakeExtractor(), clock)
    with database.write() as session:
        session.get_one(ReceiptRow, receipt_id).reading_until = NOW + LEASE  # by a reader that was killed
    assert (reader.due(), reader.read(receipt_id)) == ([], None)

    clock.now = NOW + LEASE + dt.timedelta(microseconds=1)

    assert reader.due() == [receipt_id]
    assert reader.read_if_due(receipt_id) is not None


def test_a_late_reading_is_kept_and_does_not_end_the_lease_of_the_one_that_took_over(
    database: Database, store: MemoryStore
) -> None:
    clock, receipt_id = Clock(), take_in(database, store)
    slow, second = FakeExtractor(), FakeExtractor()
    begun, finish = threading.Event(), threading.Event()
    second.before_answer = lambda: (begun.set(), finish.wait(10))
    taking_over = threading.Thread(target=Reader(database, store, second, clock).read, args=(receipt_id,))

    reader = Reader(database, store, slow, clock)

    def lease_runs_out() -> None:
        clock.now = NOW + 2 * LEASE
        taking_over.start()
        assert begun.wait(10)

    slow.before_answer = lease_runs_out
    reader.read(receipt_id)
    still_taken = receipt(database, receipt_id).reading_until
    finish.set()
    taking_over.join(10)

    assert still_taken == NOW + 3 * LEASE
    assert receipt(database, receipt_id).reading_until is None
    assert len(runs(database)) == 2


def test_a_good_reading_stays_when_a_later_attempt_fails(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store)
    reader = reader_of(database, store, MISREAD, AnswerNotJson(why="?"))
    good, bad = reader.read(receipt_id), reader.read(receipt_id)

    row = receipt(database, receipt_id)

    assert (row.status, row.extraction_id, row.failure_id) == (ReceiptStatus.EXTRACTED, good, bad)


def test_a_good_reading_after_a_failure_takes_its_place(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store)
    reader = reader_of(database, store, AnswerNotJson(why="?"), MISREAD)
    reader.read(receipt_id)

    good = reader.read(receipt_id)

    row = receipt(database, receipt_id)
    assert (row.status, row.extraction_id, row.failure_id) == (ReceiptStatus.EXTRACTED, good, None)
    assert len(runs(database)) == 2  # both are kept


def test_a_receipt_with_a_draft_stays_in_review_when_it_is_read_again(database: Database, store: MemoryStore) -> None:
    receipt_id, reader = take_in(database, store), reader_of(database, store)
    first = reader.read(receipt_id)
    save_draft(
        database,
        receipt_id,
        {"date": "2024"},
        extraction_id=first,
        operator="지수",
        client_id="a",
        client_ms=1,
        now=NOW,
    )
    store.put("ledger/감자.jpg", jpeg(100))
    ingest(database, store, NOW)

    reader.read(receipt_id)

    assert receipt(database, receipt_id).status == ReceiptStatus.IN_REVIEW


@pytest.mark.parametrize("closed", [ReceiptStatus.CONFIRMED, ReceiptStatus.REJECTED])
@pytest.mark.parametrize("later", [MISREAD, AnswerNotJson(why="?")])
def test_a_closed_receipt_is_not_reopened_by_a_reading(
    database: Database, store: MemoryStore, closed: ReceiptStatus, later: Receipt | Exception
) -> None:
    receipt_id, reader = take_in(database, store), reader_of(database, store, MISREAD, later)
    click = action(receipt_id, reader.read(receipt_id))
    if closed is ReceiptStatus.CONFIRMED:
        confirm(database, click, RIGHT)
    else:
        reject(database, click, "duplicate")

    reader.read(receipt_id)

    assert receipt(database, receipt_id).status == closed
    assert len(runs(database)) == 2


def test_the_member_is_kept_when_a_later_photo_names_none(database: Database, store: MemoryStore) -> None:
    receipt_id, reader = take_in(database, store, member_id="member-7"), reader_of(database, store)
    reader.read(receipt_id)
    store.put("ledger/감자.jpg", jpeg(100))
    reader.read(receipt_id)

    assert receipt(database, receipt_id).member_id == "member-7"


def test_a_photo_changed_between_listing_and_fetching_is_read_as_it_is(database: Database, store: MemoryStore) -> None:
    receipt_id, reader = take_in(database, store), reader_of(database, store)
    changed = store.put("ledger/감자.jpg", jpeg(100))

    row = run(database, reader.read(receipt_id))

    assert (row.etag, row.image_sha256) == (changed.etag, hashlib.sha256(jpeg(100)).hexdigest())
    read = receipt(database, receipt_id)
    assert (read.etag, read.read_etag) == (changed.etag, changed.etag)
    assert ingest(database, store, NOW).changed == 0
    assert reader.due() == []


@pytest.mark.parametrize("outcome", [MISREAD, NotAPicture(name="감자.jpg"), ModelServerError(status=500)])
def test_a_photo_changed_while_it_was_read_is_read_again_at_once(
    database: Database, store: MemoryStore, outcome: Receipt | Exception
) -> None:
    receipt_id, extractor = take_in(database, store), FakeExtractor(outcome, RIGHT)
    reader = Reader(database, store, extractor, lambda: NOW)

    def change() -> None:
        store.put("ledger/감자.jpg", jpeg(100))
        ingest(database, store, NOW)

    extractor.before_answer = change
    reader.read(receipt_id)

    assert reader.due() == [receipt_id]
    assert receipt(database, receipt_id).status == ReceiptStatus.PENDING
    extractor.before_answer = lambda: None
    assert run(database, reader.read_if_due(receipt_id)).etag == store.find("ledger/감자.jpg").etag
    assert receipt(database, receipt_id).status == ReceiptStatus.EXTRACTED
    assert reader.due() == []
    assert ingest(database, store, NOW).changed == 0


def test_a_photo_changed_and_read_anew_while_an_old_reading_of_it_went_on_is_due_when_that_one_ends(
    database: Database, store: MemoryStore
) -> None:
    receipt_id, clock, extractor = take_in(database, store), Clock(), FakeExtractor()
    late, other = Reader(database, store, extractor, clock), Reader(database, store, FakeExtractor(RIGHT), clock)

    def change() -> None:
        changed = store.put("ledger/감자.jpg", jpeg(100))
        ingest(database, store, NOW)
        clock.now += 2 * LEASE
        assert run(database, other.read_if_due(receipt_id)).etag == changed.etag

    extractor.before_answer = change
    late.read(receipt_id)

    assert other.due() == [receipt_id]
    assert receipt(database, receipt_id).etag == store.find("ledger/감자.jpg").etag


def test_a_photo_changed_after_the_last_look_while_it_was_read_is_due_after_the_next_one(
    database: Database, store: MemoryStore
) -> None:
    receipt_id, extractor = take_in(database, store), FakeExtractor()
    reader = Reader(database, store, extractor, lambda: NOW)
    extractor.before_answer = lambda: store.put("ledger/감자.jpg", jpeg(100))
    reader.read(receipt_id)

    ingest(database, store, NOW)
    assert reader.due() == [receipt_id]


@pytest.mark.parametrize("closed", [ReceiptStatus.CONFIRMED, ReceiptStatus.REJECTED])
def test_a_receipt_that_was_decided_upon_before_it_was_read_is_not_read(
    database: Database, store: MemoryStore, closed: ReceiptStatus
) -> None:
    receipt_id, reader = take_in(database, store), reader_of(database, store)
    if closed is ReceiptStatus.CONFIRMED:
        confirm(database, action(receipt_id, None), RIGHT)
    else:
        reject(database, action(receipt_id, None), "not_a_receipt")

    assert reader.due() == []
    assert reader.read_if_due(receipt_id) is None
    assert reading_progress(database, NOW) == Progress(waiting=0, in_work=0)


PASSING = (
    StoreUnavailable(store="s3://photos/", why="gone"),
    RateLimited(retry_after=1),
    ModelServerError(status=503),
    ModelTimeout(seconds=60),
    ModelUnreachable(why="gone"),
    MissingKey(),
    KeyRefused(status=401),
    QuotaExhausted(),
)
LASTING = (AnswerNotJson(why="?"), AnswerRefused(why="no"), NotAPicture(name="a.jpg"), ZeroDivisionError())


def test_what_failed_because_something_was_away_is_told_apart_from_what_will_fail_again(
    database: Database, store: MemoryStore
) -> None:
    ids = [take_in(database, store, f"{n}.jpg") for n in range(len(PASSING) + len(LASTING))]
    reader = reader_of(database, store, *PASSING, *LASTING)
    failures = [(receipt_id, reader.read(receipt_id)) for receipt_id in ids]

    assert reader.due() == []
    assert reader.failed() == failures
    assert reader.failed(transient=True) == failures[: len(PASSING)]


def test_a_failed_photo_that_was_queued_twice_is_read_once(database: Database, store: MemoryStore) -> None:
    take_in(database, store)
    extractor = FakeExtractor(RateLimited(retry_after=1))
    reader = Reader(database, store, extractor, lambda: NOW)
    reader.read(reader.due()[0])
    [failed] = reader.failed()

    done = [reader.read_if_failed(*failed) for _ in range(2)]

    assert done[0] is not None
    assert done[1] is None
    assert len(extractor.asked) == 2
    assert reader.failed() == [(failed[0], done[0])]


def test_a_photo_that_is_read_again_is_not_among_the_failed(database: Database, store: MemoryStore) -> None:
    take_in(database, store)
    extractor = FakeExtractor(RateLimited(retry_after=1), MISREAD)
    reader = Reader(database, store, extractor, lambda: NOW)
    reader.read(reader.due()[0])
    [failed] = reader.failed()
    seen: list[list[tuple[int, int]]] = []
    extractor.before_answer = lambda: seen.append(reader.failed())

    reader.read_if_failed(*failed)

    assert seen == [[]]
    assert reader.failed() == []


@pytest.mark.parametrize(("before", "after"), [(None, "member-7"), ("member-1", "member-1")])
def test_a_member_who_is_known_only_after_the_confirm_is_written_into_the_ledger(
    database: Database, store: MemoryStore, before: str | None, after: str
) -> None:
    receipt_id, reader = take_in(database, store), reader_of(database, store)
    confirm(database, action(receipt_id, reader.read(receipt_id)), RIGHT)
    with database.write() as session:
        session.execute(sa.update(LedgerRow).values(member_id=before))
        other = LedgerRow(location="남의 것", date=dt.date(2024, 11, 11))
        session.add(other)
    store.put("ledger/감자.jpg", jpeg(100), member_id="member-7")

    reader.read(receipt_id)

    with database.read() as session:
        members = list(session.scalars(sa.select(LedgerRow.member_id).order_by(LedgerRow.id)))
    assert members == [after, None]
    assert receipt(database, receipt_id).member_id == "member-7"
