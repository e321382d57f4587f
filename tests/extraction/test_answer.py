import datetime as dt
import json
import unicodedata

import pytest

from ledger.errors import AnswerEmpty, AnswerNotJson, AnswerNotSchema, ExtractionError
from ledger.extraction.answer import ANSWER_SCHEMA, read_answer
from ledger.extraction.extractor import FieldProblem
from ledger.notes import Note
from ledger.receipt import Category, LineItem, Receipt
from tests.openai_standin.schema import schema_faults

ITEM = {"name": "장난감", "price": 13500, "count": 3, "category": "용품"}
ANSWER = {
    "date": "2024-11-11",
    "location": "경기 하남시, 멍멍 애견카페",
    "currency": "KRW",
    "items": [ITEM],
    "total_amount": 13500,
}


def answer(**changes):
    return json.dumps(ANSWER | changes, ensure_ascii=False)


def item(**changes):
    return answer(items=[ITEM | changes])


def test_a_whole_answer_becomes_a_receipt_without_problems():
    receipt, problems = read_answer(answer())
    assert receipt == Receipt(
        date=dt.date(2024, 11, 11),
        location="경기 하남시, 멍멍 애견카페",
        items=(LineItem(name="장난감", price=13500, count=3, category=Category.SUPPLIES),),
        total_amount=13500,
        currency="KRW",
    )
    assert problems == ()


def test_the_schema_is_strict():
    assert list(schema_faults(ANSWER_SCHEMA)) == []


def test_the_schema_asks_for_exactly_the_fields_that_are_read():
    assert set(ANSWER_SCHEMA["properties"]) == set(Receipt.model_fields)
    assert set(ANSWER_SCHEMA["properties"]["items"]["items"]["properties"]) == set(LineItem.model_fields)


@pytest.mark.parametrize(
    "unreadable", ["읽을 수 없음", -1, "-1", -1.0, None, unicodedata.normalize("NFD", "읽을 수 없음")]
)
@pytest.mark.parametrize("field", ["date", "location", "total_amount"])
def test_what_is_said_to_be_unreadable_is_none_and_no_problem(field, unreadable):
    receipt, problems = read_answer(answer(**{field: unreadable}))
    assert getattr(receipt, field) is None
    assert problems == ()


@pytest.mark.parametrize("field", ["name", "price", "count", "category"])
@pytest.mark.parametrize("unreadable", ["읽을 수 없음", -1, None])
def test_an_unreadable_value_of_an_item_leaves_the_item_standing(field, unreadable):
    receipt, problems = read_answer(item(**{field: unreadable}))
    assert getattr(receipt.items[0], field) is None
    assert len(receipt.items) == 1
    assert problems == ()


def test_a_picture_that_is_no_receipt_gives_a_blank_one():
    receipt, problems = read_answer(answer(date="읽을 수 없음", location="읽을 수 없음", items=[], total_amount=-1))
    assert receipt.is_blank
    assert problems == ()


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("13,500", 13500),
        ("13,500원", 13500),
        ("₩13,500", 13500),
        ("13500 원", 13500),
        ("１３，５００원", 13500),
        ("13500", 13500),
        (13500.0, 13500),
        (-3000, -3000),
        ("-3,000", -3000),
        (0, 0),
        (2**31 - 1, 2**31 - 1),
        (-(2**31), -(2**31)),
    ],
)
def test_an_amount_is_understood_as_people_write_it(written, amount):
    receipt, problems = read_answer(item(price=written))
    assert receipt.items[0].price == amount
    assert problems == ()


