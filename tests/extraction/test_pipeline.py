"""One reading from end to end: what is stored, and what a failure leaves behind."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

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
from ledger.extraction.pipeline import Reader
from ledger.extraction.reasons import NOT_WHOLE
from ledger.inbox.ingest import ingest
from ledger.notes import Note
from ledger.receipt import Receipt, ReceiptStatus
from tests.extraction.runs import reader_of, receipt, run, runs
from tests.factories import MISREAD, NOW, SETTINGS, FakeExtractor, MemoryStore, jpeg, migrated, result, take_in


def test_a_reading_is_stored_with_everything_needed_to_judge_it(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store, member_id="member-7")
    problem = FieldProblem("items.0.count", "두 개", Note(NOT_WHOLE))
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
        {"field": "items.0.count", "value": "두 개", "why": {"sentence": NOT_WHOLE, "fields": {}}},
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


def test_a_photo_that_somebody_has_fetched_is_not_fetched_again(database: Database, store: MemoryStore) -> None:
    receipt_id = take_in(database, store, "a.jpg", member_id="member-7")
    fetched = store.fetch("a.jpg")
    store.failure = StoreUnavailable(store=store.name, why="connection refused")

    row = reader_of(database, store).read_fetched(receipt_id, fetched)

    assert row is not None
    assert (row.error_class, row.etag) == (None, fetched.etag)
    assert receipt(database, receipt_id).member_id == "member-7"


def test_a_photo_that_was_replaced_since_it_was_fetched_is_read_as_it_is_known_now(
    database: Database, store: MemoryStore
) -> None:
    receipt_id = take_in(database, store, "a.jpg")
    before = store.fetch("a.jpg")
    replaced = store.put("a.jpg", jpeg(90))
    ingest(database, store, NOW)

    row = reader_of(database, store).read_fetched(receipt_id, before)

    assert row is not None
    assert (row.etag, row.image_sha256) == (replaced.etag, hashlib.sha256(jpeg(90)).hexdigest())


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
