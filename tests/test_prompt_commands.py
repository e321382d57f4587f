"""python -m ledger prompt: what each command prints and ends with."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.database import Database
from ledger.prompts.shelf import Prompts
from ledger.prompts.versions import load
from tests.commanded import Run, runner
from tests.factories import migrated


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `prompt` with these words."""
    return runner(capsys, "prompt")


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    for name, value in {"DATABASE_URL": url, "STORE_URL": str(tmp_path / "photos"), "EXTRACTOR": "offline"}.items():
        monkeypatch.setenv(f"LEDGER_{name}", value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    database = migrated(url)
    yield database
    database.close()


@pytest.fixture
def prompts(database: Database) -> Prompts:
    return Prompts(database)


def test_every_version_is_listed_with_its_status(run: Run, prompts: Prompts) -> None:
    made = prompts.draft("receipt-v2", "읽습니다.", parent=load().version, note="감·검", operator="지수")
    prompts.promote("gpt-4o", made.version, {}, "지수")

    code, out, _ = run("list")
    assert code == 0
    assert out.splitlines() == [
        f"{made.version}\tactive (gpt-4o)\t{load().version}\t지수\t감·검",
        f"{load().version}\tactive\t\tledger\t",
    ]
    first, _ = json.loads(run("list", "--json")[1])
    assert (first["version"], first["status"], first["families"], first["unseen"]) == (
        made.version,
        "active",
        ["gpt-4o"],
        None,
    )


def test_the_words_of_one_are_printed_as_they_are(run: Run, prompts: Prompts) -> None:
    assert run("show", "receipt-v1")[1] == load().text
    example = {"shop": "", "read": "검자", "right": "감자"}
    prompts.draft("receipt-v2", "읽습니다.", examples=[example], operator="지수")
    told = json.loads(run("show", "receipt-v2", "--json")[1])
    assert (told["text"], told["lexicon"], told["examples"]) == ("읽습니다.\n", None, [example])


def test_a_draft_is_made_from_another_with_words_of_a_file_or_standard_input(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "words.md").write_text("영수증을 읽습니다.", "utf-8")
    code, out, _ = run("new", "receipt-v2", "--text", tmp_path / "words.md", "--note", "짧게", "--json")
    told = json.loads(out)
    assert (code, told["status"], told["parent"], told["note"]) == (0, "draft", load().version, "짧게")

    monkeypatch.setattr("sys.stdin", io.StringIO("사진을 읽습니다."))
    assert run("new", "receipt-v3", "--from", "receipt-v2", "--text", "-")[0] == 0
    assert run("show", "receipt-v3")[1] == "사진을 읽습니다.\n"
    assert run("new", "receipt-v4")[0] == 0
    assert run("show", "receipt-v4")[1] == load().text


def test_a_draft_takes_its_parents_schema_notes_with_those_that_are_given(run: Run, prompts: Prompts) -> None:
    prompts.draft("a", "가", schema_notes={"date": "결제한 날.", "items.count": "수량."}, operator="지수")

    given = ("--schema-note", "items.price", "그 줄의 금액.", "--schema-note", "date", "")
    assert run("new", "b", "--from", "a", *given)[0] == 0
    told = json.loads(run("show", "b", "--json")[1])
    assert told["schema_notes"] == {"items.count": "수량.", "items.price": "그 줄의 금액."}
    assert "no field store" in run("new", "c", "--schema-note", "store", "x")[2]


def test_two_versions_are_told_apart_by_default_from_the_parent(run: Run, prompts: Prompts) -> None:
    first = prompts.draft("a", "가\n나\n다", operator="지수")
    second = prompts.draft("b", "가\n라\n다", parent=first.version, operator="지수")

    assert run("diff", "b")[1] == f"--- {first.version}\n+++ {second.version}\n@@ wording @@\n 가\n-나\n+라\n 다\n"
    assert json.loads(run("diff", "a", "b", "--json")[1])["lines"][1] == {
        "part": "wording",
        "sign": "-",
        "text": "라",
    }
    code, _, err = run("diff", "a")
    assert (code, "it was made from none" in err) == (1, True)


def test_exported_and_imported_it_is_the_same_version(run: Run, prompts: Prompts, tmp_path: Path) -> None:
    made = prompts.draft("receipt-v2", "읽습니다.", operator="지수")
    file = tmp_path / "taken.md"
    assert run("export", "receipt-v2", file)[0] == 0
    assert file.read_text("utf-8") == run("export", made.version)[1]

    code, _, err = run("import", file)
    assert (code, "already" in err) == (1, True)
    code, out, _ = run("import", file, "--name", "receipt-v9", "--json")
    assert json.loads(out)["version"].startswith("receipt-v9@")


def test_what_cannot_be_is_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# 역할", "utf-8")
    for words, why in (
        (("show", "nobody's"), "none of that name"),
        (("import", tmp_path / "other.md"), "head of an exported prompt"),
        (("import", tmp_path / "missing.md"), "No such file"),
        (("new", "receipt-v2", "--text", tmp_path / "missing.md"), "No such file"),
        (("export", "receipt-v1", tmp_path / "no" / "folder.md"), "cannot be written"),
        (("retire", "receipt-v1"), "never changes"),
        (("back", "gpt-4o"), "nothing was promoted"),
    ):
        code, out, err = run(*words)
        assert (code, out) == (1, "")
        assert why in err


def test_put_away_and_taken_back(run: Run, prompts: Prompts) -> None:
    first = prompts.draft("a", "가", operator="지수").version
    second = prompts.draft("b", "나", operator="지수").version
    prompts.promote("gpt-4o", first, {}, "지수")
    prompts.promote("gpt-4o", second, {}, "지수")

    assert run("retire", "b")[0] == 1
    assert run("back", "gpt-4o")[1] == f"gpt-4o: {first}\n"
    assert json.loads(run("retire", "b", "--json")[1])["status"] == "retired"
    told = json.loads(run("back", "gpt-4o", "--json")[1])
    assert told == {"family": "gpt-4o", "ended": first, "active": load().version}
