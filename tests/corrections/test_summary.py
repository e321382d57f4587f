"""Stored corrections, newest first, with what is needed to judge them."""

from __future__ import annotations

from ledger.corrections.summary import counts_by_field, recent_corrections
from ledger.database import Database
from tests.factories import MISREAD, NOW, RIGHT, SETTINGS, confirm_one


def test_nothing_corrected_is_nothing_to_show(database: Database) -> None:
    confirm_one(database, RIGHT, RIGHT)

    assert recent_corrections(database) == []
    assert counts_by_field(database) == {}


def test_a_correction_says_who_read_how_and_who_corrected(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)

    [found] = recent_corrections(database)

    assert (found.receipt_id, found.field, found.model_value, found.human_value) == (
        receipt_id,
        "item.name",
        "검자",
        "감자",
    )
    assert (found.engine, found.model, found.temperature) == ("fake", "fake-1", 0.2)
    assert (found.prompt_version, found.operator, found.created_at) == (SETTINGS.prompt_version, "지수", NOW)
    assert found.previous_value is None


def test_corrections_come_newest_first_of_one_field_or_all(database: Database) -> None:
    confirm_one(database, MISREAD, RIGHT, key="a.jpg")
    wrong = MISREAD.model_copy(update={"total_amount": 1_750, "location": None})
    confirm_one(database, wrong, RIGHT, key="b.jpg")

    assert [c.field for c in recent_corrections(database)] == ["item.name", "total_amount", "location", "item.name"]
    assert [c.model_value for c in recent_corrections(database, "total_amount")] == [1_750]
    assert [c.field for c in recent_corrections(database, limit=1)] == ["item.name"]


def test_fields_are_counted_most_first(database: Database) -> None:
    confirm_one(database, MISREAD, RIGHT, key="a.jpg")
    confirm_one(database, MISREAD.model_copy(update={"total_amount": 1}), RIGHT, key="b.jpg")

    assert list(counts_by_field(database).items()) == [("item.name", 2), ("total_amount", 1)]


def test_a_removed_and_an_added_item_keep_the_whole_item(database: Database) -> None:
    confirm_one(database, RIGHT, RIGHT.model_copy(update={"items": RIGHT.items[1:]}), key="a.jpg")
    confirm_one(database, RIGHT.model_copy(update={"items": RIGHT.items[1:]}), RIGHT, key="b.jpg")

    added, removed = recent_corrections(database, "item")

    assert (removed.model_value["name"], removed.human_value) == ("장난감", None)
    assert (added.model_value, added.human_value["name"]) == (None, "장난감")
