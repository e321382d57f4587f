"""From objects to receipts: each once, whatever runs twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import StoreUnavailable
from ledger.extraction.pipeline import Reader
from ledger.inbox.ingest import IngestReport, ingest, ingest_object, look_up, object_hash
from ledger.inbox.object_store import StoredObject
from ledger.inbox.stores import open_store
from ledger.receipt import ReceiptStatus
from ledger.review.confirm import confirm
from ledger.review.drafts import save_draft
from ledger.tables import DraftRow, ReceiptRow
from tests.factories import NOW, RIGHT, FakeExtractor, MemoryStore, action, jpeg, migrated, take_in


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def receipts(database: Database) -> list[ReceiptRow]:
    with database.read() as session:
        return list(session.scalars(sa.select(ReceiptRow).order_by(ReceiptRow.id)))


def test_each_object_becomes_one_pending_receipt(database: Database, store: MemoryStore) -> None:
    stored = store.put("ledger/감자.jpg", jpeg())

    assert ingest(database, store, NOW) == IngestReport(listed=1, added=1, changed=0)

    [row] = receipts(database)
    assert (row.object_key, row.store, row.etag, row.size) == ("ledger/감자.jpg", store.name, stored.etag, stored.size)
    assert (row.status, row.read_etag, row.version, row.quarter_turns) == (ReceiptStatus.PENDING, None, 1, 0)
    assert (row.arrived_at, row.created_at) == (stored.modified, NOW)


def test_running_twice_adds_nothing(database: Database, store: MemoryStore) -> None:
    store.put("a.jpg", jpeg())
    ingest(database, store, NOW)
    store.put("b.jpg", jpeg())

    assert ingest(database, store, NOW) == IngestReport(listed=2, added=1, changed=0)
    assert len(receipts(database)) == 2


def test_a_look_that_finds_nothing_new_writes_nothing(database: Database, store: MemoryStore) -> None:
    for number in range(3):
        store.put(f"{number}.jpg", jpeg(number))
    ingest(database, store, NOW)
    said: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda _c, _cursor, text, *_rest: said.append(text))

    ingest(database, store, NOW)

    assert [text.split()[0] for text in said if not text.startswith(("BEGIN", "PRAGMA"))] == ["SELECT"]
    assert "BEGIN IMMEDIATE" not in said


def test_an_empty_store_is_no_work(database: Database, store: MemoryStore) -> None:
    assert ingest(database, store, NOW) == IngestReport(0, 0, 0)


def test_receipts_are_numbered_in_the_order_in_which_their_photos_came(database: Database, store: MemoryStore) -> None:
    names = [f"{n}.jpg" for n in (3, 1, 2, 9, 4)]
    for name in names:
        store.put(name, jpeg())

    ingest(database, store, NOW)

    assert [row.object_key for row in receipts(database)] == names


ODD_NAMES = [
    "이마트 영수증.jpg",
    unicodedata.normalize("NFD", "이마트 영수증.jpg"),
    "GS25.jpg",
    "gs25.jpg",
    "gs25.jpg ",
    "🐶.jpg",
    "🐱.jpg",
    "receipt#1.jpg",
    "1+1.jpg",
    "100%20.jpg",
    "100 .jpg",
    "a'b\"c\\d;--.jpg",
    "ㄱ.jpg",
    "㉠.jpg",
    "x" * 1020 + ".jpg",
]


def test_names_that_differ_in_anything_are_different_photos(database: Database, store: MemoryStore) -> None:
    for name in ODD_NAMES:
        store.put(name, jpeg())

    assert ingest(database, store, NOW).added == len(ODD_NAMES)
    assert ingest(database, store, NOW) == IngestReport(len(ODD_NAMES), 0, 0)
    assert [row.object_key for row in receipts(database)] == ODD_NAMES


def test_a_name_too_long_for_the_database_is_never_cut_to_another_name(
    database: Database, store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.put("감" * 1_025, jpeg())
    store.put("b.jpg", jpeg())

    report = ingest(database, store, NOW)

    assert (report.listed, report.added) == (1, 1)
    assert [row.object_key for row in receipts(database)] == ["b.jpg"]
    assert "longer than" in caplog.text


def test_the_same_name_in_another_store_is_another_photo(database: Database, store: MemoryStore) -> None:
    other = MemoryStore()
    other.name = "s3://other/ledger/"
    for each in (store, other):
        each.put("a.jpg", jpeg())
        ingest(database, each, NOW)

    assert [row.store for row in receipts(database)] == [store.name, other.name]


def test_a_changed_photo_makes_an_open_receipt_pending_again_and_keeps_its_draft(
    database: Database, store: MemoryStore
) -> None:
    receipt_id = take_in(database, store, "a.jpg")
    reader = Reader(database, store, FakeExtractor(), lambda: NOW)
    reading = reader.read(receipt_id)
    save_draft(
        database,
        receipt_id,
        {"date": "2024"},
        extraction_id=reading,
        operator="지수",
        client_id="a",
        client_ms=1,
        now=NOW,
    )
    changed = store.put("a.jpg", jpeg(100))

    assert ingest(database, store, NOW) == IngestReport(listed=1, added=0, changed=1)

    [row] = receipts(database)
    assert (row.status, row.etag, row.arrived_at) == (ReceiptStatus.PENDING, changed.etag, changed.modified)
    assert reader.due() == [receipt_id]
    with database.read() as session:
        assert session.get_one(DraftRow, receipt_id).document == {"date": "2024"}


def test_a_changed_photo_is_noticed_once(database: Database, store: MemoryStore) -> None:
    take_in(database, store, "a.jpg")
    store.put("a.jpg", jpeg(100))

    assert [ingest(database, store, NOW).changed for _ in range(2)] == [1, 0]


def test_a_changed_photo_of_a_closed_receipt_is_read_again_and_the_decision_stays(
    database: Database, store: MemoryStore
) -> None:
    receipt_id = take_in(database, store, "a.jpg")
    reader = Reader(database, store, FakeExtractor(), lambda: NOW)
    confirm(database, action(receipt_id, reader.read(receipt_id)), RIGHT)
    store.put("a.jpg", jpeg(100))

    ingest(database, store, NOW)

    assert receipts(database)[0].status == ReceiptStatus.CONFIRMED
    assert reader.due() == [receipt_id]


def test_a_photo_that_was_read_meanwhile_does_not_become_pending(mariadb_url: str, store: MemoryStore) -> None:
    """A slow ingest compares with what it saw, and the reader may have fetched the new photo since."""
    database = migrated(mariadb_url)
    receipt_id = take_in(database, store, "a.jpg")
    changed = store.put("a.jpg", jpeg(100))
    reader = Reader(database, store, FakeExtractor(), lambda: NOW)
    readings: list[int | None] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def read_meanwhile(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE receipt SET etag") and not readings:
            readings.append(None)
            readings[0] = reader.read(receipt_id)

    report = ingest(database, store, NOW)

    [row] = receipts(database)
    database.close()
    assert len(readings) == 1
    assert report.changed == 0
    assert (row.etag, row.read_etag, row.status) == (changed.etag, changed.etag, ReceiptStatus.EXTRACTED)


def test_what_was_taken_in_before_the_store_failed_stays(database: Database) -> None:
    class Failing(MemoryStore):
        def list(self, after: str = "") -> Iterator[StoredObject]:
            yield from super().list(after)
            raise StoreUnavailable(store=self.name, why="gone")

    store = Failing()
    for n in range(1_001):
        store.put(f"{n}.jpg", b"")

    with pytest.raises(StoreUnavailable):
        ingest(database, store, NOW)

    assert len(receipts(database)) == 1_000


def test_one_object_is_taken_in_once_and_gives_its_receipt(database: Database, store: MemoryStore) -> None:
    stored = store.put("a.jpg", jpeg())

    ids = {ingest_object(database, store, stored, NOW) for _ in range(2)}

    assert [row.id for row in receipts(database)] == list(ids)


def test_one_object_that_was_replaced_is_read_again_under_its_receipt(database: Database, store: MemoryStore) -> None:
    first = ingest_object(database, store, store.put("a.jpg", jpeg()), NOW)
    replaced = store.put("a.jpg", jpeg(90))

    known = look_up(database, store, "a.jpg")
    again = ingest_object(database, store, replaced, NOW, known)

    [row] = receipts(database)
    assert (row.id, row.etag) == (first, replaced.etag) == (again, replaced.etag)


def test_nothing_is_known_of_a_photo_that_nobody_took_in(database: Database, store: MemoryStore) -> None:
    assert look_up(database, store, "a.jpg") is None


def test_the_identity_of_a_photo_is_its_store_and_its_name() -> None:
    assert object_hash("a", "b") == object_hash("a", "b")
    assert len({object_hash("a", "b"), object_hash("b", "a"), object_hash("ab", "")}) == 3


def test_a_folder_is_taken_in_as_it_is(database: Database, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "이마트 #1.jpg").write_bytes(jpeg())
    store = open_store(str(tmp_path / "photos"))

    assert ingest(database, store, dt.datetime.now(dt.UTC)).added == 1
    assert ingest(database, store, dt.datetime.now(dt.UTC)) == IngestReport(1, 0, 0)
    assert receipts(database)[0].object_key == "이마트 #1.jpg"


def test_what_mariadb_cannot_hold_is_an_error_and_is_never_cut(mariadb_url: str, store: MemoryStore) -> None:
    database = migrated(mariadb_url)
    odd = dataclasses.replace(store.put("a.jpg", jpeg()), etag="e" * 129)

    with pytest.raises(sa.exc.DataError, match="etag"):
        ingest_object(database, store, odd, NOW)

    assert receipts(database) == []
    database.close()


def test_what_another_ingest_inserted_meanwhile_is_not_counted(mariadb_url: str, store: MemoryStore) -> None:
    database = migrated(mariadb_url)
    first = store.put("a.jpg", jpeg())
    store.put("b.jpg", jpeg())
    others: list[int] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def insert_meanwhile(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO receipt") and not others:
            others.append(0)
            others[0] = ingest_object(database, store, first, NOW)

    assert ingest(database, store, NOW) == IngestReport(listed=2, added=1, changed=0)

    assert [(row.object_key, row.version) for row in receipts(database)] == [("a.jpg", 1), ("b.jpg", 1)]
    database.close()