NO_NUMBER = "This is not a whole number."


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("price", "12a34", NO_NUMBER),
        ("price", "13,50", NO_NUMBER),
        ("price", "12.50", NO_NUMBER),
        ("price", "", NO_NUMBER),
        ("price", 12.5, NO_NUMBER),
        ("price", True, NO_NUMBER),
        ("price", [1], NO_NUMBER),
        ("price", 2**31, "The number is too large to be stored."),
        ("price", "99,999,999,999", "The number is too large to be stored."),
        ("price", 1e300, "The number is too large to be stored."),
        ("price", "9" * 5000, "The number is too large to be stored."),
        ("count", "두 개", NO_NUMBER),
        ("name", "  ", "The text is blank."),
        ("name", "\u200b", "The text is blank."),
        ("name", 7, "This is not a text."),
        ("name", "가" * 256, "The text is longer than 255 characters."),
        ("category", "간식", "This is none of the categories."),
        ("category", {"식비": 1}, "This is none of the categories."),
    ],
)
def test_a_value_that_its_field_cannot_hold_costs_that_field_alone(field, value, why):
    receipt, problems = read_answer(item(**{field: value}))
    assert receipt.items[0] == LineItem(**{**ITEM, field: None})
    assert [(problem.field, str(problem.why)) for problem in problems] == [(f"items.0.{field}", why)]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2024-13-40", "The calendar has no such date."),
        ("2023-02-29", "The calendar has no such date."),
        ("20241111", "This is not a date of the form YYYY-MM-DD."),
        ("2024-11-11T09:00:00Z", "This is not a date of the form YYYY-MM-DD."),
        ("어제", "This is not a date of the form YYYY-MM-DD."),
        (20241111, "This is not a date of the form YYYY-MM-DD."),
    ],
)
def test_a_date_that_is_no_date_is_kept_as_a_problem(written, why):
    receipt, problems = read_answer(answer(date=written))
    assert receipt.date is None
    assert receipt.total_amount == 13500
    assert problems == (FieldProblem("date", str(written), Note(why)),)


def test_the_currency_is_won_unless_the_answer_names_another():
    assert read_answer(answer(currency="usd"))[0].currency == "USD"
    assert read_answer(answer(currency="읽을 수 없음"))[0].currency == "KRW"
    receipt, problems = read_answer(answer(currency="원"))
    assert receipt.currency == "KRW"
    assert [problem.field for problem in problems] == ["currency"]


def test_each_problem_names_its_row():
    _, problems = read_answer(answer(items=[ITEM, ITEM | {"price": "x"}, ITEM | {"count": "y"}], total_amount="z"))
    assert [problem.field for problem in problems] == ["items.1.price", "items.2.count", "total_amount"]


def test_texts_are_composed_and_their_spaces_collapsed():
    receipt, _ = read_answer(item(name=f"  {unicodedata.normalize('NFD', '감자')}\t\n 간식\x00 "))
    assert receipt.items[0].name == "감자 간식"


def test_half_a_surrogate_pair_can_still_be_stored():
    receipt, _ = read_answer('{"date":null,"location":"\\ud83d 가게","items":[],"total_amount":1}')
    assert receipt.location == "\N{REPLACEMENT CHARACTER} 가게"
    receipt.location.encode()


def test_fields_that_nobody_asked_for_are_passed_over():
    receipt, problems = read_answer(answer(tax=1))
    assert receipt.total_amount == 13500
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (None, AnswerEmpty),
        ("", AnswerEmpty),
        (" \n", AnswerEmpty),
        ("네, 알겠습니다.", AnswerNotJson),
        ('{"date": "2024-', AnswerNotJson),
        ("[" * 100_000, AnswerNotJson),
        ("9" * 5000, AnswerNotJson),
        ("[]", AnswerNotSchema),
        ("null", AnswerNotSchema),
        ("{}", AnswerNotSchema),
        (answer(items=None), AnswerNotSchema),
        (answer(items=["장난감"]), AnswerNotSchema),
        ('{"items": []}', AnswerNotSchema),
    ],
)
def test_what_is_no_answer_is_named_and_kept(text, error):
    with pytest.raises(ExtractionError) as caught:
        read_answer(text)
    assert type(caught.value) is error
    assert caught.value.raw_answer == text


def test_a_wrong_shape_says_where_it_is_wrong():
    with pytest.raises(AnswerNotSchema, match="the field items is of another kind"):
        read_answer(answer(items=None))
