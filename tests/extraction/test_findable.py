"""A reading makes its receipt findable: by its bytes, its picture, its place, and its day and total."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from ledger.database import Database
from ledger.errors import ModelTimeout
from ledger.extraction import runner
from ledger.extraction.pipeline import Reader
from ledger.inbox.images import open_photo
from ledger.inbox.ingest import ingest_object
from ledger.inbox.likeness import picture_hash
from ledger.receipt import Receipt
from ledger.review.confirm import confirm
from ledger.terms import bytes_term, picture_terms, place_terms, sale_terms
from tests.extraction.runs import reader_of, receipt
from tests.factories import MISREAD, NOW, RIGHT, FakeExtractor, MemoryStore, action, result
from tests.review.rows import terms

PHOTO = (Path(__file__).parents[2] / "samples" / "photos" / "cafe_dalmong.jpg").read_bytes()
OTHER = (Path(__file__).parents[2] / "samples" / "photos" / "store24_evening.jpg").read_bytes()
ELSEWHERE = Receipt(date=RIGHT.date, location="다른 곳", total_amount=1)


def put(database: Database, store: MemoryStore, photo: bytes = PHOTO) -> int:
    return ingest_object(database, store, store.put("a.jpg", photo), NOW)


def of_photo(database: Database, receipt_id: int, photo: bytes) -> set[str]:
    return {bytes_term(hashlib.sha256(photo).hexdigest())} | picture_terms(receipt(database, receipt_id).picture_hash)


def told(read: Receipt) -> set[str]:
    return place_terms(read.location) | sale_terms(read.date, read.total_amount)


def test_a_reading_leaves_the_terms_of_its_photo_and_of_what_was_read(database: Database, store: MemoryStore) -> None:
    receipt_id = put(database, store)

    reader_of(database, store, MISREAD).read(receipt_id)

    found = receipt(database, receipt_id).picture_hash
    assert found is not None
    assert len(picture_terms(found)) == 16
    assert terms(database, receipt_id) == of_photo(database, receipt_id, PHOTO) | told(MISREAD)


def test_a_later_reading_of_another_photo_takes_the_terms_of_the_first_away(
    database: Database, store: MemoryStore
) -> None:
    receipt_id = put(database, store)
    reader_of(database, store, MISREAD).read(receipt_id)
    before = receipt(database, receipt_id).picture_hash
    put(database, store, OTHER)

    reader_of(database, store, ELSEWHERE).read(receipt_id)

    assert receipt(database, receipt_id).picture_hash not in (None, before)
    assert terms(database, receipt_id) == of_photo(database, receipt_id, OTHER) | told(ELSEWHERE)


def test_a_photo_that_could_not_be_read_is_found_all_the_same(database: Database, store: MemoryStore) -> None:
    receipt_id = put(database, store)

    reader_of(database, store, ModelTimeout(seconds=1)).read(receipt_id)

    assert terms(database, receipt_id) == of_photo(database, receipt_id, PHOTO)


def test_a_confirmed_receipt_is_found_by_what_was_confirmed_also_after_it_is_read_again(
    database: Database, store: MemoryStore
) -> None:
    receipt_id = put(database, store)
    reader = reader_of(database, store, RIGHT, ELSEWHERE)
    extraction_id = reader.read(receipt_id)
    confirm(database, action(receipt_id, extraction_id, photo=PHOTO), RIGHT)

    reader.read(receipt_id)

    assert terms(database, receipt_id) >= told(RIGHT) | told(ELSEWHERE)


def test_a_photo_that_cannot_be_compared_is_read(
    database: Database, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("broken")

    # No photo is known that can be opened and not be compared.
    monkeypatch.setattr(runner, "picture_hash", broken)
    receipt_id = put(database, store)

    reader_of(database, store, MISREAD).read(receipt_id)

    assert receipt(database, receipt_id).extraction_id is not None
    assert receipt(database, receipt_id).picture_hash is None


def test_the_hash_is_that_of_the_picture_as_its_reader_turned_it(database: Database, store: MemoryStore) -> None:
    receipt_id = put(database, store)

    Reader(database, store, FakeExtractor(result(MISREAD, quarter_turns=1)), lambda: NOW).read(receipt_id)

    assert receipt(database, receipt_id).picture_hash == picture_hash(open_photo(PHOTO, "a.jpg"), 1)


@pytest.mark.parametrize(("days", "warned"), [(0, False), (1, False), (2, True)])
def test_a_receipt_is_warned_of_when_its_own_marks_say_why(
    database: Database, store: MemoryStore, days: int, warned: bool
) -> None:
    """Bought late in the evening, it is tomorrow already where days begin first."""
    evening = NOW.replace(hour=15)
    bought = RIGHT.model_copy(update={"date": evening.date() + dt.timedelta(days=days)})
    receipt_id = put(database, store)

    Reader(database, store, FakeExtractor(bought), lambda: evening).read(receipt_id)

    assert receipt(database, receipt_id).warned is warned
