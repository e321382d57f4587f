"""A prompt that offers names is offered those of today, as soon as the lexicon has others than it froze."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ledger.database import Database
from ledger.prompts.shelf import Prompts
from ledger.tuning.drafting import with_changes
from ledger.tuning.lexicon import frozen, rebuild
from ledger.tuning.lexicon_edits import block_item
from ledger.tuning.newer_names import NewerNames, newer_names
from ledger.tuning.proposals import Kind
from ledger.tuning.proposing import Proposed, draft, drop, propose
from tests.experiments.frozen import confirmed as photographed
from tests.factories import NOW, MemoryStore
from tests.tuning.pairs import named

FAMILY = "gpt-4o"
TEXT = "영수증을 읽습니다.\n\n{{names}}\n"


def lexicon(**names: Sequence[str]) -> dict[str, Any]:
    """Shops with these names, all confirmed as often."""
    shops = {shop: {"name": shop, "aliases": [], "names": [[one, 2] for one in some]} for shop, some in names.items()}
    return {"shops": shops}


def changed(before: dict[str, Any] | None, now: dict[str, Any]) -> tuple[Sequence[str], ...] | None:
    found = newer_names(before, now)
    return found and (found.shops, found.came, found.gone)


def test_what_would_come_and_go_is_told_by_shop() -> None:
    assert changed(lexicon(멍이네=["감자"]), lexicon(멍이네=["감자"])) is None
    assert changed(lexicon(멍이네=["감자", "검자"]), lexicon(멍이네=["감자", "당근"], 루트=["콩"])) == (
        ["루트", "멍이네"],
        ["콩", "당근"],
        ["검자"],
    )
    assert changed(None, lexicon(멍이네=["감자"])) == (["멍이네"], ["감자"], [])
    assert changed(lexicon(멍이네=["감자"]), {"shops": {}}) == (["멍이네"], [], ["감자"])


def test_how_often_a_name_was_confirmed_is_no_change_and_another_name_of_the_shop_is_one() -> None:
    before, often, renamed = (lexicon(멍이네=["감자", "콩"]) for _ in range(3))
    often["shops"]["멍이네"]["names"] = [["콩", 90], ["감자", 2]]
    renamed["shops"]["멍이네"]["aliases"] = ["멍이"]

    assert changed(before, often) is None
    assert changed(before, renamed) == (["멍이네"], [], [])


@pytest.fixture
def prompts(database: Database) -> Prompts:
    """Asked with a prompt that froze the lexicon of two receipts; in it 감자 and 감쟈."""
    store = MemoryStore()
    for number, name in enumerate(["감자", "감쟈", "감자", "감쟈"]):
        photographed(database, store, number, named(name, location="하남시, 루트231"))
    rebuild(database)
    made = Prompts(database, lambda: NOW)
    asked = made.draft("receipt-v2", TEXT, lexicon=frozen(database), operator="지수")
    made.promote(FAMILY, asked.version, {"override": "시험"}, "지수")
    return made


def newer(database: Database, prompts: Prompts) -> tuple[Proposed, list[NewerNames | None]]:
    found = propose(database, prompts, FAMILY)
    return found, [each.newer for each in found.proposals if each.kind is Kind.NEWER_NAMES]


def test_a_blocked_name_is_taken_out_by_a_draft_with_the_newer_names(database: Database, prompts: Prompts) -> None:
    assert newer(database, prompts)[1] == []
    block_item(database, "루트231", "감쟈", blocked=True)

    found, (told,) = newer(database, prompts)
    assert told is not None
    assert (told.shops, told.came, told.gone) == (["루트231"], [], ["감쟈"])
    made = draft(database, prompts, found, found.proposals, name="receipt-v3", note=None, operator="지수", now=NOW)

    assert made.prompt.lexicon == frozen(database)
    assert (made.prompt.text, made.changes[0]["text"]) == (TEXT, "{{names}}: +0 −1")
    prompts.promote(FAMILY, made.version, {"override": "시험"}, "지수")
    assert newer(database, prompts)[1] == []


def test_who_drops_newer_names_is_asked_again_when_the_lexicon_has_changed_once_more(
    database: Database, prompts: Prompts
) -> None:
    block_item(database, "루트231", "감쟈", blocked=True)
    drop(database, newer(database, prompts)[0].proposals, "지수", NOW)
    assert newer(database, prompts)[1] == []

    block_item(database, "루트231", "감자", blocked=True)
    assert len(newer(database, prompts)[1]) == 1


def test_a_prompt_that_offers_no_names_is_offered_no_newer_ones(database: Database, prompts: Prompts) -> None:
    plain = prompts.draft("receipt-v4", "영수증을 읽습니다.", operator="지수")
    prompts.promote(FAMILY, plain.version, {"override": "시험"}, "지수")

    assert newer(database, prompts)[1] == []
    assert with_changes(TEXT, []) == TEXT
