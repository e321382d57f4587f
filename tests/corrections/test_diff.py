"""What a person changed, computed: rows are compared with rows, wherever they stand."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.corrections.diff import HEADER_FIELDS, Correction, align, corrections
from ledger.receipt import Category, LineItem, Receipt

FOOD, SUPPLIES, OTHER = Category.FOOD, Category.SUPPLIES, Category.OTHER
POTATO = LineItem(name="감자", price=4_000, count=1, category=FOOD)
TOY = LineItem(name="장난감", price=13_500, count=3, category=SUPPLIES)
BATH = LineItem(name="목욕", price=30_000, count=1, category=Category.GROOMING)
ROWS = (TOY, POTATO, BATH)

ITEMS = st.builds(
    LineItem,
    name=st.none()
    | st.sampled_from(["감자", "검자", "장난감", "목욕", "사료 2kg", "사료 5kg"])
    | st.text("가나다abc", max_size=8),
    price=st.none() | st.sampled_from([1_000, 4_000, 13_500]) | st.integers(-(2**31), 2**31),
    count=st.none() | st.integers(1, 5),
    category=st.none() | st.sampled_from(Category),
)
RECEIPTS = st.builds(
    Receipt,
    date=st.none() | st.dates(),
    location=st.none() | st.text(max_size=8),
    items=st.lists(ITEMS, max_size=8).map(tuple),
    total_amount=st.none() | st.integers(0, 10**6),
)


def changes(model: tuple[LineItem, ...], human: tuple[LineItem, ...]) -> list[Correction]:
    return corrections(Receipt(items=model), Receipt(items=human))


def test_nothing_changed_is_no_correction() -> None:
    assert changes(ROWS, ROWS) == []


def test_another_currency_is_a_correction() -> None:
    found = corrections(Receipt(total_amount=900), Receipt(total_amount=900, currency="MYR"))

    assert found == [Correction("currency", "KRW", "MYR")]


def test_a_misread_name_is_one_correction_with_both_values() -> None:
    misread = POTATO.model_copy(update={"name": "검자"})

    assert changes((TOY, misread), (TOY, POTATO)) == [Correction("item.name", "검자", "감자", 1)]


def test_a_removed_first_row_is_one_removal_and_not_a_cascade() -> None:
    assert changes(ROWS, ROWS[1:]) == [Correction("item", TOY.model_dump(mode="json"), None, 0)]


def test_a_removed_first_row_of_thirty_similar_ones_is_one_removal() -> None:
    rows = tuple(LineItem(name=f"간식 {n}번", price=1_000, count=1, category=FOOD) for n in range(30))

    assert changes(rows, rows[1:]) == [Correction("item", rows[0].model_dump(mode="json"), None, 0)]


def test_an_added_row_is_one_addition_at_its_place_in_the_humans_list() -> None:
    assert changes((TOY, BATH), ROWS) == [Correction("item", None, POTATO.model_dump(mode="json"), 1)]


def test_every_row_typed_by_hand_is_an_addition() -> None:
    assert [(c.field, c.item_index) for c in changes((), ROWS)] == [("item", 0), ("item", 1), ("item", 2)]


def test_rows_in_another_order_are_no_correction() -> None:
    assert changes(ROWS, (BATH, TOY, POTATO)) == []


def test_two_prices_swapped_are_two_corrections() -> None:
    swapped = (TOY.model_copy(update={"price": 4_000}), POTATO.model_copy(update={"price": 13_500}))

    assert changes((TOY, POTATO), swapped) == [
        Correction("item.price", 13_500, 4_000, 0),
        Correction("item.price", 4_000, 13_500, 1),
    ]


def test_a_retyped_unreadable_name_stays_the_same_row() -> None:
    unreadable = POTATO.model_copy(update={"name": None})

    assert changes((TOY, unreadable), (TOY, POTATO)) == [Correction("item.name", None, "감자", 1)]


def test_a_row_of_which_only_the_amount_was_readable_stays_the_same_row() -> None:
    found = changes((TOY, LineItem(price=4_000)), (TOY, POTATO))

    assert [(c.field, c.item_index) for c in found] == [("item.name", 1), ("item.count", 1), ("item.category", 1)]


def test_a_row_of_which_only_the_name_was_readable_stays_the_same_row() -> None:
    found = changes((TOY, LineItem(name="감자")), (TOY, POTATO))

    assert [(c.field, c.item_index) for c in found] == [("item.price", 1), ("item.count", 1), ("item.category", 1)]


def test_another_item_in_the_place_of_a_removed_one_is_a_removal_and_an_addition() -> None:
    assert changes((POTATO,), (BATH,)) == [
        Correction("item", POTATO.model_dump(mode="json"), None, 0),
        Correction("item", None, BATH.model_dump(mode="json"), 0),
    ]


def test_one_of_two_identical_rows_removed_is_one_removal() -> None:
    assert changes((POTATO, POTATO, TOY), (POTATO, TOY)) == [
        Correction("item", POTATO.model_dump(mode="json"), None, 1)
    ]


def test_identical_rows_pair_in_the_order_of_the_receipt() -> None:
    assert align((POTATO, POTATO, POTATO), (POTATO, POTATO, POTATO)) == [(0, 0), (1, 1), (2, 2)]


def test_several_fields_of_one_row_are_a_correction_each() -> None:
    wrong = LineItem(name="감자", price=400, count=2, category=OTHER)

    assert changes((wrong,), (POTATO,)) == [
        Correction("item.price", 400, 4_000, 0),
        Correction("item.count", 2, 1, 0),
        Correction("item.category", "기타", "식비", 0),
    ]


@pytest.mark.parametrize(
    ("field", "model", "human", "values"),
    [
        ("date", dt.date(2024, 11, 1), dt.date(2024, 11, 11), ("2024-11-01", "2024-11-11")),
        ("date", None, dt.date(2024, 11, 11), (None, "2024-11-11")),
        ("location", "루트23l", "루트231", ("루트23l", "루트231")),
        ("location", "루트231", None, ("루트231", None)),
        ("total_amount", 8_350, 83_500, (8_350, 83_500)),
    ],
)
def test_a_changed_header_field_is_one_correction(
    field: str, model: object, human: object, values: tuple[object, object]
) -> None:
    found = corrections(Receipt.model_validate({field: model}), Receipt.model_validate({field: human}))

    assert found == [Correction(field, *values)]


def test_header_corrections_come_before_items() -> None:
    found = corrections(Receipt(total_amount=1, items=(POTATO,)), Receipt(total_amount=2))

    assert [c.field for c in found] == ["total_amount", "item"]


@given(RECEIPTS)
def test_a_receipt_compared_with_itself_has_no_corrections(receipt: Receipt) -> None:
    assert corrections(receipt, receipt) == []


@given(RECEIPTS, RECEIPTS)
@settings(max_examples=200)
def test_the_corrections_applied_to_what_was_read_give_what_was_confirmed(model: Receipt, human: Receipt) -> None:
    applied = apply(model, corrections(model, human))

    assert applied.model_copy(update={"items": ()}) == human.model_copy(update={"items": ()})
    assert Counter(applied.items) == Counter(human.items)  # the order of rows is no correction


@given(RECEIPTS, st.data())
def test_rows_that_were_only_removed_are_only_removals(model: Receipt, data: st.DataObject) -> None:
    kept = [item for item in model.items if data.draw(st.booleans())]
    human = model.model_copy(update={"items": tuple(kept)})

    found = corrections(model, human)

    assert Counter(apply(model, found).items) == Counter(human.items)
    assert {c.field for c in found} <= {"item"}
    assert len(found) == len(model.items) - len(kept)


def apply(model: Receipt, found: list[Correction]) -> Receipt:
    """The model's receipt with every correction carried out."""
    document = model.model_dump(mode="json")
    rows = dict(enumerate(document["items"]))
    added = []
    for change in found:
        if change.field in HEADER_FIELDS:
            document[change.field] = change.human_value
        elif change.field == "item" and change.human_value is None:
            assert rows.pop(change.item_index) == change.model_value
        elif change.field == "item":
            added.append((change.item_index, change.human_value))
        else:
            row, field = rows[change.item_index], change.field.removeprefix("item.")
            assert row[field] == change.model_value
            row[field] = change.human_value
    items = list(rows.values())
    for place, row in added:
        items.insert(place, row)
    return Receipt.model_validate(document | {"items": items})
