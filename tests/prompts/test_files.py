"""A version taken along as a file comes back as the same version; any other file is refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.errors import PromptInvalid, PromptNameTaken
from ledger.prompts.files import exported, file_name, imported
from ledger.prompts.shelf import Prompts
from ledger.prompts.taking_in import take_in
from ledger.prompts.versions import load
from ledger.prompts.words import PromptStatus, StoredPrompt
from tests.factories import NOW, migrated

DATASETS = {1: "시험 1@0123456789ab", 2: "시험 2@ba9876543210"}
LEXICON = {"shops": {"멍이네": {"name": "멍이네", "aliases": [], "names": [["감자 간식", 3]]}}}
EXAMPLES = [{"shop": "멍이네", "read": "검자 간식", "right": "감자 간식"}]


@pytest.fixture
def prompts(tmp_path: Path) -> Iterator[Prompts]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield Prompts(database, lambda: NOW)
    database.close()


@pytest.fixture
def made(prompts: Prompts) -> StoredPrompt:
    return prompts.draft(
        "receipt-v2",
        "영수증을 읽습니다.\n---\n\n{{names}}",
        schema_notes={"date": "연·월·일: 순서를 봅니다.", "items.price": "그 줄의 금액."},
        lexicon=LEXICON,
        examples=EXAMPLES,
        parent=load().version,
        changes=[{"key": "look_alike:감>검"}],
        unseen=[1],
        note="감·검: 두 줄\n메모",
        operator="지수",
    )


def test_taken_along_it_comes_back_as_the_same_version(made: StoredPrompt, tmp_path: Path) -> None:
    elsewhere = migrated(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    there = Prompts(elsewhere)
    filed = imported(exported(made, DATASETS).encode(), {7: DATASETS[1], 8: DATASETS[2]})
    back = take_in(there, filed, "민호")

    assert back.version == made.version
    assert (back.prompt, back.note, back.changes, back.parent) == (made.prompt, made.note, made.changes, made.parent)
    assert (back.status, back.author, back.unseen) == (PromptStatus.DRAFT, "민호", (7,))
    elsewhere.close()


def test_of_dataset_versions_with_the_same_name_only_the_very_one_counts_as_unseen(made: StoredPrompt) -> None:
    assert imported(exported(made, DATASETS).encode(), {7: "시험 1@another"}).unseen == ()


def test_the_built_in_prompt_is_taken_along_too(prompts: Prompts) -> None:
    built_in = prompts.stored(load().version)
    filed = imported(exported(built_in, {}).encode(), {})

    assert (filed.prompt, filed.unseen, file_name(built_in)) == (load(), None, "receipt-v1.md")
    with pytest.raises(PromptNameTaken):
        take_in(prompts, filed, "민호")
    assert take_in(prompts, filed, "민호", name="receipt-v5").prompt.text == load().text


def test_a_parent_that_is_not_at_hand_is_not_named(prompts: Prompts, made: StoredPrompt, tmp_path: Path) -> None:
    child = prompts.draft("receipt-v3", "읽습니다.", parent=made.version, operator="지수")
    text = exported(child, DATASETS)
    elsewhere = migrated(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    assert take_in(Prompts(elsewhere), imported(text.encode(), {}), "민호").parent is None
    elsewhere.close()


def test_a_file_that_an_editor_of_another_system_saved_is_the_same(made: StoredPrompt) -> None:
    saved = "\ufeff" + exported(made, DATASETS).replace("\n", "\r\n")
    assert imported(saved.encode(), DATASETS).prompt == made.prompt


def test_a_name_with_a_sign_that_breaks_lines_elsewhere_comes_back_as_it_is(prompts: Prompts) -> None:
    odd = {"shops": {"멍이네": {"name": "멍\u2028이네", "aliases": [], "names": [["감자\x85간식", 3]]}}}
    made = prompts.draft("receipt-v3", "읽습니다.", lexicon=odd, operator="지수")

    assert imported(exported(made, {}).encode(), {}).prompt == made.prompt


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "does not begin with the head"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        ("# 역할\n읽습니다.".encode(), "does not begin with the head"),
        (b"---\nname: 1\n", "does not begin with the head"),
        (b"---\nledger-prompt: 2\n---\ntext", "another format"),
        (b"---\nledger-prompt: 1\nname: receipt\n---\ntext", "line 3 of the file"),
        (b'---\nledger-prompt: 1\nname: "a b"\n---\ntext', "a name has letters"),
        (b'---\nledger-prompt: 1\nname: "a"\n---\n', "it is empty"),
        (b'---\nledger-prompt: 1\nname: "a"\n---\n{{store}}', "no placeholder"),
        (b'---\nledger-prompt: 1\nname: "a"\nlexicon: {"shops": 1}\n---\nt', "another shape"),
        (b'---\nledger-prompt: 1\nname: "a"\nlexicon: []\n---\nt', "line lexicon of the file"),
        (b'---\nledger-prompt: 1\nname: "a"\nexamples: [1]\n---\nt', "another shape"),
        (b'---\nledger-prompt: 1\nname: "a"\nunseen: 1\n---\nt', "line unseen of the file"),
        (b'---\nledger-prompt: 1\nname: "a"\nschema_notes: []\n---\nt', "line schema_notes of the file"),
        (b'---\nledger-prompt: 1\nname: "a"\nschema_notes: {"shop": "x"}\n---\nt', "no field shop that a schema note"),
        (
            b'---\nledger-prompt: 1\nname: "a"\nversion: "a@000000000000"\n---\nt',
            "is a@000000000000, and what is in",
        ),
    ],
)
def test_any_other_file_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(PromptInvalid, match=why):
        imported(data, {})


def test_what_was_changed_on_purpose_is_another_version_without_its_old_one(made: StoredPrompt) -> None:
    lines = exported(made, DATASETS).replace("읽습니다", "잘 읽습니다").splitlines(keepends=True)
    with pytest.raises(PromptInvalid, match="take that line out"):
        imported("".join(lines).encode(), DATASETS)
    changed = "".join(line for line in lines if not line.startswith("version:"))
    assert imported(changed.encode(), DATASETS).prompt.version != made.version
