"""What the doctor finds, and what it never shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from ledger.config import Settings
from ledger.database import Database
from ledger.doctor import Finding, examine, masked
from ledger.errors import EngineMissing, StoreUnavailable
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.fitting import default_settings
from ledger.extraction.models import ModelFacts
from ledger.prompts.tables import ActivePromptRow
from ledger.prompts.versions import load
from tests.factories import FakeExtractor, MemoryStore, migrated
from tests.services import services


class Unable(FakeExtractor):
    def check(self, settings: ReadingSettings | None = None) -> str:
        raise EngineMissing(why="no model files")


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
        Finding("tables", ok=True, detail="ledger and item take what is confirmed"),
        Finding("store", ok=True, detail="memory://photos/ answers"),
        Finding("extractor", ok=True, detail="fake-1 reads what it is told"),
        Finding("datasets", ok=True, detail="memory://photos/ answers", needed=False),
        Finding("prompts", ok=True, detail=f"gpt-4o is asked with the built-in {load().version}", needed=False),
        Finding("settings", ok=True, detail="every LEDGER_ variable is known", needed=False),
    ]


def test_each_thing_that_is_missing_is_a_finding_and_the_others_are_looked_at(tmp_path: Path) -> None:
    store = MemoryStore()
    store.failure = StoreUnavailable(store="s3://photos/", why="connection refused")

    report = examine(services(Database(f"sqlite:///{tmp_path / 'ledger.db'}"), store, Unable()))

    assert not report.ok
    assert {finding.name: finding.ok for finding in report.findings} == {
        "database": False,
        "tables": False,
        "store": False,
        "extractor": False,
        "datasets": True,
        "settings": True,
    }
    assert "python -m ledger migrate" in report.findings[0].detail
    assert "there is no table ledger" in report.findings[1].detail
    assert "connection refused" in report.findings[2].detail
    assert "no model files" in report.findings[3].detail


def test_a_defect_is_a_finding_too(database: Database) -> None:
    store = MemoryStore()
    store.failure = ZeroDivisionError("division by zero")

    report = examine(services(database, store, FakeExtractor()))

    assert report.findings[2] == Finding("store", ok=False, detail="ZeroDivisionError: division by zero")


def test_an_unknown_variable_is_a_note_and_not_an_obstacle(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_TEMPRATURE", "0.2")

    report = examine(services(database, MemoryStore(), FakeExtractor()))

    assert report.ok
    assert report.findings[-1] == Finding(
        "settings", ok=False, detail="not read by anything: LEDGER_TEMPRATURE", needed=False
    )


def test_a_chosen_setting_is_said_where_it_is_not_the_configured_one(database: Database) -> None:
    built = services(database, MemoryStore(), FakeExtractor())
    configured = built.production.configured
    built.production.choose(replace(configured, temperature=0.1, reasoning_effort="low"), {}, "지수")

    (said,) = [finding for finding in examine(built).findings if finding.name == "production"]
    assert (said.ok, said.needed) == (True, False)
    assert said.detail.startswith("지수 chose on 20")
    assert said.detail.endswith(": temperature 0.1 instead of 0.2, reasoning_effort low instead of none")
    built.production.choose(configured, {}, "지수")
    assert "production" not in {finding.name for finding in examine(built).findings}


def test_the_active_prompt_of_each_family_is_said_and_one_that_is_not_at_hand_is_a_note(database: Database) -> None:
    built = services(database, MemoryStore(), FakeExtractor())
    made = built.prompts.draft("receipt-v2", "읽습니다.", operator="지수")
    id_ = built.prompts.promote("gpt-6-luna", made.version, {}, "민호")
    day = built.prompts.history()[0].created_at.date()

    def said() -> Finding:
        (found,) = [finding for finding in examine(built).findings if finding.name == "prompts"]
        return found

    own = f"gpt-4o is asked with the built-in {load().version}"
    assert said().detail == f"{own}; gpt-6-luna is asked with {made.version}, promoted by 민호 on {day}"

    with database.write() as session:
        session.execute(sa.update(ActivePromptRow).where(ActivePromptRow.id == id_).values(prompt_version="gone@0"))
    lost = f"gpt-6-luna is asked with the built-in {load().version}, as gone@0 is not at hand"
    assert said() == Finding("prompts", ok=False, detail=f"{own}; {lost}", needed=False)


def test_the_service_is_asked_for_the_model_that_was_chosen(database: Database) -> None:
    class Named(FakeExtractor):
        def check(self, settings: ReadingSettings | None = None) -> str:
            return f"{(settings or self.default_settings).model} answers"

    built = services(database, MemoryStore(), Named())
    built.production.choose(replace(built.production.configured, model="chosen"), {}, "지수")

    assert "chosen answers" in {finding.detail for finding in examine(built).findings}


def test_the_report_for_machines_has_findings_settings_and_versions(database: Database) -> None:
    report = examine(services(database, MemoryStore(), FakeExtractor())).as_json()

    assert report["ok"] is True
    assert set(report) == {"ok", "findings", "settings", "versions"}
    assert report["versions"]["sqlalchemy"] == sa.__version__
    ours = {name for name in report["settings"] if not name.startswith("AWS_")}
    assert ours == {*Settings.model_fields, "reads_with"}


def test_what_nobody_set_is_shown_as_the_models_profile_has_it(database: Database) -> None:
    settings = Settings(extractor="openai", detail="auto")
    extractor = Unable()
    extractor.default_settings = default_settings("gpt-4o", ModelFacts(), detail="auto")
    built = services(database, MemoryStore(), extractor)

    shown = examine(replace(built, settings=settings)).settings

    assert shown["temperature"] == "0.2 (by the model's profile)"
    assert shown["reasoning_effort"] == "none (by the model's profile)"
    assert shown["answer_format"] == "json_schema (by the model's profile)"
    assert shown["detail"] == "auto"


def test_the_offline_engine_has_no_model_whose_profile_counts(database: Database) -> None:
    assert examine(services(database, MemoryStore(), FakeExtractor())).settings["detail"] == ""


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


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://h/ledger?passwd=hunter2&user=desk", "mysql://h/ledger?passwd=***&user=desk"),
        ("mysql://h/ledger?password=hunter2", "mysql://h/ledger?password=***"),
        ("mysql://desk:hunter2@h:port/ledger", "mysql://desk:***@h:port/ledger"),
    ],
)
def test_a_password_is_not_shown_wherever_it_stands(url: str, shown: str) -> None:
    assert masked(Settings(database_url=url))["database_url"] == shown


def test_the_password_of_the_broker_is_not_shown() -> None:
    assert masked(Settings(broker_url="rediss://:hunter2@h:6380/1"))["broker_url"] == "rediss://:***@h:6380/1"


def test_what_boto3_is_told_is_shown_without_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNOBODY0123456789")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "hunter2")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")

    shown = masked(Settings())

    assert shown["AWS_ACCESS_KEY_ID"] == "…6789"
    assert shown["AWS_DEFAULT_REGION"] == "ap-northeast-2"
    assert "hunter2" not in str(shown)


def test_the_apps_tables_that_cannot_take_a_receipt_are_named(mariadb_url: str) -> None:
    database = migrated(mariadb_url)
    with database.engine.begin() as connection:
        for statement in (
            "ALTER TABLE item DROP COLUMN category, MODIFY price VARCHAR(20) NOT NULL, ADD shelf INT NOT NULL",
            "ALTER TABLE ledger MODIFY memberId VARCHAR(64) NOT NULL",
            "ALTER TABLE ledger MODIFY location VARCHAR(255) CHARACTER SET latin1 NOT NULL",
        ):
            connection.execute(sa.text(statement))

    report = examine(services(database, MemoryStore(), FakeExtractor()))
    database.close()

    assert not report.ok
    for wrong in (
        "ledger.memberId must allow NULL",
        "ledger.location has the character set latin1",
        "item.category is missing",
        "item.price has the type",
        "item.shelf has no default",
    ):
        assert wrong in report.findings[1].detail


def test_the_queue_to_the_workers_is_looked_at_where_there_is_one(database: Database, redis_url: str) -> None:
    found = []
    for url in (redis_url, "redis://127.0.0.1:1/0"):
        desk = replace(services(database), settings=Settings(broker_url=url))
        found += [finding for finding in examine(desk).findings if finding.name == "workers"]

    there, away = found
    assert (there.ok, there.detail) == (True, "Redis answers; workers that read photos: 0")
    assert (away.ok, away.needed) == (False, True)
    assert away.detail.startswith("The queue to the workers does not answer: ")
