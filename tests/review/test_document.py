"""The form's document: its texts and rows, and to a receipt and back."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import DocumentInvalid
from ledger.receipt import Category, LineItem, Receipt
from ledger.review.document import (
    BAD_AMOUNT,
    MAX_AMOUNT,
    NOTE_TOO_LONG,
    TEXT_TOO_LONG,
    FormItem,
    Problem,
    from_form,
    parse_note,
    parse_text,
    to_form,
)
from tests.review.forms import form, problems, problems_of, row


def test_texts_may_have_255_characters_and_not_one_more() -> None:
    assert from_form(form(row(name="감" * 255), location="🐶" * 255)).items[0].name == "감" * 255

    assert problems(form(row(name="감" * 256), location="🐶" * 256)) == (
        Problem("location", TEXT_TOO_LONG),
        Problem("items.0.name", TEXT_TOO_LONG),
    )


def test_a_note_may_have_500_characters_and_not_one_more() -> None:
    assert parse_note(" 뒷면  참고 ") == "뒷면 참고"
    assert parse_note("감" * 500) == "감" * 500
    assert problems(form(row(), note="감" * 501)) == (Problem("note", NOTE_TOO_LONG),)


def test_hangul_typed_apart_is_composed() -> None:
    apart = unicodedata.normalize("NFD", "감자")

    receipt = from_form(form(row(name=apart), location=apart))

    assert (receipt.items[0].name, receipt.location) == ("감자", "감자")


def test_255_syllables_typed_apart_are_not_too_long() -> None:
    assert parse_text(unicodedata.normalize("NFD", "감" * 255)) == "감" * 255


def test_spaces_around_and_between_words_are_tidied() -> None:
    assert parse_text("  강아지 \t 간식\n") == "강아지 간식"


def test_what_no_database_takes_is_kept_out_of_texts() -> None:
    assert parse_text("감자\ud83d") == "감자\N{REPLACEMENT CHARACTER}"
    assert parse_text("감\x00자\x1b") == "감 자"


def test_an_emoji_of_several_characters_stays_whole() -> None:
    family = "👩\u200d👧"

    assert parse_text(family) == family


def test_a_missing_place_is_no_problem() -> None:
    assert from_form(form(row(), location=" ")).location is None


def test_empty_rows_are_dropped_and_problems_count_the_rows_as_shown() -> None:
    empty = {"name": " ", "count": "", "price": "", "category": "식비"}

    assert len(from_form(form(empty, row(), empty)).items) == 1
    assert problems(form(empty, row(), empty, row(price="12a34"))) == (Problem("items.3.price", BAD_AMOUNT, "12a34"),)


def test_a_row_with_nothing_but_spaces_in_every_field_is_empty() -> None:
    assert from_form(form({"name": None, "count": None, "price": None, "category": None}, {})).items == ()


def test_every_problem_is_named_at_once_in_the_order_of_the_form() -> None:
    document = form(row(count="0"), row(name="", price="12a34"), date="2024-13-01", total_amount="x")

    assert [problem.field for problem in problems(document)] == [
        "date",
        "total_amount",
        "items.0.count",
        "items.1.name",
        "items.1.price",
    ]


def test_the_error_says_the_first_problem_in_a_sentence() -> None:
    with pytest.raises(DocumentInvalid, match=r"'12a34' is no amount\. Type digits only\."):
        from_form(form(row(price="12a34")))


def test_numbers_instead_of_texts_are_understood() -> None:
    assert from_form(form({"name": "감자", "count": 2, "price": 4000, "category": "식비"})).items == (
        LineItem(name="감자", price=4000, count=2, category=Category.FOOD),
    )


def test_a_document_without_currency_or_items_is_won_and_empty() -> None:
    assert from_form({"date": "2024-11-11"}) == Receipt(date=dt.date(2024, 11, 11))


def test_what_is_unreadable_is_an_empty_input() -> None:
    assert to_form(Receipt(items=(LineItem(),))) == {
        "date": "",
        "location": "",
        "total_amount": "",
        "currency": "KRW",
        "items": [{"name": "", "count": "", "price": "", "category": ""}],
        "note": "",
    }


def test_won_have_no_decimals_however_their_code_is_written() -> None:
    receipt = from_form(form(row(price="4000"), currency="krw"))

    assert (receipt.currency, receipt.items[0].price) == ("KRW", 4000)


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
TIDY = NAMES.map(lambda text: parse_text(text) or "감자").filter(lambda text: parse_text(text) == text)
AMOUNTS = st.integers(-MAX_AMOUNT, MAX_AMOUNT)
CONFIRMABLE = st.builds(
    Receipt,
    date=st.dates(min_value=dt.date(1900, 1, 1)),
    location=st.none() | TIDY,
    items=st.lists(
        st.builds(LineItem, name=TIDY, price=AMOUNTS, count=st.integers(1, 9_999), category=st.sampled_from(Category)),
        max_size=5,
    ).map(tuple),
    total_amount=st.none() | AMOUNTS,
    currency=st.sampled_from(["KRW", "MYR"]),
)


@given(CONFIRMABLE)
def test_shown_and_read_back_a_receipt_is_the_same(receipt: Receipt) -> None:
    assert from_form(to_form(receipt)) == receipt


TYPED = st.none() | st.text(max_size=300) | st.integers()


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "date": TYPED,
            "location": TYPED,
            "total_amount": TYPED,
            "items": st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(FormItem.__annotations__, TYPED))),
        },
    )
)
def test_whatever_is_typed_gives_a_receipt_that_fits_its_columns_or_named_problems(document: dict[str, Any]) -> None:
    named: tuple[Problem, ...] = ()
    items: tuple[LineItem, ...] = ()
    try:
        items = from_form(document).items
    except DocumentInvalid as error:
        named = problems_of(error)
    for item in items:
        assert item.name is not None
        assert 0 < len(item.name) <= 255
        assert item.price is not None
        assert abs(item.price) <= MAX_AMOUNT
        assert item.count is not None
        assert 1 <= item.count <= 9_999
    assert all(problem.field and problem.sentence for problem in named)
