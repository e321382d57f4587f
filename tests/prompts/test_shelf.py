"""Prompt versions on the shelf: made, edited while nothing was read with them, put away, promoted and taken back."""

from __future__ import annotations

import datetime as dt
import itertools
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import PromptActive, PromptInvalid, PromptNameTaken, PromptNotFound, PromptUsed
from ledger.prompts.frozen import examples_of, lexicon_of
from ledger.prompts.shelf import Prompts
from ledger.prompts.tables import ActivePromptRow
from ledger.prompts.versions import load
from ledger.prompts.words import PromptStatus, StoredPrompt, common, good_name, good_text, next_name
from tests.factories import NOW

TEXT = "영수증을 읽습니다.\n\n{{names}}\n"
LEXICON = {"shops": {"멍이네": {"name": "멍이네", "aliases": [], "names": [["감자 간식", 3]]}}}
EXAMPLES = [{"shop": "멍이네", "read": "검자 간식", "right": "감자 간식"}]


def ticking() -> Callable[[], dt.datetime]:
    seconds = itertools.count(1)
    return lambda: NOW + dt.timedelta(seconds=next(seconds))


@pytest.fixture
def prompts(database: Database) -> Prompts:
    return Prompts(database, ticking())


def draft(prompts: Prompts, name: str = "receipt-v2", text: str = TEXT, **more: Any) -> StoredPrompt:
    return prompts.draft(name, text, **({"operator": "지수"} | more))


def frozen_as(lexicon: Any = None, examples: Any = None) -> None:
    lexicon_of(lexicon)
    examples_of(examples)


# ---- Made


def test_a_list_of_versions_leaves_out_the_megabytes_that_each_may_offer(prompts: Prompts) -> None:
    made = draft(prompts, lexicon=LEXICON, examples=EXAMPLES)

    (listed, _) = prompts.all()

    assert listed == replace(made, prompt=replace(made.prompt, lexicon=None, examples=()))
    assert listed.version == made.version


def test_at_first_there_is_the_built_in_prompt_and_it_is_active_for_everyone(prompts: Prompts) -> None:
    (only,) = prompts.all()
    assert (only.prompt, only.status, only.author, only.is_built_in) == (load(), PromptStatus.ACTIVE, "ledger", True)
    assert prompts.active("gpt-4o") == load().version
    assert prompts.get(load().version) == load()
    assert prompts.choices() == [load().version]


def test_schema_notes_are_kept_edited_and_taken_out_again(prompts: Prompts) -> None:
    made = draft(prompts, schema_notes={"date": " 결제한\n날. ", "location": " "})
    assert prompts.stored(made.version).prompt.schema_notes == {"date": "결제한 날."}

    edited = prompts.edit(made.version, schema_notes={"items.count": "수량 칸."})
    assert prompts.edit(edited.version, note="그대로").prompt.schema_notes == {"items.count": "수량 칸."}
    assert prompts.edit(edited.version, schema_notes={}).prompt.schema_notes is None


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        ({"shop": "x", "items.unit": "y"}, "no field shop, items.unit that a schema note could be of"),
        ({"date": 1}, "schema note of date is no text"),
        ({"date": "가" * 1_001}, "schema note of date is longer than 1,000 characters"),
        ({"date": "{{names}}"}, "schema note of date has a placeholder"),
    ],
)
def test_a_schema_note_that_cannot_be_is_refused_with_a_sentence(prompts: Prompts, notes: Any, why: str) -> None:
    with pytest.raises(PromptInvalid, match=why):
        draft(prompts, schema_notes=notes)


