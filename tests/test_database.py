"""Sessions: what is committed, what is taken back, what is tried again."""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from pathlib import Path

import pymysql
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.errors import DatabaseBusy, DatabaseError, DatabaseUnavailable
from ledger.tables import ItemRow, LedgerRow, ReceiptRow
from tests.factories import MemoryStore, migrated, take_in


def place(location: str = "루트231") -> LedgerRow:
    return LedgerRow(location=location, date=dt.date(2024, 11, 11))


def places(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(sa.select(LedgerRow.location).order_by(LedgerRow.id)))


def test_what_was_written_is_committed_at_the_end(database: Database) -> None:
    with database.write() as session:
        session.add(place())

    assert places(database) == ["루트231"]


def test_an_error_takes_everything_back(database: Database) -> None:
    def fail(session: Session) -> None:
        session.add(place())
        session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.retry(fail)

    assert places(database) == []


def test_reading_writes_nothing(database: Database) -> None:
    with database.read() as session:
        session.add(place())
        session.flush()

    assert places(database) == []


def test_rows_stay_usable_after_their_session(database: Database) -> None:
    with database.write() as session:
        row = place()
        session.add(row)

    assert row.location == "루트231"


def test_hangul_emoji_and_odd_characters_come_back(database: Database) -> None:
    text = "감자 🥔 👩‍👧 'quote\" \\ %_ ㄱ㉠"

    with database.write() as session:
        session.add(place(text))

    assert places(database) == [text]


