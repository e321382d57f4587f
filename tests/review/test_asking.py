"""What is asked about before a receipt is confirmed, and what is not."""

from __future__ import annotations

import datetime as dt

import pytest

from ledger.receipt import Category, LineItem, Receipt
from ledger.review.asking import digest, warnings

TODAY = dt.date(2026, 11, 23)
RIGHT = Receipt(
    date=dt.date(2026, 11, 20),
    location="멍멍마트",
    items=(LineItem(name="간식", price=9000, count=2, category=Category.FOOD),),
    total_amount=9000,
)


def line(name: str = "간식", price: int = 9000, count: int = 1) -> LineItem:
    return LineItem(name=name, price=price, count=count, category=Category.FOOD)


def told(receipt: Receipt) -> list[tuple[str, str]]:
    return [(finding.fields[0], str(finding.note)) for finding in warnings(receipt, TODAY)]


def test_a_receipt_with_nothing_wrong_is_not_asked_about() -> None:
    assert told(RIGHT) == []


@pytest.mark.parametrize(
    "items",
    [
        (line(price=10_000), line("할인", -1000)),
        (line(), line("증정", 0)),
        (line(price=4500), line(price=4500)),
        (line(count=7),),
    ],
    ids=["a discount", "a free sample", "the same twice", "a price of seven pieces that does not divide"],
)
def test_what_receipts_usually_have_is_not_asked_about_where_the_sum_fits(items: tuple[LineItem, ...]) -> None:
    assert told(RIGHT.model_copy(update={"items": items})) == []


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"total_amount": 8000}, [("total_amount", "The items differ from the total by 1,000.")]),
        ({"total_amount": None}, [("total_amount", "The total is missing.")]),
        ({"location": None}, [("location", "The place is missing.")]),
        ({"items": ()}, [("items", "There is no item.")]),
        ({"date": dt.date(2026, 11, 24)}, [("date", "The date lies in the future.")]),
        ({"date": dt.date(2023, 11, 24)}, [("date", "The date is more than two years ago.")]),
        ({"items": (line(count=120),)}, [("items.0.count", "The count in row 1 is unusually large.")]),
        (
            {"total_amount": 0, "items": (line(price=0),)},
            [("total_amount", "The total is not above 0.")],
        ),
    ],
)
def test_what_hardly_can_be_is_asked_about_at_its_field(
    change: dict[str, object], asked: list[tuple[str, str]]
) -> None:
    assert told(RIGHT.model_copy(update=change)) == asked


def test_a_discount_that_was_seen_on_the_photo_is_not_asked_about() -> None:
    discounted = RIGHT.model_copy(update={"total_amount": 8000})

    assert warnings(discounted, TODAY, discount=1000) == ()
    assert len(warnings(discounted, TODAY, discount=500)) == 1


def test_an_answer_is_to_these_warnings_and_no_others() -> None:
    asked, again, other = (
        warnings(RIGHT.model_copy(update={"total_amount": total}), TODAY) for total in (8000, 8000, 7000)
    )

    assert digest(asked) == digest(again)
    assert digest(asked) != digest(other)
