"""What happened to a receipt, and which values each field had."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ledger.database import Database
from ledger.errors import ModelTimeout
from ledger.extraction.pipeline import Reader
from ledger.receipt import Category, LineItem, Receipt
from ledger.review.amend import ItemChange, amend
from ledger.review.confirm import reject
from ledger.review.document import to_form
from ledger.review.history import Event, FieldHistory, Kind, field_histories, history
from ledger.review.undo import newest_decision, undo
from tests.factories import MISREAD, NOW, RIGHT, FakeExtractor, MemoryStore, action, confirm_one, take_in
from tests.review.rows import draft

POTATO = LineItem(name="감자", price=4_000, count=1, category=Category.FOOD)
TOY = LineItem(name="장난감", price=13_500, count=3, category=Category.SUPPLIES)


def minutes(count: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=count)


def event(count: int, *items: LineItem, who: str = "지수", **more: Any) -> Event:
    return Event(Kind.DRAFTED, minutes(count), who, to_form(Receipt(items=items, **more)))


def chains(*events: Event) -> dict[str, list[tuple[str | None, str]]]:
    found = field_histories(events)
    return {_path(each): [(step.value, step.event.who) for step in each.steps] for each in found}


def _path(each: FieldHistory) -> str:
    return each.name if each.row is None else f"{each.row}.{each.name}"


def test_a_receipts_way_is_told_from_its_first_reading_to_its_undoing(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    change = ItemChange(receipt_id, 1, {"name": "고구마"}, {"name": "감자"})
    amend(database, [change], action_id="save", operator="민준", now=minutes(1))
    review_id = newest_decision(database, receipt_id)
    assert review_id is not None
    undo(database, review_id, operator="서연", now=minutes(2))

    found = history(database, receipt_id)

    assert [(each.kind, each.who) for each in found.events] == [
        (Kind.READ, "fake-1"),
        (Kind.CONFIRMED, "지수"),
        (Kind.AMENDED, "민준"),
        (Kind.UNDONE, "서연"),
        (Kind.DRAFTED, "서연"),
    ]
    assert found.events[0].facts["temperature"] == 0.2
    assert found.events[3].facts == {"decision": "confirmed"}
    [name] = [each for each in found.fields if (each.row, each.name) == (1, "name")]
    assert [(step.value, step.event.who) for step in name.steps] == [
        ("검자", "fake-1"),
        ("감자", "지수"),
        ("고구마", "민준"),
    ]


def test_a_failed_reading_a_draft_and_a_rejection_are_told_with_why(database: Database) -> None:
    store = MemoryStore()
    receipt_id = take_in(database, store)
    Reader(database, store, FakeExtractor(ModelTimeout(seconds=30)), lambda: NOW).read(receipt_id)
    draft(database, receipt_id, None)
    reject(database, action(receipt_id, None), "other", "두 번")

    found = history(database, receipt_id)

    told = {each.kind: each.facts for each in found.events}
    assert told[Kind.FAILED]["error"][0] == "ModelTimeout"
    assert (told[Kind.REJECTED]["reason"], told[Kind.REJECTED]["text"]) == ("other", "두 번")
    assert [step.value for each in found.fields for step in each.steps] == ["2024"]


def test_of_a_receipt_that_is_not_there_nothing_is_told(database: Database) -> None:
    assert history(database, 404).events == history(database, 404).fields == ()


def test_a_value_that_stays_is_told_once_and_a_field_that_was_always_empty_not_at_all() -> None:
    found = chains(
        event(0, total_amount=1_000, who="model"), event(1, total_amount=1_000), event(2, total_amount=1_500)
    )

    assert found == {"total_amount": [("1,000", "model"), ("1,500", "지수")], "currency": [("KRW", "model")]}


def test_an_item_stays_itself_when_it_moves_and_its_removal_is_told() -> None:
    found = chains(
        event(0, TOY, POTATO, who="model"),
        event(1, POTATO.model_copy(update={"price": 4_500})),
        event(2, LineItem(name="우유", price=2_000, count=1), POTATO),
    )

    assert found["0.name"] == [("장난감", "model"), (None, "지수")]
    assert found["1.price"] == [("4,000", "model"), ("4,500", "지수"), ("4,000", "지수")]
    assert found["2.name"] == [("우유", "지수")]
    assert "2.category" not in found


def test_a_number_typed_without_commas_is_the_same_number() -> None:
    typed = to_form(Receipt(items=(POTATO,), total_amount=4_000))
    typed["items"][0]["price"] = typed["total_amount"] = "4000"

    found = chains(event(0, POTATO, total_amount=4_000, who="model"), Event(Kind.DRAFTED, minutes(1), "지수", typed))

    assert found["0.price"] == found["total_amount"] == [("4,000", "model")]


def test_fields_stand_in_the_order_of_the_form() -> None:
    found = chains(event(0, TOY, POTATO, total_amount=17_500, date=dt.date(2024, 1, 1), location="루트231"))

    assert [*found] == [
        "date",
        "location",
        *(f"{row}.{name}" for row in (0, 1) for name in ("name", "count", "price", "category")),
        "total_amount",
        "currency",
    ]


def test_a_draft_that_cannot_be_understood_is_shown_as_it_was_typed() -> None:
    typed = {"date": "2024년", "items": [{"name": "감자", "price": "4천", "count": "", "category": "채소"}]}

    found = chains(event(0, POTATO, who="model"), Event(Kind.DRAFTED, minutes(1), "지수", typed))

    assert found["date"] == [("", "model"), ("2024년", "지수")]
    assert found["0.price"] == [("4,000", "model"), ("4천", "지수")]
    assert found["0.category"] == [("식비", "model"), ("채소", "지수")]
