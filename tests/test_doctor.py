"""What the doctor finds, and what it never shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from ledger.bootstrap import Services
from ledger.config import Settings
from ledger.database import Database
from ledger.doctor import Finding, examine, masked
from ledger.errors import EngineMissing, StoreUnavailable
from ledger.extraction.pipeline import Reader
from ledger.tasks import InlineTaskRunner
from tests.factories import FakeExtractor, MemoryStore, migrated


class Unable(FakeExtractor):
    def check(self) -> str:
        raise EngineMissing(why="no model files")


def services(database: Database, store: MemoryStore, extractor: FakeExtractor) -> Services:
    reader = Reader(database, store, extractor)
    return Services(Settings(), database, store, extractor, reader, InlineTaskRunner())


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield database
    database.close()


def test_everything_in_order_is_ok(database: Database) -> None:
    report = examine(services(database, MemoryStore(), FakeExtractor()))

    assert report.ok
    assert report.findings == [
        Finding("database", ok=True, detail=f"schema {database.check()}"),
        Finding("store", ok=True, detail="memory://photos/ answers"),
        Finding("extractor", ok=True, detail="fake-1 reads what it is told"),
        Finding("settings", ok=True, detail="every LEDGER_ variable is known", needed=False),
    ]


def test_each_thing_that_is_missing_is_a_finding_and_the_others_are_looked_at(tmp_path: Path) -> None:
    store = MemoryStore()
    store.failure = StoreUnavailable(store="s3://photos/", why="connection refused")

    report = examine(services(Database(f"sqlite:///{tmp_path / 'ledger.db'}"), store, Unable()))

    assert not report.ok
    assert {finding.name: finding.ok for finding in report.findings} == {
        "database": False,
        "store": False,
        "extractor": False,
        "settings": True,
    }
    assert "python -m ledger migrate" in report.findings[0].detail
    assert "connection refused" in report.findings[1].detail
    assert "no model files" in report.findings[2].detail


def test_a_defect_is_a_finding_too(database: Database) -> None:
    store = MemoryStore()
    store.failure = ZeroDivisionError("division by zero")

    report = examine(services(database, store, FakeExtractor()))

    assert report.findings[1] == Finding("store", ok=False, detail="ZeroDivisionError: division by zero")


def test_an_unknown_variable_is_a_note_and_not_an_obstacle(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_TEMPRATURE", "0.2")

    report = examine(services(database, MemoryStore(), FakeExtractor()))

    assert report.ok
    assert report.findings[3] == Finding(
        "settings", ok=False, detail="not read by anything: LEDGER_TEMPRATURE", needed=False
    )


def test_the_report_for_machines_has_findings_settings_and_versions(database: Database) -> None:
    report = examine(services(database, MemoryStore(), FakeExtractor())).as_json()

    assert report["ok"] is True
    assert set(report) == {"ok", "findings", "settings", "versions"}
    assert report["versions"]["sqlalchemy"] == sa.__version__
    assert set(report["settings"]) == {*Settings.model_fields, "reads_with"}


@pytest.mark.parametrize(
    ("key", "shown"),
    [(None, ""), ("sk-short", "set"), ("sk-test-0123456789abcdefghij", "…ghij")],
)
def test_a_key_is_shown_by_its_last_characters_at_most(key: str | None, shown: str) -> None:
    settings = Settings().model_copy(update={"openai_api_key": SecretStr(key) if key else None})

    assert masked(settings)["openai_api_key"] == shown


def test_the_databases_password_is_not_shown() -> None:
    settings = Settings(database_url="mysql+pymysql://desk:hunter2@db.example/ledger")

    assert masked(settings)["database_url"] == "mysql+pymysql://desk:***@db.example/ledger"