def test_times_come_back_aware_and_to_the_microsecond(database: Database) -> None:
    seoul = dt.datetime(2024, 11, 12, 18, 30, 15, 999_999, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    receipt_id = take_in(database, MemoryStore())
    with database.write() as session:
        session.get_one(ReceiptRow, receipt_id).skipped_at = seoul

    with database.read() as session:
        found = session.get_one(ReceiptRow, receipt_id).skipped_at

    assert found == seoul
    assert found is not None
    assert found.tzinfo == dt.UTC


def test_a_time_without_its_zone_is_refused(database: Database) -> None:
    receipt_id = take_in(database, MemoryStore())

    with pytest.raises(sa.exc.StatementError, match="without its zone"), database.write() as session:
        session.get_one(ReceiptRow, receipt_id).skipped_at = dt.datetime(2024, 11, 12)  # noqa: DTZ001 -- the point


def test_a_row_of_nothing_is_refused(database: Database) -> None:
    item = ItemRow(name="감자", price=1, quantity=1, category="식비", ledger_id=404)

    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        session.add(item)


def test_rows_met_by_an_update_are_counted_even_if_it_changes_nothing(database: Database) -> None:
    with database.write() as session:
        session.add(place())
    same = sa.update(LedgerRow).values(location="루트231")

    with database.write() as session:
        assert rows_changed(session, same) == 1
        assert rows_changed(session, same.where(LedgerRow.id == 404)) == 0


def test_writers_at_once_wait_for_each_other(database: Database) -> None:
    with database.write() as session:
        session.add(place("0"))

    def count_up(session: Session) -> None:
        row = session.scalars(sa.select(LedgerRow).with_for_update()).one()
        row.location = str(int(row.location) + 1)

    def many() -> None:
        for _ in range(10):
            database.retry(count_up)

    threads = [threading.Thread(target=many) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert places(database) == ["30"]


def test_a_reader_sees_the_state_before_a_write_that_is_not_yet_committed(database: Database) -> None:
    with database.write() as session:
        session.add(place())
        session.flush()
        assert places(database) == []


def test_the_victim_of_a_deadlock_tries_again(mariadb_url: str) -> None:
    database = migrated(mariadb_url)
    with database.write() as session:
        session.add_all([place("a"), place("b")])
    gate, tries = threading.Barrier(2), []

    def both(session: Session, first: int, second: int) -> None:
        tries.append(first)
        session.execute(sa.update(LedgerRow).where(LedgerRow.id == first).values(location="x"))
        if len(tries) <= 2:
            gate.wait(10)
        session.execute(sa.update(LedgerRow).where(LedgerRow.id == second).values(location="x"))

    threads = [threading.Thread(target=database.retry, args=(both, *order)) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(tries) == 3
    assert places(database) == ["x", "x"]
    database.close()


def test_an_error_that_is_no_deadlock_is_not_tried_again(database: Database) -> None:
    tries: list[int] = []

    def fail(session: Session) -> None:
        tries.append(1)
        session.execute(sa.text("SELECT * FROM no_such_table"))

    with pytest.raises(sa.exc.DBAPIError):
        database.retry(fail)

    assert len(tries) == 1


def deadlock() -> sa.exc.OperationalError:
    return sa.exc.OperationalError("UPDATE", {}, pymysql.err.OperationalError(1213, "Deadlock found"))


def test_deadlocks_without_end_are_given_up(database: Database) -> None:
    tries: list[int] = []

    def fail(_session: Session) -> None:
        tries.append(1)
        raise deadlock()

    with pytest.raises(DatabaseBusy, match="Deadlock found"):
        database.retry(fail)

    assert len(tries) == 5


def test_a_row_that_somebody_else_holds_is_waited_for_five_seconds_and_then_named(mariadb_url: str) -> None:
    database = migrated(mariadb_url)
    with database.write() as session:
        session.add(place())
    update = sa.update(LedgerRow).values(location="x")

    with database.write() as holding:
        holding.execute(update)
        began = time.monotonic()
        with pytest.raises(DatabaseBusy, match="Lock wait timeout"), database.write() as session:
            session.execute(update)
    waited = time.monotonic() - began

    assert 4 < waited < 15
    database.close()


def test_a_connection_that_is_given_back_holds_no_rows_however_its_session_ended(mariadb_url: str) -> None:
    database = migrated(mariadb_url)
    with database.write() as session:
        session.add(place())
    update = sa.update(LedgerRow).values(location="x")

    def fail(session: Session) -> None:
        session.execute(update)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.retry(fail)
    with database.read() as session:
        session.execute(update)
    with database.engine.connect() as connection:
        connection.execute(update)

    with database.engine.connect() as connection:
        open_ones = sa.text("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_rows_locked > 0")
        assert connection.scalar(open_ones) == 0
    database.close()


def test_readers_do_not_take_the_pages_connections(database_url: str) -> None:
    small, large = Database(database_url, readers=1), Database(database_url, readers=64)

    assert large.engine.pool.size() - small.engine.pool.size() == 63  # type: ignore[attr-defined]  # QueuePool's
    small.close()
    large.close()


@pytest.mark.parametrize(
    ("number", "said", "meaning"),
    [
        (1203, "User ledger already has more than 'max_user_connections' active connections", DatabaseUnavailable),
        (1226, "User 'ledger' has exceeded the 'max_user_connections' resource", DatabaseUnavailable),
        (1290, "The MariaDB server is running with the --read-only option", DatabaseUnavailable),
        (1290, "The MySQL server is running with the --secure-file-priv option", sa.exc.OperationalError),
        (1836, "Running in read-only mode", DatabaseUnavailable),
        (1927, "Connection was killed", DatabaseUnavailable),
        (4031, "The client was disconnected by the server because of inactivity.", DatabaseUnavailable),
        (4031, "Referenced trigger 'x' does not exist", sa.exc.OperationalError),
        (1205, "Lock wait timeout exceeded", DatabaseBusy),
        (1213, "Deadlock found", DatabaseBusy),
        (1064, "You have an error in your SQL syntax", sa.exc.OperationalError),
    ],
)
@pytest.mark.parametrize("way", ["read", "write"])
def test_what_a_server_says_is_named_by_what_it_means(
    tmp_path: Path, number: int, said: str, meaning: type[Exception], way: str
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")

    with pytest.raises(meaning, match=re.escape(said)) as caught, getattr(database, way)():
        raise sa.exc.OperationalError("SELECT 1", {}, pymysql.err.OperationalError(number, said))

    assert isinstance(caught.value, DatabaseError) is (meaning is not sa.exc.OperationalError)
    database.close()


def test_a_wait_for_one_of_our_own_connections_that_takes_too_long_is_named(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}", readers=1)
    engine = sa.create_engine(
        database.engine.url, poolclass=sa.QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.05
    )

    with engine.connect(), pytest.raises(DatabaseBusy, match="connections to it are in use"), database.read():
        engine.connect()
    database.close()
    engine.dispose()
