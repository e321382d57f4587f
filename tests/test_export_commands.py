"""python -m ledger export: each form's file, what is said beside it, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger import export_commands
from ledger.exports.formats import FORMATS
from tests.commanded import Run, runner
from tests.experiments.frozen import four_confirmed, frozen
from tests.factories import migrated


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `export` with these words."""
    return runner(capsys, "export")


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with four confirmed receipts of two shops, half of which is tested on."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    monkeypatch.setenv("LEDGER_DATABASE_URL", url)
    monkeypatch.setenv("LEDGER_STORE_URL", str(tmp_path / "photos"))
    monkeypatch.setenv("LEDGER_EXTRACTOR", "offline")
    monkeypatch.chdir(tmp_path)
    database = migrated(url)
    four_confirmed(database, tmp_path / "photos")
    frozen(database)


def test_every_form_is_written_and_named(run: Run, tmp_path: Path) -> None:
    for name, form in FORMATS.items():
        out = tmp_path / name
        out.mkdir()

        code, printed, err = run(name, "--out", out / form.file, "--pictures", "embed")

        written = printed.splitlines()
        assert (code, Path(written[0]).name, len(written) > 1) == (0, form.file, name in ("promptfoo", "label-studio"))
        assert sorted(map(Path, written)) == sorted(out.iterdir())
        assert err.startswith("2 receipts looked at\n")


def test_without_a_name_it_is_called_as_its_form_and_people_have_pseudonyms(run: Run) -> None:
    assert run("corrections")[:2] == (0, "corrections.jsonl\n")
    assert "지수" not in Path("corrections.jsonl").read_text("utf-8")

    assert run("corrections", "--out", "open.jsonl", "--unmasked", "--split", "all")[0] == 0
    people = [json.loads(line)["reviewer"] for line in Path("open.jsonl").read_text("utf-8").splitlines()]
    assert set(people) == {"지수"}


def test_days_and_a_field_narrow_it(run: Run) -> None:
    assert run("csv", "--since", "2024-11-13", "--split", "all")[2] == "0 receipts looked at\n"
    code, _, err = run("corrections", "--field", "item.name", "--until", "2024-11-12", "--split", "all")
    assert (code, err) == (0, "4 receipts looked at\n")
    assert len(Path("corrections.jsonl").read_text("utf-8").splitlines()) == 4


def test_what_stands_there_already_is_kept(run: Run) -> None:
    Path("corrections.jsonl").write_text("mine", "utf-8")

    code, printed, err = run("corrections")

    assert (code, printed) == (1, "")
    assert "cannot be written to corrections.jsonl: it is there already" in err
    assert Path("corrections.jsonl").read_text("utf-8") == "mine"


def test_a_picture_that_is_gone_is_said(run: Run) -> None:
    for number in range(4):
        Path(f"photos/ledger/{number}.jpg").unlink()

    code, _, err = run("chat", "--pictures", "embed")

    assert code == 0
    assert "2 receipts were left out: their picture is no longer in the store" in err
    assert "no fewer than 10 examples; these are 0" in err


def test_how_far_it_is_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # The command has no option for it, and an export that lasts seconds has thousands of receipts.
    monkeypatch.setattr(export_commands, "_TOLD_EVERY", 0)

    assert run("corrections")[2] == "1 receipts …\n2 receipts …\n2 receipts looked at\n"


@pytest.mark.parametrize("words", [["nothing"], ["chat", "--pictures", "ftp://x"], ["csv", "--field", "price"]])
def test_what_is_not_known_is_refused(run: Run, words: list[str]) -> None:
    with pytest.raises(SystemExit):
        run(*words)
