"""python -m ledger: each command's output and exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.demo import SAMPLES
from tests.commanded import Run, runner
from tests.factories import jpeg

ROOT = Path(__file__).parents[1]
KEY = "sk-test-0123456789abcdefghij"  # nobody's


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command: exit code, what was printed, what was complained about."""
    return runner(capsys)


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with photos, an SQLite file, and nobody to read but the offline engine."""
    (tmp_path / "photos").mkdir()
    monkeypatch.setenv("LEDGER_DATABASE_URL", f"sqlite:///{tmp_path / 'ledger.db'}")
    monkeypatch.setenv("LEDGER_STORE_URL", str(tmp_path / "photos"))
    monkeypatch.setenv("LEDGER_EXTRACTOR", "offline")
    monkeypatch.chdir(tmp_path)  # no .env of the person who runs the tests


def test_without_a_command_the_commands_are_listed(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run()

    assert caught.value.code == 2
    assert "command" in capsys.readouterr().err


def test_help_names_every_command(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run("--help")

    assert caught.value.code == 0
    out = capsys.readouterr().out
    commands = (
        "demo",
        "serve",
        "doctor",
        "migrate",
        "reindex",
        "ingest",
        "extract",
        "dataset",
        "experiment",
        "worker",
        "read",
    )
    assert [name for name in commands if f"  {name}" not in out] == []


def test_a_worker_without_a_queue_says_what_is_missing(run: Run) -> None:
    code, out, err = run("worker")

    assert (code, out) == (1, "")
    assert err.startswith("The setting LEDGER_BROKER_URL cannot be used: it is not set, and without it photos are read")


def test_a_bad_setting_is_a_sentence_and_not_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_TEMPERATURE", "hot")

    code, out, err = run("migrate")

    assert (code, out) == (1, "")
    assert err.startswith("The setting LEDGER_TEMPERATURE cannot be used: ")
    assert len(err.splitlines()) == 1


def test_migrate_says_the_schema_and_may_run_again(run: Run) -> None:
    first, second = run("migrate"), run("migrate")

    assert first == second
    assert (first[0], first[2]) == (0, "")
    assert first[1].startswith("schema ")


@pytest.mark.parametrize("command", ["ingest", "extract"])
def test_a_command_on_an_unmigrated_database_says_what_to_run(run: Run, command: str) -> None:
    code, out, err = run(command)

    assert (code, out) == (1, "")
    assert "python -m ledger migrate" in err


def test_ingest_counts_what_is_listed_new_and_changed(run: Run, tmp_path: Path) -> None:
    run("migrate")
    (tmp_path / "photos" / "감자.jpg").write_bytes(jpeg())

    assert run("ingest") == (0, "1 photos in the store, 1 new, 0 changed\n", "")
    (tmp_path / "photos" / "감자.jpg").write_bytes(jpeg(100))
    assert run("ingest") == (0, "1 photos in the store, 0 new, 1 changed\n", "")


def test_ingest_from_a_folder_that_is_not_there_names_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("migrate")
    monkeypatch.setenv("LEDGER_STORE_URL", str(tmp_path / "nowhere"))

    code, out, err = run("ingest")

    assert (code, out) == (1, "")
    assert f"The store {tmp_path / 'nowhere'} does not answer" in err


def test_extract_with_nothing_to_read_is_done(run: Run) -> None:
    run("migrate")

    assert run("extract") == (0, "0 photos read, 0 failed\n", "")


def test_extract_reads_what_is_due_and_names_what_failed(run: Run, tmp_path: Path) -> None:
    run("migrate")
    (tmp_path / "photos" / "텍스트.jpg").write_text("영수증", encoding="utf-8")
    run("ingest")

    code, out, err = run("extract")

    assert (code, out) == (1, "1 photos read, 1 failed\n")
    assert (
        err == "receipt 1: 텍스트.jpg: this is not a picture, whatever its name says. "
        "Upload a JPEG, PNG, WebP or HEIC photo.\n"
    )
    assert run("extract") == (0, "0 photos read, 0 failed\n", "")
    assert run("extract", "--again", "1")[:2] == (1, "1 photos read, 1 failed\n")


def test_extract_again_of_a_receipt_that_does_not_exist_says_so(run: Run) -> None:
    run("migrate")

    code, out, err = run("extract", "--again", "404")

    assert (code, out) == (1, "0 photos read, 0 failed\n")
    assert "receipt 404: not read" in err


def test_read_prints_the_contracts_json_and_names_bad_files(run: Run, tmp_path: Path) -> None:
    """The one test here that really reads: a bad file, a good one, and the exit code of both."""
    good, bad = tmp_path / "모란펫상회.jpg", tmp_path / "empty.jpg"
    shutil.copyfile(SAMPLES / good.name, good)
    bad.write_bytes(b"")

    code, out, err = run("read", "--extractor", "offline", "--json", bad, good)

    assert code == 1
    assert len(out.splitlines()) == 1
    document = json.loads(out)[good.name]
    assert list(document) == ["date", "location", "items", "total_amount"]
    truth = json.loads((SAMPLES / "모란펫상회.json").read_text("utf-8"))
    assert (document["date"], document["total_amount"]) == (truth["date"], truth["total_amount"])
    assert "empty.jpg: the file is empty. Upload the photo again." in err.splitlines()


def test_read_of_nothing_but_bad_files_prints_an_empty_object(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "a.jpg"
    bad.write_bytes(b"")

    code, out, err = run("read", bad, bad, tmp_path / "없음.jpg")

    assert (code, json.loads(out)) == (1, {})
    assert len(err.splitlines()) == 3


def test_read_with_the_model_and_no_key_says_what_to_set(run: Run, tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(jpeg())

    code, _, err = run("read", "--extractor", "openai", photo)

    assert code == 1
    assert err.startswith("a.jpg: There is no OPENAI_API_KEY")


@pytest.mark.parametrize("temperature", ["-0.1", "2.1", "nan"])
def test_read_refuses_a_temperature_out_of_range(run: Run, tmp_path: Path, temperature: str) -> None:
    code, out, err = run("read", f"--temperature={temperature}", tmp_path / "a.jpg")

    assert (code, out) == (1, "")
    assert "--temperature" in err


def test_the_doctor_says_ok_for_machines_when_everything_answers(run: Run) -> None:
    run("migrate")

    code, out, _ = run("doctor", "--json")

    report = json.loads(out)
    assert (code, report["ok"]) == (0, True)
    assert [finding["name"] for finding in report["findings"]] == [
        "database",
        "tables",
        "store",
        "extractor",
        "datasets",
        "prompts",
        "settings",
    ]
    assert report["settings"]["reads_with"] == "offline"


def test_on_a_fresh_checkout_the_default_folder_is_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEDGER_STORE_URL")
    run("migrate")

    assert run("doctor", "--json")[0] == 0
    assert (tmp_path / "var" / "photos").is_dir()


def test_the_doctor_says_what_is_missing_and_fails(run: Run) -> None:
    code, out, _ = run("doctor")

    assert code == 1
    assert any(line.startswith("MISSING") and "python -m ledger migrate" in line for line in out.splitlines())
    assert any(line.startswith("ok") and "store" in line for line in out.splitlines())
    assert "versions" in out


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEDGER_STORE_URL", "ftp://x"),
        ("LEDGER_TEMPERATURE", "abc"),
        ("LEDGER_DATABASE_URL", "postgresql://desk:hunter2@h/ledger"),
    ],
)
def test_the_doctor_reports_a_setting_that_cannot_be_used(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    code, out, err = run("doctor", "--json")

    report = json.loads(out)
    assert (code, err, report["ok"]) == (1, "", False)
    assert [finding["name"] for finding in report["findings"]] == ["settings"]
    assert name in report["findings"][0]["detail"]
    assert "hunter2" not in out
    assert run("doctor")[0] == 1


@pytest.mark.parametrize("json_wanted", [[], ["--json"]])
def test_the_doctor_shows_no_password_and_no_key(
    run: Run, monkeypatch: pytest.MonkeyPatch, json_wanted: list[str]
) -> None:
    monkeypatch.setenv("LEDGER_DATABASE_URL", "mysql+pymysql://desk:hunter2@127.0.0.1:1/ledger")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    code, out, err = run("doctor", *json_wanted)

    assert code == 1
    assert "desk:***@" in out
    assert "hunter2" not in out + err
    assert KEY not in out + err


def test_an_unknown_variable_is_noted_and_the_doctor_still_ok(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("migrate")
    monkeypatch.setenv("LEDGER_TEMPRATURE", "0.2")

    code, out, _ = run("doctor")

    assert code == 0
    assert any(line.startswith("note") and "LEDGER_TEMPRATURE" in line for line in out.splitlines())


def test_who_stops_reading_what_is_printed_gets_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "ledger", "migrate"]

    ended = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )

    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, b"")
