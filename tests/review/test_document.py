"""The form's texts: every field's good and bad values, and to a receipt and back."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import DocumentInvalid
from ledger.receipt import Category, LineItem, Receipt
from ledger.review.document import (
    AMOUNT_TOO_LARGE,
    BAD_AMOUNT,
    BAD_CATEGORY,
    BAD_COUNT,
    BAD_DATE,
    MAX_AMOUNT,
    NO_DATE,
    NO_NAME,
    NO_PRICE,
    TEXT_TOO_LONG,
    FieldRefused,
    FormItem,
    Problem,
    decimals,
    format_amount,
    from_form,
    parse_amount,
    parse_category,
    parse_count,
    parse_date,
    parse_text,
    to_form,
)


def row(**typed: str) -> FormItem:
    return cast("FormItem", {"name": "감자", "count": "1", "price": "4,000", "category": "식비"} | typed)


def form(*items: Mapping[str, Any], **typed: Any) -> dict[str, Any]:
    return {"date": "2024-11-11", "location": "루트231", "total_amount": "", "currency": "KRW", "items": items} | typed


def problems(document: Mapping[str, Any]) -> tuple[Problem, ...]:
    with pytest.raises(DocumentInvalid) as caught:
        from_form(document)
    return problems_of(caught.value)


def problems_of(error: DocumentInvalid) -> tuple[Problem, ...]:
    return cast("tuple[Problem, ...]", error.fields["problems"])


@pytest.mark.parametrize(
    "typed",
    [
        "2024-11-11",
        "2024.11.11",
        "2024.11.11.",
        "2024/11/11",
        "20241111",
        "2024년 11월 11일",
        "2024년11월11일",
        " 2024 - 11 - 11 ",
        "2024. 11. 11.",
        "２０２４－１１－１１",
        "２０２４年11月11日".replace("年", "년").replace("月", "월").replace("日", "일"),
    ],
)
def test_a_day_is_understood_as_people_write_it(typed: str) -> None:
    assert parse_date(typed) == dt.date(2024, 11, 11)


def test_one_digit_days_and_months_are_understood_where_separators_part_them() -> None:
    assert parse_date("2024-1-5") == parse_date("2024년 1월 5일") == dt.date(2024, 1, 5)


@pytest.mark.parametrize(
    "typed",
    [
        "어제",
        "2024-13-01",
        "2024-02-30",
        "2023-02-29",
        "0000-01-01",
        "0024-11-11",
        "24-11-11",
        "11/11/2024",
        "2024-11",
        "202411",
        "2024111",
        "2024-111",
        "2024-11-11 14:30",
        "2024-11-1l",
        "²⁰²⁴-99-11",
        "٢٠٢٤-١١-١١",
        "2024-11-011",
    ],
)
def test_what_is_no_day_or_could_be_two_is_refused_with_what_was_typed(typed: str) -> None:
    assert problems(form(row(), date=typed)) == (Problem("date", BAD_DATE, typed),)


@pytest.mark.parametrize("typed", ["", "   ", None])
def test_a_missing_day_is_asked_for(typed: str | None) -> None:
    assert problems(form(row(), date=typed)) == (Problem("date", NO_DATE),)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1500", 1500),
        ("1,500", 1500),
        ("1,500원", 1500),
        ("1 500 원", 1500),
        ("₩1,500", 1500),
        ("￦1,500", 1500),
        ("KRW 1,500", 1500),
        ("1500krw", 1500),
        ("１，５００", 1500),
        ("1500.", 1500),
        ("1,500.00", 1500),
        ("0", 0),
        ("00012", 12),
        ("-3,000", -3000),
        ("−3000", -3000),
        ("-₩3,000", -3000),
        ("₩-3,000", -3000),
        (str(MAX_AMOUNT), MAX_AMOUNT),
        ("-2147483647", -MAX_AMOUNT),
        ("", None),
        (" ", None),
    ],
)
def test_won_are_understood_as_people_write_them(typed: str, amount: int | None) -> None:
    assert parse_amount(typed, "KRW") == amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("9.00", 900),
        ("9", 900),
        ("9.5", 950),
        ("9.05", 905),
        ("9.050", 905),
        ("RM 1,234.50", 123_450),
        ("MYR9.00", 900),
        ("-0.05", -5),
        ("21474836.47", MAX_AMOUNT),
    ],
)
def test_ringgit_are_counted_in_sen(typed: str, amount: int) -> None:
    assert parse_amount(typed, "MYR") == amount


@pytest.mark.parametrize(
    "typed",
    ["12a34", "1원5", "9.50", "1.5", "abc", "5-", "1e3", ".", "-", "원", "1,5,0,0", "13,5000", "0x10", "٣", "½"],
)
def test_what_is_no_amount_of_won_is_refused_with_what_was_typed(typed: str) -> None:
    assert problems(form(row(price=typed))) == (Problem("items.0.price", BAD_AMOUNT, typed),)
    assert problems(form(row(), total_amount=typed)) == (Problem("total_amount", BAD_AMOUNT, typed),)


@pytest.mark.parametrize("typed", ["9,00", "9,5", "9.005", "9.0.0", "1.234,50"])
def test_a_comma_never_moves_the_point_of_ringgit(typed: str) -> None:
    with pytest.raises(FieldRefused):
        parse_amount(typed, "MYR")


@pytest.mark.parametrize("typed", ["2147483648", "-2,147,483,648", "9" * 40])
def test_an_amount_that_the_ledgers_column_cannot_hold_is_refused(typed: str) -> None:
    assert problems(form(row(price=typed))) == (Problem("items.0.price", AMOUNT_TOO_LARGE, typed),)


@pytest.mark.parametrize(("typed", "count"), [("1", 1), ("9,999", 9999), ("3개", 3), ("１２", 12), ("2.0", 2), ("", 1)])
def test_a_count_is_understood_and_one_if_nothing_is_said(typed: str, count: int) -> None:
    assert parse_count(typed) == count


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "10000", "10,000", "한 개", "2x", "9" * 5_000])
def test_what_is_no_count_is_refused(typed: str) -> None:
    assert problems(form(row(count=typed))) == (Problem("items.0.count", BAD_COUNT, typed),)


def test_a_category_outside_the_list_is_refused_and_none_is_other() -> None:
    assert parse_category("") is Category.OTHER
    assert problems(form(row(category="채소"))) == (Problem("items.0.category", BAD_CATEGORY, "채소"),)


@pytest.mark.parametrize("typed", ["", "  ", None])
def test_a_row_without_name_or_amount_is_asked_for_them(typed: str | None) -> None:
    assert problems(form({"name": typed, "count": "2", "price": typed, "category": ""})) == (
        Problem("items.0.name", NO_NAME),
        Problem("items.0.price", NO_PRICE),
    )


def test_texts_may_have_255_characters_and_not_one_more() -> None:
    assert from_form(form(row(name="감" * 255), location="🐶" * 255)).items[0].name == "감" * 255

    assert problems(form(row(name="감" * 256), location="🐶" * 256)) == (
        Problem("location", TEXT_TOO_LONG),
        Problem("items.0.name", TEXT_TOO_LONG),
    )


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
    }


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (None, "KRW", ""),
        (0, "KRW", "0"),
        (13_500, "KRW", "13,500"),
        (-3_000, "KRW", "-3,000"),
        (900, "MYR", "9.00"),
        (-5, "MYR", "-0.05"),
        (123_456, "USD", "1,234.56"),
        (1_500, "JPY", "1,500"),
    ],
)
def test_an_amount_is_shown_in_the_currencys_usual_writing(amount: int | None, currency: str, shown: str) -> None:
    assert format_amount(amount, currency) == shown


def test_won_have_no_decimals_however_their_code_is_written() -> None:
    receipt = from_form(form(row(price="4000"), currency="krw"))

    assert (receipt.currency, receipt.items[0].price) == ("KRW", 4000)
    assert (decimals("KRW"), decimals("MYR")) == (0, 2)


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
