"""Each rule names its slip, and leaves alone what is nearly one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.receipt import Category, LineItem, Receipt
from ledger.tuning.slips import RULES, Slip, slips

POTATO = LineItem(name="햇감자 한 상자", price=12_000, count=3, category=Category.FOOD)
TOY = LineItem(name="장난감", price=4_500, count=1, category=Category.SUPPLIES)
RIGHT = Receipt(date=dt.date(2024, 11, 12), location="하남시, 루트231", items=(POTATO, TOY), total_amount=16_500)


def read(**changes: Any) -> Receipt:
    return RIGHT.model_copy(update=changes)


def with_potato(**changes: Any) -> Receipt:
    return read(items=(POTATO.model_copy(update=changes), TOY))


def and_row(name: str | None, price: int, at: int = 2, count: int | None = 1) -> Receipt:
    items = [POTATO, TOY]
    items.insert(at, LineItem(name=name, price=price, count=count, category=Category.OTHER))
    return read(items=tuple(items))


def rules(model: Receipt, right: Receipt = RIGHT) -> list[str]:
    return [slip.rule for slip in slips(model, right)]


TRUE = [
    ("count_price_swapped", with_potato(price=3, count=12_000)),
    ("unit_price", with_potato(price=4_000)),
    ("unit_price", with_potato(price=4_000, count=1)),
    ("discount_as_item", and_row("회원 할인", 500)),
    ("discount_as_item", and_row("포인트", -500)),
    ("tax_as_item", and_row("부가세", 1_500)),
    ("sum_as_item", and_row("합 계", 16_500)),
    ("payment_as_item", and_row("신용카드", 16_500)),
    ("name_cut", with_potato(name="햇감자")),
    ("name_cut", with_potato(name="한 상자")),
    ("row_doubled", and_row("장난감", 4_500)),
    ("row_missing", read(items=(POTATO,))),
    ("row_invented", and_row("가나다라마바사", 77_000)),
    ("date_order", read(date=dt.date(2012, 11, 24))),
    ("date_order", read(date=dt.date(2024, 12, 11))),
    ("total_of_item", read(total_amount=12_000)),
    ("total_before_tax", read(total_amount=15_000)),
    ("total_before_tax", read(total_amount=1_500)),
    ("total_received", read(total_amount=20_000)),
    ("total_change", read(total_amount=3_500)),
    ("total_change", read(total_amount=33_500)),
    ("total_balance", read(total_amount=238_240)),
    ("total_other_line", read(total_amount=7_300)),
]
NEAR = [
    ("count_price_swapped", with_potato(price=3, count=3)),
    ("unit_price", with_potato(price=4_100)),
    ("unit_price", with_potato(price=4_000, count=None)),
    ("discount_as_item", and_row("마늘", 500)),
    ("tax_as_item", and_row("부추전", 1_500)),
    ("sum_as_item", and_row("합천 사과", 16_500)),
    ("payment_as_item", and_row("현미", 16_500)),
    ("name_cut", with_potato(name="햇감자 한 상")),
    ("name_cut", with_potato(name="헷감자")),
    ("row_doubled", and_row("장난감", 4_600)),
    ("row_missing", with_potato(name="오이", count=None)),
    ("date_order", read(date=dt.date(2024, 12, 12))),
    ("total_received", read(total_amount=10_000)),
    ("total_change", read(total_amount=3_600)),
    ("total_change", read(total_amount=83_500)),
    ("total_balance", read(total_amount=16_800)),
    ("total_balance", read(total_amount=7_300)),
    ("total_other_line", read(total_amount=15_500)),
    ("total_other_line", read(total_amount=238_240)),
    ("total_other_line", read(total_amount=None)),
]


def test_every_rule_is_shown_by_a_case() -> None:
    assert {rule for rule, _ in TRUE} == set(RULES)


@pytest.mark.parametrize(("rule", "model"), TRUE)
def test_a_slip_is_named(rule: str, model: Receipt) -> None:
    assert rules(model) == [rule]


@pytest.mark.parametrize(("rule", "model"), NEAR)
def test_what_is_nearly_a_slip_is_not_named_so(rule: str, model: Receipt) -> None:
    assert rule not in rules(model)


def test_a_slip_tells_the_row_and_both_values() -> None:
    assert slips(with_potato(price=4_000), RIGHT) == [Slip("unit_price", "item.price", 0, 4_000, 12_000)]
    assert slips(read(items=(POTATO,)), RIGHT) == [Slip("row_missing", "item", 1, None, TOY.model_dump(mode="json"))]


def test_the_second_line_of_a_cut_name_is_part_of_that_slip() -> None:
    model = read(items=(POTATO.model_copy(update={"name": "햇감자"}), LineItem(name="한 상자"), TOY))

    assert rules(model) == ["name_cut"]


def test_a_discount_that_people_confirmed_is_an_item() -> None:
    kept = and_row("회원 할인", -500)

    assert slips(kept, kept) == []
    assert rules(RIGHT, kept) == ["row_missing"]


def test_several_slips_are_told_in_the_order_of_the_receipt() -> None:
    model = and_row("합계", 16_500).model_copy(update={"date": dt.date(2012, 11, 24), "total_amount": 20_000})

    assert rules(model) == ["date_order", "sum_as_item", "total_received"]


items = st.builds(
    LineItem,
    name=st.none() | st.text("가나다 감자할인합계", max_size=8),
    price=st.none() | st.integers(-10, 60_000),
    count=st.none() | st.integers(0, 5),
    category=st.sampled_from([None, *Category]),
)
receipts = st.builds(
    Receipt,
    date=st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)),
    items=st.lists(items, max_size=4).map(tuple),
    total_amount=st.none() | st.integers(0, 100_000),
)


@given(receipts)
def test_a_receipt_that_was_read_right_has_no_slip(receipt: Receipt) -> None:
    assert slips(receipt, receipt) == []


@given(receipts, receipts)
def test_a_slip_is_about_something_that_was_read_or_is_missing(model: Receipt, right: Receipt) -> None:
    for slip in slips(model, right):
        assert slip.rule in RULES
        assert slip.read != slip.right
        whole = right if slip.rule == "row_missing" else model
        assert (slip.item_index is None) is not slip.field.startswith("item")
        assert slip.item_index is None or slip.item_index < len(whole.items)