def test_a_draft_is_found_again_as_it_was_made(prompts: Prompts, database: Database) -> None:
    made = draft(
        prompts,
        lexicon=LEXICON,
        examples=EXAMPLES,
        parent=load().version,
        changes=[{"key": "look_alike:감>검", "times": 12}],
        unseen=[3, 1],
        note="감·검",
    )
    assert made.status == PromptStatus.DRAFT
    assert made.version.startswith("receipt-v2@")

    found = Prompts(database).stored(made.version)
    assert found == made
    assert (found.prompt.lexicon, found.prompt.examples) == (LEXICON, tuple(EXAMPLES))
    assert (found.author, found.note, found.parent, found.unseen) == ("지수", "감·검", load().version, (1, 3))
    assert prompts.choices() == [made.version, load().version]


def test_the_version_tells_of_words_names_and_examples(prompts: Prompts) -> None:
    versions = [
        draft(prompts, "a").version,
        draft(prompts, "b", lexicon=LEXICON).version,
        draft(prompts, "c", examples=EXAMPLES).version,
        draft(prompts, "d", text=TEXT + "더").version,
        draft(prompts, "n", schema_notes={"date": "결제한 날."}).version,
    ]
    assert len({version.partition("@")[2] for version in versions}) == 5
    assert draft(prompts, "e", text=TEXT.replace("\n", "\r\n") + "\n\n").version.partition("@")[2] in versions[0]


@pytest.mark.parametrize("name", ["", "두 낱말", "a@b", "../a", "a/b", "-a", "a" * 65])
def test_a_name_that_could_be_mistaken_is_refused(name: str) -> None:
    with pytest.raises(PromptInvalid, match="a name has letters"):
        good_name(name)


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_prompt_is_refused(text: str) -> None:
    with pytest.raises(PromptInvalid, match="it is empty"):
        good_text(text)


def test_what_cannot_be_is_not_put_on_the_shelf(prompts: Prompts) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"name": "a b"},
        {"text": " "},
        {"lexicon": {"stores": {}}},
        {"examples": [{}]},
    )
    for more in wrong:
        with pytest.raises(PromptInvalid):
            draft(prompts, **more)
    assert len(prompts.all()) == 1


def test_an_unknown_placeholder_is_refused(prompts: Prompts) -> None:
    with pytest.raises(PromptInvalid, match=r"\{\{store\}\} is no placeholder. Known ones are \{\{shop\}\}"):
        draft(prompts, text="{{store}}")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"lexicon": {"shops": {"멍이네": {"name": "멍이네", "names": [["감자", -1]]}}}}, "shops.멍이네.names.0.1"),
        ({"lexicon": {"stores": {}}}, "stores"),
        ({"lexicon": {"shops": []}}, "shops"),
        ({"examples": [{"read": "검자"}]}, "examples.0.right"),
    ],
)
def test_names_and_examples_of_another_shape_are_refused_with_their_place(more: dict[str, Any], place: str) -> None:
    with pytest.raises(PromptInvalid, match=rf"another shape than they should, at {place}\."):
        frozen_as(**more)


def test_a_name_is_given_once(prompts: Prompts) -> None:
    draft(prompts)
    for taken in ("receipt-v2", "receipt-v1"):
        with pytest.raises(PromptNameTaken, match=taken):
            draft(prompts, taken)


def test_the_next_name_is_the_first_that_is_free() -> None:
    assert next_name("receipt-v1", {"receipt-v1"}) == "receipt-v2"
    assert next_name("receipt-v1", {"receipt-v1", "receipt-v2", "receipt-v3"}) == "receipt-v4"
    assert next_name("우리것", set()) == "우리것-v2"
    assert len(next_name("긴" * 64, set())) <= 64


@pytest.mark.parametrize(
    ("own", "parents", "together"),
    [(None, None, None), ([1, 2], None, (1, 2)), (None, [2, 3], (2, 3)), ([1, 2], [2, 3], (2,)), ([], None, ())],
)
def test_unseen_is_what_neither_saw(
    own: list[int] | None, parents: list[int] | None, together: tuple[int, ...] | None
) -> None:
    found = common(own, parents)
    assert (None if found is None else tuple(found)) == together


