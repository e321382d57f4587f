import datetime as dt

import pytest

from ledger.extraction.confidence.signs import sign_confidences
from ledger.receipt import LineItem, Receipt
from tests.extraction.confidence.looks import look_with

READ = Receipt(
    date=dt.date(2026, 11, 2),
    location="멍멍마트 강남점",
    items=(LineItem(name="감자 말랭이", price=5_000, count=1), LineItem(name="황태 트릿", price=12_500, count=1)),
    total_amount=17_500,
)
PAGE = ("멍멍마트 강남점", "2026-11-02 18:42", "감자 말랭이  1  5,000", "황태 트릿  1  12,500", "합계 17,500")


def test_a_field_is_as_sure_as_its_least_sure_sign():
    found = sign_confidences(look_with(READ, *PAGE, unsure={"랭": 0.6, "자": 0.8, "릿": 0.7}))
    assert (found["items.0.name"], found["items.1.name"], found["location"]) == (0.6, 0.7, 1.0)


def test_dates_and_amounts_have_the_confidence_of_their_digits():
    found = sign_confidences(look_with(READ, *PAGE, unsure={"6": 0.5, "7": 0.4}))
    assert (found["date"], found["total_amount"], found["items.1.price"]) == (0.5, 0.4, 1.0)


def test_spaces_are_inserted_and_have_no_confidence():
    assert sign_confidences(look_with(READ, *PAGE, unsure={" ": 0.0}))["items.0.name"] == 1.0


def test_what_is_not_found_on_the_page_has_none():
    assert sign_confidences(look_with(READ, "안내 말씀")) == {}


@pytest.mark.parametrize("field", ["items.0.category", "currency"])
def test_what_is_concluded_and_not_read_has_none(field):
    assert field not in sign_confidences(look_with(READ, *PAGE))
