"""Which databases are opened and how, and what is said where there is none."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import ConfigurationError, DatabaseBusy, DatabaseUnavailable, SchemaOutdated
from ledger.tables import LedgerRow
from tests.factories import migrated


def test_a_database_without_a_schema_says_what_to_run(empty_database_url: str) -> None:
    database = Database(empty_database_url)

    with pytest.raises(SchemaOutdated, match=r"schema none.*python -m ledger migrate"):
        database.check()
    database.close()


def test_a_migrated_database_says_its_revision(empty_database_url: str) -> None:
    database = Database(empty_database_url)

    assert database.migrate() == database.check() == database.migrate()
    database.close()


def test_an_sqlite_file_and_its_folder_are_made(tmp_path: Path) -> None:
    database = migrated(f"sqlite:///{tmp_path / 'deep' / '가계부' / 'ledger.db'}")

    assert (tmp_path / "deep" / "가계부" / "ledger.db").exists()
    database.close()


def test_sqlite_keeps_what_was_committed_through_a_power_cut_and_checks_foreign_keys(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")

    with database.read() as session:
        found = {name: session.scalar(sa.text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
        found["foreign_keys"] = session.scalar(sa.text("PRAGMA foreign_keys"))
    database.close()

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_mariadb_reads_what_is_committed_and_speaks_utf8mb4(mariadb_url: str) -> None:
    database = Database(mariadb_url.partition("?")[0])

    with database.read() as session:
        assert session.scalar(sa.text("SELECT @@tx_isolation")) == "READ-COMMITTED"
        assert session.scalar(sa.text("SELECT @@character_set_client")) == "utf8mb4"
    database.close()


@pytest.mark.parametrize("scheme", ["mysql", "mariadb", "mysql+pymysql", "mariadb+pymysql"])
def test_mysql_and_mariadb_urls_work_with_and_without_a_driver(mariadb_url: str, scheme: str) -> None:
    database = Database(scheme + "://" + mariadb_url.partition("://")[2])

    assert database.migrate()
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ledger.db",
        "no url at all",
        "postgresql://u:hunter2@host/ledger",
        "oracle://u:hunter2@host/ledger",
        "mysql://u:hunter2@host:port/ledger",
        "mysql://u:hunter2@host/ledger?useSSL=false",
        "nonsense://u:hunter2@host/ledger",
    ],
)
def test_a_url_that_cannot_be_used_names_its_variable_and_no_password(url: str) -> None:
    with pytest.raises(ConfigurationError, match="LEDGER_DATABASE_URL") as caught:
        Database(url)

    assert "hunter2" not in str(caught.value)


def test_an_sqlite_folder_that_cannot_be_made_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(ConfigurationError, match="LEDGER_DATABASE_URL"):
        Database(f"sqlite:///{tmp_path / 'file' / 'ledger.db'}")


def test_an_sqlite_path_that_is_a_folder_is_an_outage(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}")

    with pytest.raises(DatabaseUnavailable, match="unable to open database"):
        database.check()


def test_a_file_that_is_no_database_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes("이것은 영수증 사진".encode() * 100)
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")

    with pytest.raises(DatabaseUnavailable, match="not a database"):
        database.check()


def test_a_locked_sqlite_file_is_busy(tmp_path: Path) -> None:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    database.close()
    impatient = Database(f"sqlite:///{tmp_path / 'ledger.db'}?timeout=0.1")
    other: Any = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(DatabaseBusy, match="locked"), impatient.write() as session:
        session.add(LedgerRow(location="루트231", date=dt.date(2024, 11, 11)))

    other.close()
    impatient.close()