def test_what_the_parent_saw_its_child_has_seen_too(prompts: Prompts) -> None:
    parent = draft(prompts, unseen=[2, 3])
    assert draft(prompts, "receipt-v3", parent=parent.version, unseen=[1, 2]).unseen == (2,)
    assert draft(prompts, "receipt-v4", parent=parent.version).unseen == (2, 3)


# ---- Edited


def test_a_draft_is_edited_and_is_another_version_then(prompts: Prompts) -> None:
    made = draft(prompts, lexicon=LEXICON, note="처음")
    edited = prompts.edit(made.version, text="다르게 읽습니다.", examples=EXAMPLES)

    assert edited.version != made.version
    assert (edited.prompt.text, edited.prompt.lexicon, edited.note) == ("다르게 읽습니다.\n", LEXICON, "처음")
    assert [each.version for each in prompts.all()] == [edited.version, load().version]
    with pytest.raises(PromptNotFound, match="has been edited since"):
        prompts.get(made.version)
    with pytest.raises(PromptNotFound, match="has been edited since"):
        prompts.edit(made.version, text="noch anders")


def test_edited_it_never_becomes_blind_to_what_it_saw(prompts: Prompts) -> None:
    made = draft(prompts, unseen=[1, 2])
    assert prompts.edit(made.version, unseen=[2, 3]).unseen == (2,)


def test_once_used_a_version_never_changes(prompts: Prompts) -> None:
    made = draft(prompts)
    prompts.mark_used(made.version)
    prompts.mark_used(made.version)

    found = prompts.stored(made.version)
    assert (found.status, found.used_at) == (PromptStatus.USED, NOW + dt.timedelta(seconds=2))
    with pytest.raises(PromptUsed):
        prompts.edit(made.version, text="anders")
    with pytest.raises(PromptUsed):
        prompts.edit(load().version, text="anders")


def test_used_it_is_found_without_asking_the_database_again(prompts: Prompts, database: Database) -> None:
    made = draft(prompts)
    first = prompts.used(made.version)
    database.close()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "read", lambda: pytest.fail("the database was asked"))
        assert prompts.used(made.version) is prompts.get(made.version) is first


def test_what_was_edited_meanwhile_is_not_read_with(prompts: Prompts, database: Database) -> None:
    made = draft(prompts)
    Prompts(database).edit(made.version, text="anders")
    with pytest.raises(PromptNotFound, match="has been edited since"):
        prompts.used(made.version)


def test_of_an_edit_and_a_reading_at_once_one_wins(prompts: Prompts, database: Database) -> None:
    def read(version: str) -> str | None:
        try:
            return Prompts(database).used(version).version
        except PromptNotFound:
            return None

    def edit(version: str) -> str | None:
        try:
            return Prompts(database).edit(version, text="anders").version
        except PromptUsed:
            return None

    for number in range(6):
        version = draft(prompts, f"at-once-{number}").version
        with ThreadPoolExecutor(2) as pool:
            read_with, edited = pool.submit(read, version), pool.submit(edit, version)
        assert (read_with.result() is None) != (edited.result() is None)


def test_there_is_no_version_that_nobody_made(prompts: Prompts) -> None:
    for find in (prompts.get, prompts.stored, prompts.mark_used, prompts.retire):
        with pytest.raises(PromptNotFound, match="there is none of that name"):
            find("receipt-v9@000000000000")


# ---- Put away


def test_put_away_a_version_is_no_choice_but_stays_at_hand(prompts: Prompts) -> None:
    made = draft(prompts)
    prompts.retire(made.version)
    prompts.retire(made.version)

    found = prompts.stored(made.version)
    assert (found.status, found.retired_at) == (PromptStatus.RETIRED, NOW + dt.timedelta(seconds=2))
    assert prompts.choices() == [load().version]
    assert prompts.used(made.version) == made.prompt
    with pytest.raises(PromptUsed):
        prompts.edit(made.version, text="anders")
    with pytest.raises(PromptNotFound, match="put away"):
        prompts.promote("gpt-4o", made.version, {}, "지수")


