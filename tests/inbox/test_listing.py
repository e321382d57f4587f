"""What lies in the inbox."""

from __future__ import annotations

from ledger.database import Database
from ledger.errors import RateLimited
from ledger.extraction.pipeline import Reader
from ledger.inbox.ingest import ingest
from ledger.inbox.listing import Progress, count_photos, list_photos, reading_progress
from ledger.receipt import OPEN_STATUSES, ReceiptStatus
from tests.factories import MISREAD, NOW, FakeExtractor, MemoryStore, jpeg, take_in

PENDING = (ReceiptStatus.PENDING,)


def test_an_empty_inbox_has_nothing_and_nothing_to_do(database: Database) -> None:
    assert list_photos(database, OPEN_STATUSES, NOW) == []
    assert count_photos(database, OPEN_STATUSES) == 0
    assert reading_progress(database, NOW) == Progress(waiting=0, in_work=0)


def test_photos_are_listed_newest_first_a_page_at_a_time(database: Database) -> None:
    store = MemoryStore()
    for n in range(5):
        store.put(f"{n} 영수증.jpg", jpeg())
    ingest(database, store, NOW)

    first = list_photos(database, PENDING, NOW, limit=2)
    second = list_photos(database, PENDING, NOW, limit=2, before=first[-1].receipt_id)
    last = list_photos(database, PENDING, NOW, limit=2, before=second[-1].receipt_id)

    pages = [[line.object_key for line in page] for page in (first, second, last)]
    assert pages == [["4 영수증.jpg", "3 영수증.jpg"], ["2 영수증.jpg", "1 영수증.jpg"], ["0 영수증.jpg"]]
    assert count_photos(database, PENDING) == 5


def test_a_photo_shows_why_it_could_not_be_read(database: Database) -> None:
    store = MemoryStore()
    receipt_id = take_in(database, store)
    Reader(database, store, FakeExtractor(RateLimited(retry_after=20)), lambda: NOW).read(receipt_id)

    [line] = list_photos(database, (ReceiptStatus.FAILED,), NOW)

    assert (line.receipt_id, line.status, line.error_class) == (receipt_id, ReceiptStatus.FAILED, "RateLimited")
    assert line.error_message == str(RateLimited(retry_after=20))
    assert line.error_fields == {"retry_after": "20"}
    assert list_photos(database, PENDING, NOW) == []


def test_a_photo_that_was_read_shows_no_error_any_more(database: Database) -> None:
    store = MemoryStore()
    reader = Reader(database, store, FakeExtractor(RateLimited(retry_after=1), MISREAD), lambda: NOW)
    receipt_id = take_in(database, store)
    reader.read(receipt_id)
    reader.read(receipt_id)

    [line] = list_photos(database, OPEN_STATUSES, NOW)

    assert (line.status, line.error_class, line.error_fields) == (ReceiptStatus.EXTRACTED, None, {})


def test_progress_counts_what_waits_and_what_is_being_read(database: Database) -> None:
    store, extractor = MemoryStore(), FakeExtractor()
    first, _ = take_in(database, store, "a.jpg"), take_in(database, store, "b.jpg")
    seen: list[tuple[Progress, list[bool]]] = []
    extractor.before_answer = lambda: seen.append(
        (reading_progress(database, NOW), [line.being_read for line in list_photos(database, OPEN_STATUSES, NOW)])
    )

    Reader(database, store, extractor, lambda: NOW).read(first)

    assert seen == [(Progress(waiting=2, in_work=1), [False, True])]
    assert reading_progress(database, NOW) == Progress(waiting=1, in_work=0)


def test_a_failed_photo_does_not_wait(database: Database) -> None:
    store = MemoryStore()
    Reader(database, store, FakeExtractor(RateLimited(retry_after=1)), lambda: NOW).read(take_in(database, store))

    assert reading_progress(database, NOW) == Progress(waiting=0, in_work=0)
