"""A receipt and its two JSON forms."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger.receipt import (
    OPEN_STATUSES,
    UNREADABLE_NUMBER,
    UNREADABLE_TEXT,
    Category,
    LineItem,
    Receipt,
    ReceiptStatus,
    from_contract,
    to_contract,
)

ITEMS = st.builds(
    LineItem,
    name=st.none() | st.text().filter(lambda text: text != UNREADABLE_TEXT),
    price=st.none() | st.integers(min_value=-(2**31)).filter(lambda price: price != UNREADABLE_NUMBER),
    count=st.none() | st.integers(1, 9_999),
    category=st.sampled_from(Category),
)
RECEIPTS = st.builds(
    Receipt,
    date=st.none() | st.dates(),
    location=st.none() | st.text().filter(lambda text: text != UNREADABLE_TEXT),
    items=st.lists(ITEMS, max_size=5).map(tuple),
    total_amount=st.none() | st.integers(0),
    currency=st.sampled_from(["KRW", "MYR"]),
)


def test_the_contract_has_every_field_in_its_own_words() -> None:
    receipt = Receipt(
        date=dt.date(2024, 11, 11),
        location="경기 하남시 미사대로 1, 루트231 애견카페",
        items=(LineItem(name="장난감", price=13_500, count=3, category=Category.SUPPLIES),),
        total_amount=83_500,
    )

    assert to_contract(receipt) == {
        "date": "2024-11-11",
        "location": "경기 하남시 미사대로 1, 루트231 애견카페",
        "items": [{"name": "장난감", "price": 13500, "count": 3, "category": "용품"}],
        "total_amount": 83500,
    }


def test_what_is_unreadable_is_said_in_the_contracts_values() -> None:
    assert to_contract(Receipt(items=(LineItem(),))) == {
        "date": "읽을 수 없음",
        "location": "읽을 수 없음",
        "items": [{"name": "읽을 수 없음", "price": -1, "count": -1, "category": "기타"}],
        "total_amount": -1,
    }


def test_a_picture_that_is_no_receipt_gives_four_sentinels() -> None:
    assert to_contract(Receipt()) == {
        "date": "읽을 수 없음",
        "location": "읽을 수 없음",
        "items": [],
        "total_amount": -1,
    }
    assert Receipt().is_blank


@pytest.mark.parametrize(
    "receipt",
    [
        Receipt(date=dt.date(2024, 1, 1)),
        Receipt(location="루트231"),
        Receipt(total_amount=0),
        Receipt(items=(LineItem(),)),
    ],
)
def test_a_receipt_with_anything_read_is_not_blank(receipt: Receipt) -> None:
    assert not receipt.is_blank


@given(RECEIPTS)
def test_contract_and_back_is_the_same_receipt(receipt: Receipt) -> None:
    assert from_contract(to_contract(receipt), receipt.currency) == receipt


@pytest.mark.parametrize(
    "change",
    [
        {"date": "어제"},
        {"total_amount": "many"},
        {"items": [{"name": "감자", "price": 1, "count": 1, "category": "채소"}]},
        {"items": [{"name": "감자", "price": 1, "count": 1, "category": "식비", "vat": 1}]},
    ],
)
def test_values_that_the_contract_does_not_allow_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        from_contract(to_contract(Receipt()) | change)


def test_a_person_may_decide_until_a_receipt_is_closed() -> None:
    assert set(ReceiptStatus) - set(OPEN_STATUSES) == {ReceiptStatus.CONFIRMED, ReceiptStatus.REJECTED}
