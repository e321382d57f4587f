"""Each language writes categories and statuses, dates, times and amounts in its own way."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pytest

from ledger.receipt import Category, ReceiptStatus
from ledger.ui.texts import LANGUAGES, Texts

MORNING: Final = dt.datetime(2026, 11, 22, 1, 30, 5, tzinfo=dt.UTC)
EVENING: Final = dt.datetime(2026, 11, 22, 20, 10, tzinfo=dt.UTC)

ko = Texts("ko")
en = Texts("en")


# ---- Words


def test_a_text_without_translation_is_said_in_english() -> None:
    assert ko("{count} unicorns", count=3) == "3 unicorns"


def test_categories_have_the_contracts_own_words_in_korean() -> None:
    assert [choice["label"] for choice in ko.categories()] == [category.value for category in Category]


def test_categories_are_sent_as_the_contract_writes_them_in_both_languages() -> None:
    assert [choice["value"] for choice in en.categories()] == [category.value for category in Category]
    assert en.category(Category.FOOD) == "Food"


def test_every_status_has_a_word_in_both_languages() -> None:
    assert [ko.status(status) for status in ReceiptStatus] == [
        "판독 대기",
        "검수 대기",
        "판독 실패",
        "검수 중",
        "확정",
        "반려",
    ]
    assert en.status(ReceiptStatus.EXTRACTED) == "ready for review"


# ---- Dates, times, amounts


def test_a_day_is_written_as_each_language_writes_it() -> None:
    day = dt.date(2026, 11, 22)
    assert (ko.date(day), en.date(day)) == ("2026. 11. 22.", "Nov 22, 2026")


def test_a_time_is_shown_where_the_operators_work() -> None:
    """Seoul is nine hours ahead of UTC, so an evening there is in the next day here."""
    assert en.time(EVENING).replace("\u202f", " ") == "Nov 23, 05:10"  # a narrow no-break space before AM
    assert ko.time(EVENING).startswith("26. 11. 23. ")
    assert "5:10" in ko.time(EVENING)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clock_shows_seconds_where_the_operators_work(language: str) -> None:
    assert Texts(language).clock(MORNING) == "10:30:05"


def test_figures_are_written_as_each_language_writes_them() -> None:
    assert (ko.short_day(EVENING), en.short_day(EVENING)) == ("11월 23일", "Nov 23")
    assert (ko.hour(EVENING), en.hour(EVENING)) == ("05:10", "05:10")
    assert (ko.percent(0.917), ko.tenths(1234.56)) == ("92%", "1,234.6")
    assert [en.duration(dt.timedelta(minutes=minutes)) for minutes in (0.5, 80, 200)] == [
        "30 seconds",
        "80 minutes",
        "3 hours",
    ]
    assert ko.duration(dt.timedelta(days=2)) == "2일"


@pytest.mark.parametrize(("microusd", "written"), [(0, "$0.00"), (2_620, "$0.0026"), (1_234_567_890, "$1,234.57")])
def test_costs_show_parts_of_a_cent_while_they_are_small(microusd: int, written: str) -> None:
    assert (en.dollars(microusd), ko.dollars(microusd)) == (written, f"US{written}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_won_have_no_decimals_and_ringgit_have_two(language: str) -> None:
    t = Texts(language)
    assert t.money(13_500, "KRW") == "₩13,500"
    assert t.money(123_450, "MYR").replace("\xa0", "") == "MYR1,234.50"


@pytest.mark.parametrize("amount", [None, -1])
def test_an_amount_that_was_not_readable_is_a_dash(amount: int | None) -> None:
    assert ko.money(amount, "KRW") == en.money(amount, "KRW") == "—"


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_have_separators(language: str) -> None:
    assert Texts(language).number(12_345) == "12,345"
