"""One reading from end to end: what is stored, who may read, and what a failure leaves behind."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import (
    AnswerCutOff,
    AnswerNotJson,
    EmptyPhoto,
    LedgerError,
    NotAPicture,
    ObjectNotFound,
    StoreUnavailable,
    TruncatedPhoto,
)
from ledger.extraction.extractor import FieldProblem, Usage
from ledger.extraction.notes import Note
from ledger.extraction.pipeline import LEASE, Reader
from ledger.inbox.ingest import ingest
from ledger.receipt import Receipt, ReceiptStatus
from ledger.review.confirm import confirm, reject
from ledger.review.queue import save_draft
from ledger.tables import ExtractionRow, ReceiptRow
from tests.factories import (
    MISREAD,
    NOW,
    RIGHT,
    SETTINGS,
    FakeExtractor,
    MemoryStore,
    action,
    jpeg,
    migrated,
    result,
    take_in,
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = migrated(database_url)
    yield database
    database.close()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


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


def test_a_reading_is_stored_with_everything_needed_to_judge_it(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store, member_id="member-7")
    problem = FieldProblem("items.0.count", "두 개", "This is not a whole number.")
    extractor = FakeExtractor(
        result(MISREAD, problems=(problem,), quarter_turns=1, notes=(Note("한글을 {how} 읽음", {"how": "못"}),))
    )

    extraction_id = Reader(database, store, extractor, lambda: NOW).read(receipt_id)

    row = run(database, extraction_id)
    assert (row.receipt_id, row.engine, row.model, row.temperature) == (receipt_id, "fake", "fake-1", 0.2)
    assert (row.prompt_version, row.settings) == (SETTINGS.prompt_version, SETTINGS.as_json())
    assert row.image_sha256 == hashlib.sha256(jpeg()).hexdigest()
    assert row.raw_answer == result(MISREAD).raw_answer
    assert Receipt.model_validate(row.document) == MISREAD
    assert (row.prompt_tokens, row.completion_tokens, row.cached_tokens) == (1_200, 90, 1_024)
    assert (row.cost_microusd, row.request_id) == (2_620, "req-1")
    assert row.latency_ms >= 0
    assert row.problems == [
        {"field": "items.0.count", "value": "두 개", "why": "This is not a whole number."},
    ]
    assert (row.notes, row.created_at) == ([{"sentence": "한글을 {how} 읽음", "fields": {"how": "못"}}], NOW)
    assert (row.error_class, row.error_message, row.error_fields) == (None, None, None)
    read = receipt(database, receipt_id)
    assert (read.status, read.extraction_id, read.failure_id) == (ReceiptStatus.EXTRACTED, extraction_id, None)
    assert (read.quarter_turns, read.member_id, read.reading_until) == (1, "member-7", None)
    assert read.read_etag == read.etag == row.etag


def test_settings_are_stored_as_applied_and_not_as_asked_for(database: Database, store: MemoryStore) -> None:
    applied = replace(SETTINGS, model="fake-1-2024-11-20", temperature=None)
    reader = Reader(database, store, FakeExtractor(result(MISREAD, applied)), lambda: NOW)

    row = run(database, reader.read(take_in(database, store), replace(SETTINGS, temperature=0.7)))

    assert (row.model, row.temperature) == ("fake-1-2024-11-20", None)
    assert row.settings == applied.as_json()


def test_settings_asked_for_reach_the_extractor(database: Database, store: MemoryStore) -> None:
    extractor, wanted = FakeExtractor(), replace(SETTINGS, temperature=0.7)

    Reader(database, store, extractor, lambda: NOW).read(take_in(database, store), wanted)

    assert [settings for _, settings in extractor.asked] == [wanted]


@pytest.mark.parametrize("temperature", [0.0, 0.1, 0.2, 1.15])
def test_a_temperature_comes_back_exactly(mariadb_url: str, store: MemoryStore, temperature: float) -> None:
    database = migrated(mariadb_url)
    reader = Reader(database, store, FakeExtractor(), lambda: NOW)

    row = run(database, reader.read(take_in(database, store), replace(SETTINGS, temperature=temperature)))

    database.close()
    assert row.temperature == temperature


def test_a_failed_reading_keeps_the_error_and_what_the_model_did_say(database: Database, store: MemoryStore) -> None:
    usage = Usage(prompt_tokens=1_200, completion_tokens=10, cost_microusd=3_000)
    error = AnswerCutOff(limit=10, raw_answer='{"date": "2024', usage=usage, request_id="req-9")
    receipt_id = take_in(database, store)

    row = run(database, reader_of(database, store, error).read(receipt_id))

    assert (row.error_class, row.error_message, row.error_fields) == ("AnswerCutOff", str(error), {"limit": "10"})
    assert (row.raw_answer, row.request_id, row.document) == ('{"date": "2024', "req-9", None)
    assert (row.prompt_tokens, row.completion_tokens, row.cost_microusd) == (1_200, 10, 3_000)
    assert (row.model, row.settings, row.image_sha256) == (
        "fake-1",
        SETTINGS.as_json(),
        hashlib.sha256(jpeg()).hexdigest(),
    )
    failed = receipt(database, receipt_id)
    assert (failed.status, failed.failure_id, failed.extraction_id) == (ReceiptStatus.FAILED, row.id, None)
    assert failed.reading_until is None


def test_a_failed_reading_is_not_due_again_by_itself(database: Database, store: MemoryStore) -> None:
    reader = reader_of(database, store, AnswerNotJson(why="?"))
    receipt_id = take_in(database, store)
    reader.read(receipt_id)

    assert reader.due() == []
    assert reader.read_if_due(receipt_id) is None
    assert reader.read(receipt_id) is not None


def test_a_photo_deleted_after_it_was_listed_fails_with_its_name(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store)
    store.objects.clear()
    reader = reader_of(database, store)

    row = run(database, reader.read(receipt_id))

    assert (row.error_class, row.error_fields) == (ObjectNotFound.__name__, {"key": "ledger/감자.jpg"})
    assert (row.image_sha256, row.raw_answer, row.prompt_tokens) == (None, None, None)
    assert receipt(database, receipt_id).status == ReceiptStatus.FAILED


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"", EmptyPhoto), ("영수증 아님".encode(), NotAPicture), (jpeg()[:-60], TruncatedPhoto)],
)
def test_a_bad_photo_fails_and_the_next_one_is_read(
    database: Database, store: MemoryStore, data: bytes, error: type[LedgerError]
) -> None:
    store.put("bad.jpg", data)
    store.put("good.jpg", jpeg())
    ingest(database, store, NOW)
    reader = reader_of(database, store)

    done = [run(database, reader.read(receipt_id)) for receipt_id in reader.due()]

    assert [row.error_class for row in done] == [error.__name__, None]


def test_a_store_that_does_not_answer_fails_the_reading_and_keeps_its_old_state(
    database: Database, store: MemoryStore
) -> None:
    receipt_id = take_in(database, store)
    store.failure = StoreUnavailable(store="s3://photos/", why="connection refused")

    row = run(database, reader_of(database, store).read(receipt_id))

    assert (row.error_class, row.error_fields) == (
        "StoreUnavailable",
        {"store": "s3://photos/", "why": "connection refused"},
    )


def test_a_defect_is_stored_by_its_type_and_logged_whole_and_the_queue_goes_on(
    database: Database, store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    take_in(database, store, "a.jpg"), take_in(database, store, "b.jpg")
    reader = reader_of(database, store, ZeroDivisionError("sk-secret"), MISREAD)

    done = [run(database, reader.read(receipt_id)) for receipt_id in reader.due()]

    assert [row.error_class for row in done] == ["LedgerError", None]
    assert done[0].error_message == "Something went wrong: ZeroDivisionError"
    assert "Traceback" in caplog.text
    assert "ZeroDivisionError" in caplog.text


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


def test_an_expired_lease_is_taken_over(database: Database, store: MemoryStore) -> None:
    clock, receipt_id = Clock(), take_in(database, store)
    with database.write() as session:
        session.get_one(ReceiptRow, receipt_id).reading_until = NOW + LEASE  # by a reader that was killed
    reader = Reader(database, store, FakeExtractor(), clock)
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

    def lease_runs_out() -> None:
        clock.now = NOW + 2 * LEASE
        taking_over.start()
        assert begun.wait(10)

    slow.before_answer = lease_runs_out
    Reader(database, store, slow, clock).read(receipt_id)
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
    save_draft(database, receipt_id, {"date": "2024"}, extraction_id=first, operator="지수", client_ms=1, now=NOW)
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


def test_a_photo_changed_while_it_was_read_is_due_again_after_the_next_look(
    database: Database, store: MemoryStore
) -> None:
    receipt_id, extractor = take_in(database, store), FakeExtractor()
    reader = Reader(database, store, extractor, lambda: NOW)

    def change() -> None:
        store.put("ledger/감자.jpg", jpeg(100))
        ingest(database, store, NOW)

    extractor.before_answer = change
    reader.read(receipt_id)

    ingest(database, store, NOW)
    assert reader.due() == [receipt_id]


LONG = "긴" * 1_000


@pytest.mark.parametrize(
    "odd",
    [
        result(MISREAD, request_id=LONG),
        result(MISREAD, replace(SETTINGS, model=LONG)),
        result(MISREAD.model_copy(update={"location": "반쪽 \ud83d"})),
        result(MISREAD, raw_answer="반쪽 \ud83d"),
        result(MISREAD, raw_answer=LONG * 100, usage=Usage(cost_microusd=2**40)),
        AnswerNotJson(why=LONG * 100, raw_answer="\x00\ud83d", request_id=LONG),
    ],
    ids=["request id", "model", "document", "raw answer", "long answer", "long error"],
)
def test_a_reading_that_does_not_fit_its_columns_is_stored_all_the_same(
    database: Database, store: MemoryStore, odd: Receipt | Exception
) -> None:
    """Otherwise it would be paid for again each time its lease runs out."""
    receipt_id, reader = take_in(database, store), reader_of(database, store, odd)

    assert reader.read(receipt_id) is not None

    assert len(runs(database)) == 1
    assert reader.due() == []


def test_a_members_id_that_is_too_long_is_never_cut_to_another_members(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store, member_id="7" * 65)

    extraction_id = reader_of(database, store).read(receipt_id)

    assert run(database, extraction_id).error_class is None
    assert receipt(database, receipt_id).member_id is None
