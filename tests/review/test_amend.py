"""Changes after a receipt was confirmed: the ledger's rows, a new review, and a correction for each."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from ledger.corrections.summary import counts_by_field, recent_corrections
from ledger.database import Database
from ledger.errors import ItemsChanged
from ledger.receipt import Category, LineItem, Receipt, ReceiptStatus
from ledger.review.amend import ItemChange, amend
from ledger.review.confirm import confirm, reject
from ledger.review.confirmed import Search, search_confirmed
from ledger.review.document import FieldRefused
from ledger.review.editor import COLUMNS, categories, item_changes, items_frame
from ledger.tables import CorrectionRow, ItemRow, ReceiptRow, ReviewRow
from tests.factories import MISREAD, NOW, RIGHT, MemoryStore, action, confirm_one, read_one, take_in

LATER = NOW + dt.timedelta(days=1)


def change(database: Database, *changes: ItemChange, action_id: str = "save-1", operator: str = "민준") -> int:
    return amend(database, list(changes), action_id=action_id, operator=operator, now=LATER)


def items(database: Database) -> list[tuple[str, str, int]]:
    with database.read() as session:
        found = session.scalars(sa.select(ItemRow).order_by(ItemRow.id))
        return [(row.name, row.category, row.price) for row in found]


def corrections(database: Database) -> list[CorrectionRow]:
    with database.read() as session:
        amended = sa.select(CorrectionRow).where(CorrectionRow.previous_value.is_not(None))
        return list(session.scalars(amended.order_by(CorrectionRow.id)))


def test_a_changed_name_is_in_the_ledger_the_document_and_a_correction(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)

    assert change(database, ItemChange(receipt_id, 1, {"name": "감자 1kg"}, {"name": "감자"})) == 1

    assert items(database) == [("장난감", "용품", 13_500), ("감자 1kg", "식비", 4_000)]
    [receipt] = search_confirmed(database, Search())
    assert [item["name"] for item in receipt.document["items"]] == ["장난감", "감자 1kg"]
    assert receipt.document["currency"] == "KRW"
    [found] = corrections(database)
    assert (found.field, found.item_index) == ("item.name", 1)
    assert (found.model_value, found.previous_value, found.human_value) == ("검자", "감자", "감자 1kg")


def test_an_amendment_is_a_review_of_its_own(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)

    change(database, ItemChange(receipt_id, 1, {"category": "여가"}, {"category": "식비"}))

    with database.read() as session:
        first, second = session.scalars(sa.select(ReviewRow).order_by(ReviewRow.id)).all()
        row = session.get_one(ReceiptRow, receipt_id)
    assert (first.decision, second.decision, second.operator, second.created_at) == (
        "confirmed",
        "amended",
        "민준",
        LATER,
    )
    assert first.document is not None
    assert first.document["items"][1]["category"] == "식비"
    assert second.extraction_id == first.extraction_id
    assert (row.status, row.version) == (ReceiptStatus.CONFIRMED, 3)


def test_several_fields_of_several_receipts_change_together(database: Database) -> None:
    a = confirm_one(database, MISREAD, RIGHT, key="a.jpg")
    b = confirm_one(database, MISREAD, RIGHT, key="b.jpg")

    count = change(
        database,
        ItemChange(b, 0, {"name": "공", "category": "여가"}, {"name": "장난감", "category": "용품"}),
        ItemChange(a, 1, {"name": "고구마"}, {"name": "감자"}),
    )

    assert count == 3
    assert [name for name, _, _ in items(database)] == ["장난감", "고구마", "공", "감자"]
    assert counts_by_field(database) == {"item.name": 4, "item.category": 1}


def test_a_second_amendment_starts_from_the_first(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    change(database, ItemChange(receipt_id, 1, {"name": "고구마"}, {"name": "감자"}))

    change(database, ItemChange(receipt_id, 1, {"name": "감자"}, {"name": "고구마"}), action_id="save-2")

    assert [(c.model_value, c.previous_value, c.human_value) for c in corrections(database)] == [
        ("검자", "감자", "고구마"),
        ("검자", "고구마", "감자"),
    ]


def test_the_same_save_twice_changes_once(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    wanted = ItemChange(receipt_id, 1, {"name": "고구마"}, {"name": "감자"})

    assert [change(database, wanted), change(database, wanted)] == [1, 0]
    assert len(corrections(database)) == 1


def test_a_value_that_stays_the_same_is_no_change(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)

    assert change(database, ItemChange(receipt_id, 1, {"name": "감자"}, {"name": "감자"})) == 0
    assert change(database) == 0

    assert corrections(database) == []


def test_amounts_are_not_changed_in_bulk(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)

    assert change(database, ItemChange(receipt_id, 1, {"price": "1"}, {"price": "4000"})) == 0
    assert items(database)[1][2] == 4_000


def test_a_value_that_somebody_else_changed_meanwhile_is_not_overwritten(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    change(database, ItemChange(receipt_id, 1, {"category": "여가"}, {"category": "식비"}), operator="지수")

    with pytest.raises(ItemsChanged):
        change(database, ItemChange(receipt_id, 1, {"category": "기타"}, {"category": "식비"}), action_id="save-2")

    assert items(database)[1][1] == "여가"


def test_another_value_of_an_item_that_somebody_else_changed_may_change(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    change(database, ItemChange(receipt_id, 1, {"category": "여가"}, {"category": "식비"}))

    assert change(database, ItemChange(receipt_id, 1, {"name": "고구마"}, {"name": "감자"}), action_id="save-2") == 1


def test_an_item_that_the_app_changed_is_not_overwritten_and_nothing_else_is_either(database: Database) -> None:
    a = confirm_one(database, MISREAD, RIGHT, key="a.jpg")
    b = confirm_one(database, MISREAD, RIGHT, key="b.jpg")
    with database.write() as session:
        session.execute(sa.update(ItemRow).where(ItemRow.id == 4).values(name="앱에서 고침"))

    with pytest.raises(ItemsChanged):
        change(
            database,
            ItemChange(a, 1, {"name": "고구마"}, {"name": "감자"}),
            ItemChange(b, 0, {"name": "공"}, {"name": "장난감"}),
        )

    assert [name for name, _, _ in items(database)] == ["장난감", "감자", "장난감", "앱에서 고침"]
    assert corrections(database) == []


@pytest.mark.parametrize("theirs", [{"price": 1}, {"quantity": 7}, {"category": "의료"}, {"name": "감자 "}])
def test_an_item_of_which_the_app_changed_anything_is_not_changed_by_us(
    database: Database, theirs: dict[str, str | int]
) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    with database.write() as session:
        session.execute(sa.update(ItemRow).where(ItemRow.id == 2).values(**theirs))

    with pytest.raises(ItemsChanged):
        change(database, ItemChange(receipt_id, 0, {"name": "공"}, {"name": "장난감"}))

    assert items(database)[0][0] == "장난감"
    assert corrections(database) == []


def test_an_item_confirmed_without_name_count_and_category_can_be_named_later(database: Database) -> None:
    human = RIGHT.model_copy(update={"items": (LineItem(price=4_000),)})
    receipt_id = confirm_one(database, MISREAD, human)
    [found] = search_confirmed(database, Search())
    shown = str(found.document["items"][0]["name"])

    assert change(database, ItemChange(receipt_id, 0, {"name": "감자"}, {"name": shown})) == 1


@pytest.mark.parametrize("gone", ["item", "receipt", "place", "rejected", "open"])
def test_what_is_no_longer_there_cannot_be_changed(database: Database, gone: str) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    place = 1
    if gone == "item":
        with database.write() as session:
            session.execute(sa.delete(ItemRow).where(ItemRow.name == "감자"))
    if gone == "receipt":
        receipt_id = 404
    if gone == "place":
        place = 2
    if gone == "rejected":
        receipt_id, extraction_id = read_one(database, key="rejected.jpg")
        reject(database, action(receipt_id, extraction_id), "other")
    if gone == "open":
        receipt_id = take_in(database, MemoryStore(), "open.jpg")

    with pytest.raises(ItemsChanged):
        change(database, ItemChange(receipt_id, place, {"name": "고구마"}, {"name": "감자"}))


def test_an_item_that_was_typed_by_hand_has_no_model_value(database: Database) -> None:
    receipt_id = take_in(database, MemoryStore())
    confirm(database, action(receipt_id, None), RIGHT)

    change(database, ItemChange(receipt_id, 1, {"name": "고구마"}, {"name": "감자"}))

    [found] = recent_corrections(database)
    assert (found.model_value, found.previous_value, found.human_value) == (None, "감자", "고구마")
    assert (found.engine, found.model, found.temperature, found.prompt_version) == (None, None, None, None)


def test_an_added_item_has_no_model_value_and_a_moved_one_has_its_own(database: Database) -> None:
    added = LineItem(name="배달비", price=3_000, count=1, category=Category.OTHER)
    human = RIGHT.model_copy(update={"items": (added, *RIGHT.items)})
    receipt_id = confirm_one(database, MISREAD, human)

    change(
        database,
        ItemChange(receipt_id, 0, {"name": "배송비"}, {"name": "배달비"}),
        ItemChange(receipt_id, 2, {"name": "고구마"}, {"name": "감자"}),
    )

    assert [(c.item_index, c.model_value, c.human_value) for c in corrections(database)] == [
        (0, None, "배송비"),
        (1, "검자", "고구마"),
    ]


def test_the_table_has_one_row_an_item_and_knows_whose_it_is(database: Database) -> None:
    a = confirm_one(database, MISREAD, RIGHT, key="a.jpg")
    b = confirm_one(database, MISREAD, RIGHT, key="b.jpg")

    frame = items_frame(search_confirmed(database, Search()))

    assert list(frame.columns) == [*COLUMNS, "place"]
    assert list(zip(frame["receipt_id"], frame["place"], strict=True)) == [(b, 0), (b, 1), (a, 0), (a, 1)]
    assert list(frame["name"]) == ["장난감", "감자", "장난감", "감자"]
    assert set(frame["location"]) == {RIGHT.location}


def test_a_table_of_nothing_is_empty(database: Database) -> None:
    assert items_frame([]).empty
    confirm_one(database, MISREAD, Receipt(date=RIGHT.date))

    assert items_frame(search_confirmed(database, Search())).empty


def test_edits_of_the_table_become_changes_with_what_was_shown(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    frame = items_frame(search_confirmed(database, Search()))

    changes = item_changes(frame, {1: {"name": "  고구마 "}, 0: {"category": "여가"}})

    assert changes == [
        ItemChange(receipt_id, 0, {"category": "여가"}, {"category": "용품"}),
        ItemChange(receipt_id, 1, {"name": "고구마"}, {"name": "감자"}),
    ]
    assert change(database, *changes) == 2


@pytest.mark.parametrize("edit", [{"name": ""}, {"name": None}, {"name": "감" * 256}, {"category": "채소"}])
def test_an_edit_that_its_field_cannot_hold_is_refused(database: Database, edit: dict[str, str | None]) -> None:
    confirm_one(database, MISREAD, RIGHT)

    with pytest.raises(FieldRefused):
        item_changes(items_frame(search_confirmed(database, Search())), {0: edit})


def test_categories_are_offered_in_the_contracts_order() -> None:
    assert categories() == ["식비", "미용", "의료", "여가", "용품", "기타"]
