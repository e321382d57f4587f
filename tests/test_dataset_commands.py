"""python -m ledger dataset: each command's output and exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.database import Database
from ledger.receipt import to_contract
from tests.commanded import Run, runner
from tests.experiments.frozen import bought, four_confirmed
from tests.factories import RIGHT, jpeg, migrated


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `dataset` with these words."""
    return runner(capsys, "dataset")


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A desk with four confirmed receipts of two shops, whose photos lie in a folder."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    monkeypatch.setenv("LEDGER_DATABASE_URL", url)
    monkeypatch.setenv("LEDGER_STORE_URL", str(tmp_path / "photos"))
    monkeypatch.setenv("LEDGER_EXTRACTOR", "offline")
    monkeypatch.setenv("LEDGER_OPERATOR", "지수")
    monkeypatch.chdir(tmp_path)
    database = migrated(url)
    four_confirmed(database, tmp_path / "photos")
    return database


def test_receipts_are_frozen_exported_and_imported_as_the_same(run: Run, tmp_path: Path) -> None:
    code, out, err = run("freeze", "첫 버전", "--json")
    frozen = json.loads(out)
    assert (code, err) == (0, "")
    assert (frozen["name"], frozen["cases"], frozen["tests"], frozen["operator"]) == ("첫 버전", 4, 2, "지수")

    assert run("export", "첫 버전", tmp_path / "첫.zip")[0] == 0
    assert run("export", frozen["id"], tmp_path / "folder")[0] == 0
    for number, source in enumerate(["첫.zip", "folder"]):
        code, out, err = run("import", tmp_path / source, "--name", f"import {number}", "--json")
        assert (code, err, json.loads(out)["sha256"]) == (0, "", frozen["sha256"])

    assert [one["name"] for one in json.loads(run("list", "--json")[1])] == ["import 1", "import 0", "첫 버전"]


def test_what_is_frozen_can_be_narrowed(run: Run) -> None:
    day = bought(day=2).date
    code, out, _ = run("freeze", "카페", "--text", "카페", "--since", day, "--test-share", "1")

    assert code == 0
    assert out.startswith("카페: 1 receipts (0 to tune on, 1 to test), sha256 ")
    assert run("freeze", "둘", "--size", "2", "--seed", "3")[1].startswith("둘: 2 receipts")


def test_pictures_with_their_truths_are_imported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "영수증").mkdir()
    (tmp_path / "영수증" / "a.jpg").write_bytes(jpeg(9))
    (tmp_path / "영수증" / "a.json").write_text(json.dumps(to_contract(RIGHT)), "utf-8")
    (tmp_path / "영수증" / ".DS_Store").write_text("", "utf-8")

    code, out, err = run("import", "영수증", "--test-share", "1")

    assert (code, err) == (0, "")
    assert out.splitlines()[0].startswith("영수증: 1 receipts (0 to tune on, 1 to test)")
    assert out.splitlines()[1].endswith("were passed over: 1.")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["freeze", " "], "A dataset version needs a name"),
        (["freeze", "없음", "--text", "없는 가게"], "There is nothing to freeze. No confirmed receipt matches."),
        (["export", "없음", "x.zip"], "There is no dataset version '없음'."),
        (["import", "nowhere"], "nowhere cannot be used as a dataset: There is no such file or folder."),
    ],
)
def test_what_cannot_be_done_is_a_sentence(run: Run, words: list[str], why: str) -> None:
    code, out, err = run(*words)

    assert (code, out) == (1, "")
    assert err.startswith(why)
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "words", [["--size", "0"], ["--size", "x"], ["--test-share", "1.5"], ["--test-share", "x"], ["--since", "gestern"]]
)
def test_numbers_that_are_none_are_refused(run: Run, words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run("freeze", "x", *words)

    assert caught.value.code == 2


def test_without_a_version_the_list_says_how_to_make_one(run: Run) -> None:
    assert run("list")[1] == "There is no dataset version yet. Make one: python -m ledger dataset freeze NAME\n"
    assert json.loads(run("list", "--json")[1]) == []


def test_the_list_has_a_line_for_each(run: Run) -> None:
    run("freeze", "하나")
    run("freeze", "둘")

    assert [line.partition(":")[0] for line in run("list")[1].splitlines()] == ["둘", "하나"]
