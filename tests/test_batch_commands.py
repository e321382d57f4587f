"""python -m ledger batch: each command's output and exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.commands import main
from tests.commanded import Run, runner
from tests.factories import jpeg, migrated
from tests.openai_standin import StandIn


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `batch` with these words."""
    return runner(capsys, "batch")


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standin: StandIn) -> None:
    """A desk with two photos, one of them none."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "a.jpg").write_bytes(jpeg())
    (photos / "b.jpg").write_bytes(b"no picture")
    monkeypatch.setenv("LEDGER_DATABASE_URL", url)
    monkeypatch.setenv("LEDGER_STORE_URL", str(photos))
    monkeypatch.setenv("LEDGER_LOCAL_OCR", "false")
    monkeypatch.setenv("OPENAI_API_KEY", standin.key)
    monkeypatch.setenv("OPENAI_BASE_URL", standin.url)
    monkeypatch.chdir(tmp_path)
    migrated(url).close()
    assert main(["ingest"]) == 0


def test_receipts_are_handed_in_listed_and_collected(run: Run, standin: StandIn) -> None:
    code, printed, err = run("submit", "--all-open", "--temperature", 0.1)
    assert (code, printed) == (1, "1 receipts handed in, batch 1\n")
    assert err.startswith("receipt 2: left out: ")
    assert run("submit", "--again", 1)[:2] == (1, "nothing was handed in\n")
    assert "validating, open: " in run("list")[1]
    standin.batches.finish()

    code, printed, _ = run("poll")

    assert code == 0
    assert "completed, closed: 1 left out, 1 read" in printed
    (told,) = map(json.loads, run("list", "--json")[1].splitlines())
    assert (told["receipts"], told["settings"]["temperature"]) == ({"left_out": 1, "read": 1}, 0.1)
    assert standin.requests[0].body["temperature"] == 0.1


def test_what_failed_is_handed_in_again(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    photo = Path("photos") / "a.jpg"
    photo.unlink()
    assert main(["extract"]) == 1
    capsys.readouterr()
    photo.write_bytes(jpeg())

    code, printed, _ = run("submit", "--failed", "--json")

    told = json.loads(printed)
    assert (code, told["receipts"], list(told["left_out"]), told["taken"]) == (1, 1, ["2"], 0)


def test_a_batch_is_cancelled_once(run: Run, standin: StandIn) -> None:
    run("submit", "--again", 1)

    assert run("cancel", 1)[0] == 0
    assert run("poll")[1].endswith("cancelled, closed: 1 cancelled\n")
    code, printed, err = run("cancel", 1)
    assert (code, printed, err) == (1, "", "There is no batch 1 at the service that is still open.\n")


def test_it_says_what_is_wrong_when_the_service_is_away(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("submit", "--again", 1)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")

    code, printed, err = run("poll")

    assert (code, "validating, open" in printed) == (1, True)
    assert err.startswith("batch 1: ")


def test_a_desk_without_a_model_has_no_batches(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_EXTRACTOR", "offline")

    assert run("list")[0] == 1
    assert "LEDGER_EXTRACTOR" in run("list")[2]