def test_what_is_active_or_built_in_is_not_put_away(prompts: Prompts) -> None:
    made = draft(prompts)
    prompts.promote("gpt-4o", made.version, {}, "지수")
    with pytest.raises(PromptActive, match="gpt-4o"):
        prompts.retire(made.version)
    with pytest.raises(PromptUsed):
        prompts.retire(load().version)


# ---- Promoted


def test_promoted_it_is_active_for_its_family_alone_and_never_changes(prompts: Prompts) -> None:
    made = draft(prompts)
    active_id = prompts.promote("gpt-4o", made.version, {"experiment": 7}, "민호")

    assert prompts.active("gpt-4o") == made.version
    assert prompts.active("gpt-6") == load().version
    found = prompts.stored(made.version)
    assert (found.status, found.families) == (PromptStatus.ACTIVE, ("gpt-4o",))
    assert found.used_at is not None
    (active,) = prompts.history("gpt-4o")
    assert (active.id, active.version, active.reason, active.operator) == (
        active_id,
        made.version,
        {"experiment": 7},
        "민호",
    )
    assert prompts.history() == [active]
    assert prompts.history("gpt-6") == []


def test_taken_back_what_was_active_before_is_active_again(prompts: Prompts) -> None:
    first, second = draft(prompts).version, draft(prompts, "receipt-v3", "anders").version
    first_id = prompts.promote("gpt-4o", first, {"experiment": 7}, "민호")
    second_id = prompts.promote("gpt-4o", second, {}, "민호")

    assert not prompts.take_back(first_id, "지수")
    assert prompts.take_back(second_id, "지수")
    assert not prompts.take_back(second_id, "지수")
    assert prompts.active("gpt-4o") == first
    restored = prompts.history("gpt-4o")[0]
    assert (restored.reason, restored.operator) == ({"experiment": 7, "restores": first_id}, "지수")
    assert prompts.take_back(restored.id, "지수")
    assert prompts.active("gpt-4o") == load().version
    assert not prompts.take_back(99, "지수")


def test_taking_back_passes_over_what_was_put_away_meanwhile(prompts: Prompts) -> None:
    names = ("a", "b", "c", "d")
    made = {name: draft(prompts, name).version for name in names}
    ids = [prompts.promote("gpt-4o", made[name], {}, "지수") for name in names]
    prompts.retire(made["b"])
    prompts.retire(made["c"])

    assert prompts.take_back(ids[-1], "지수")
    assert prompts.active("gpt-4o") == made["a"]
    assert [prompts.stored(made[name]).status for name in ("a", "b", "c")] == ["active", "retired", "retired"]

    prompts.promote("gpt-4o", made["d"], {}, "지수")
    prompts.retire(made["a"])
    newest = prompts.history("gpt-4o")[0]
    assert prompts.take_back(newest.id, "지수")
    assert prompts.active("gpt-4o") == load().version
    assert prompts.promoted("gpt-4o") is None


def test_of_many_who_promote_at_once_exactly_one_is_active(prompts: Prompts, database: Database) -> None:
    versions = [draft(prompts, f"at-once-{number}").version for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(lambda version: prompts.promote("gpt-4o", version, {}, "지수"), versions))

    with database.read() as session:
        holding = session.scalars(sa.select(ActivePromptRow.id).where(ActivePromptRow.ended_at.is_(None))).all()
    assert len(holding) == 1
    assert holding[0] in ids
    assert len(prompts.history("gpt-4o")) == 8


def test_a_built_in_prompt_that_an_update_changed_is_replaced_by_the_new_one_and_told_once(
    prompts: Prompts, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.write() as session:
        before = "receipt-v1@000000000000"
        session.add(ActivePromptRow(family="gpt-4o", prompt_version=before, reason={}, operator="지수", created_at=NOW))
    with caplog.at_level(logging.WARNING):
        assert [prompts.active("gpt-4o"), prompts.active("gpt-4o")] == [load().version] * 2
    assert len(caplog.records) == 1
