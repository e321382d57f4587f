from __future__ import annotations

import datetime as dt

from ledger.api.merging import for_the_app, merged
from ledger.receipt import Category, LineItem, Receipt

MONDAY, TUESDAY = dt.date(2026, 11, 16), dt.date(2026, 11, 17)
SNACK = LineItem(name="간식", price=4500, count=1, category=Category.FOOD)
TOY = LineItem(name="장난감", price=13500, count=3, category=Category.SUPPLIES)
BLANK = Receipt()


def test_of_several_photos_the_first_says_where_and_when_and_the_last_how_much() -> None:
    top = Receipt(date=MONDAY, location="서울, 멍멍마트", items=(SNACK,), total_amount=4500)
    bottom = Receipt(date=TUESDAY, location="부산", items=(TOY,), total_amount=18000)

    assert merged([top, bottom]) == Receipt(
        date=MONDAY, location="서울, 멍멍마트", items=(SNACK, TOY), total_amount=18000
    )


def test_what_one_photo_does_not_say_another_does() -> None:
    middle = Receipt(items=(TOY,), currency="USD")
    last = Receipt(date=TUESDAY, location="부산")

    assert merged([BLANK, middle, last]) == Receipt(date=TUESDAY, location="부산", items=(TOY,), currency="USD")


def test_pictures_of_no_receipt_say_so_in_all_four_values() -> None:
    assert for_the_app(merged([BLANK, BLANK]), MONDAY) == {
        "date": "읽을 수 없음",
        "location": "읽을 수 없음",
        "items": [],
        "total_amount": -1,
    }


def test_a_receipt_has_a_value_for_each_column_of_the_app() -> None:
    unread = Receipt(location="가" * 300, items=(LineItem(name="나" * 300), LineItem()))

    assert for_the_app(unread, MONDAY) == {
        "date": "2026-11-16",
        "location": "가" * 255,
        "items": [
            {"name": "나" * 255, "price": -1, "count": 1, "category": "기타"},
            {"name": "읽을 수 없음", "price": -1, "count": 1, "category": "기타"},
        ],
        "total_amount": -1,
    }


def test_what_was_read_is_answered_as_it_was_read() -> None:
    read = Receipt(date=TUESDAY, location="서울, 멍멍마트", items=(SNACK, TOY), total_amount=18000)

    answer = for_the_app(read, MONDAY)

    assert answer["date"] == "2026-11-17"
    assert [item["count"] for item in answer["items"]] == [1, 3]
