"""The form's fields one by one: each kind of good and bad value."""

from __future__ import annotations

import datetime as dt

import pytest

from ledger.receipt import Category
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
    FieldRefused,
    Problem,
    parse_amount,
    parse_category,
    parse_count,
    parse_date,
)
from tests.review.forms import form, problems, row


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
