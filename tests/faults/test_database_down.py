"""The database stops and comes back: a sentence instead of a traceback, nothing half written, and work goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pymysql
import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import DatabaseUnavailable
from ledger.extraction.pipeline import Reader
from ledger.inbox.ingest import ingest
from ledger.receipt import ReceiptStatus
from ledger.review.confirm import confirm
from ledger.review.drafts import save_draft
from ledger.review.queue import open_receipt
from ledger.tables import ExtractionRow, ReviewRow
from tests.factories import NOW, RIGHT, FakeExtractor, MemoryStore, action, migrated, read_one, take_in
from tests.faults.stopped_server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("mariadb"))
    yield server
    server.stop()


def test_a_database_that_goes_away_is_named_and_found_again_when_it_is_back(server: Server) -> None:
    database = migrated(server.url)
    receipt_id, extraction_id = read_one(database)
    save_draft(
        database,
        receipt_id,
        {"location": "루트"},
        extraction_id=None,
        operator="지수",
        client_id="a",
        client_ms=1,
        now=NOW,
    )
    server.stop()

    for attempt in (
        lambda: database.check(),
        lambda: database.migrate(),
        lambda: open_receipt(database, receipt_id),
        lambda: confirm(database, action(receipt_id, extraction_id), RIGHT),
        lambda: Reader(database, MemoryStore(), FakeExtractor()).due(),
    ):
        with pytest.raises(DatabaseUnavailable, match=r"^The database does not answer: .+ Nothing was lost") as caught:
            attempt()
        assert "hunter2" not in str(caught.value)
    server.start()

    assert database.check()
    draft = open_receipt(database, receipt_id).draft
    assert draft is not None
    assert draft.document == {"location": "루트"}
    confirm(database, action(receipt_id, extraction_id), RIGHT)
    assert open_receipt(database, receipt_id).row.status == ReceiptStatus.CONFIRMED
    database.close()


def test_a_database_that_goes_away_in_the_middle_of_a_confirm_has_none_of_it(server: Server) -> None:
    database = migrated(server.url)
    receipt_id, extraction_id = read_one(database, key="ledger/중간.jpg")
    stopped: list[str] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def stop(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO review") and not stopped:
            stopped.append(statement)
            server.stop()

    with pytest.raises(DatabaseUnavailable):
        confirm(database, action(receipt_id, extraction_id, "click-9"), RIGHT)
    server.start()

    opened = open_receipt(database, receipt_id)
    assert (opened.row.status, opened.row.ledger_id, opened.review) == (ReceiptStatus.EXTRACTED, None, None)
    confirm(database, action(receipt_id, extraction_id, "click-9"), RIGHT)
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).where(ReviewRow.receipt_id == receipt_id)) == 1
    database.close()


def test_a_database_that_goes_away_at_the_commit_does_not_confirm_twice(server: Server) -> None:
    database = migrated(server.url)
    receipt_id, extraction_id = read_one(database, key="ledger/끝.jpg")
    stopped: list[bool] = []

    @sa.event.listens_for(database.engine, "commit")
    def stop(_connection: object) -> None:
        if not stopped:
            stopped.append(True)
            server.stop()

    with pytest.raises(DatabaseUnavailable):
        confirm(database, action(receipt_id, extraction_id, "click-10"), RIGHT)
    server.start()

    ids = {confirm(database, action(receipt_id, extraction_id, "click-10"), RIGHT) for _ in range(2)}
    assert len(ids) == 1
    database.close()


def test_a_database_that_goes_away_while_photos_are_taken_in_and_read_is_named(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    waits: list[float] = []
    database, store, extractor = migrated(server.url), MemoryStore(), FakeExtractor()
    receipt_id = take_in(database, store, "ledger/읽는 중.jpg")
    extractor.before_answer = server.stop

    with pytest.raises(DatabaseUnavailable):
        Reader(database, store, extractor, sleep=waits.append).read(receipt_id)
    with pytest.raises(DatabaseUnavailable):
        ingest(database, store, NOW)
    server.start()

    assert ingest(database, store, NOW).listed == 1
    assert sum(waits) == 120
    assert f"the reading of receipt {receipt_id} (req-1) is lost" in caplog.text
    database.close()


def test_an_answer_that_comes_while_the_database_is_away_is_stored_once_it_is_back(server: Server) -> None:
    database, store, extractor = migrated(server.url), MemoryStore(), FakeExtractor()
    receipt_id = take_in(database, store, "ledger/기다림.jpg")
    extractor.before_answer = server.stop
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            server.start()

    Reader(database, store, extractor, sleep=wait).read(receipt_id)

    opened = open_receipt(database, receipt_id)
    assert (opened.row.status, opened.row.reading_until) == (ReceiptStatus.EXTRACTED, None)
    assert (len(waits), len(extractor.asked)) == (2, 1)
    database.close()


def test_an_answer_whose_commit_is_not_acknowledged_is_stored_once(server: Server) -> None:
    database, store = migrated(server.url), MemoryStore()
    receipt_id = take_in(database, store, "ledger/두 번.jpg")
    extractor = FakeExtractor()
    lost: list[bool] = []

    @sa.event.listens_for(database.engine, "commit")
    def lose_the_answer(connection: sa.Connection) -> None:
        if extractor.asked and not lost:
            lost.append(True)
            connection.connection.commit()
            raise sa.exc.OperationalError("COMMIT", {}, pymysql.err.OperationalError(2013, "Lost connection"))

    Reader(database, store, extractor, sleep=lambda _seconds: None).read(receipt_id)

    with database.read() as session:
        query = sa.select(sa.func.count()).where(ExtractionRow.receipt_id == receipt_id)
        assert session.scalar(query) == 1
    assert lost
    database.close()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"password": "hunter2-wrong"}, "Access denied"),
        ({"database": "elsewhere"}, "elsewhere"),
        ({"port": 1}, "Can't connect"),
        ({"host": "127.0.0.2", "port": 1}, "Can't connect"),
    ],
)
def test_a_database_that_cannot_be_entered_says_why_without_the_password(
    server: Server, change: dict[str, object], reason: str
) -> None:
    url = sa.make_url(server.url).set(**change)  # type: ignore[arg-type]  # parts of a URL by name
    database = Database(url.render_as_string(hide_password=False))

    with pytest.raises(DatabaseUnavailable, match=reason) as caught:
        database.check()

    assert "hunter2" not in str(caught.value)
