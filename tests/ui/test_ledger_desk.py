"""One member's ledger on the Confirmed page: chosen, gone through by month and day, never empty without a way on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ledger.database import Database
from ledger.review.ledger_days import Day
from ledger.ui import ledger_desk
from ledger.ui.ledger_calendar import calendar_data
from ledger.ui.ledger_place import LedgerPlace
from ledger.ui.ledger_sums import hundredths
from ledger.ui.shell import use_services
from ledger.ui.texts import Texts
from tests.bought import buy, day, of_the_app, snack, toy
from tests.factories import migrated
from tests.services import services

APP = Path(__file__).parents[2] / "app.py"
PAGE = "pages/3_confirmed.py"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    use_services(services(database))
    yield database
    database.close()


def page(language: str = "en", **address: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["language"] = language
    app.run().switch_page(PAGE)
    app.query_params.update({"view": "members", **address})
    return ran(app)


def ran(app: AppTest | Any) -> AppTest:
    """The page after one more run, of itself or of what was done on it."""
    app = app.run()
    assert not app.exception
    assert not app.error
    return app


def asked(app: AppTest, kind: str, value: str) -> AppTest:
    """What the calendar in the browser asks for."""
    app.session_state[ledger_desk.KEY] = {"action": {"id": f"{kind} {value}", "kind": kind, "value": value}}
    return ran(app)


def place(app: AppTest) -> tuple[str | None, ...]:
    said = {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}
    return tuple(said.get(name) for name in ("member", "month", "day"))


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def heading(app: AppTest) -> str:
    return app.subheader[-1].value


def test_without_any_ledger_the_page_says_what_to_do_first(database: Database) -> None:
    app = page()

    assert [info.value for info in app.info] == ["No receipt has been confirmed yet. Confirm the first one in review."]
    assert not app.metric


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_member_written_for_last_is_shown_in_the_newest_month(database: Database, language: str) -> None:
    buy(database, day(3, 1), snack(1000), member="8")
    buy(database, day(9, 2), snack(4500, count=2), toy(13500), total=18000)

    app = page(language)

    assert place(app) == ("7", "2026-09", None)
    assert list(figures(app).values()) == ["₩18,000", "1"]
    assert heading(app) == ("2026년 9월 영수증" if language == "ko" else "Receipts of September 2026")
    assert app.button_group(ledger_desk.MEMBER).value == "7"


def test_choosing_a_member_begins_at_their_newest_month_and_stands_in_the_address(database: Database) -> None:
    buy(database, day(3, 1), snack(1000), member="8")
    buy(database, day(9, 2), snack(100))

    app = ran(page(month="2026-09", member="7").button_group(ledger_desk.MEMBER).set_value("8"))

    assert place(app) == ("8", "2026-03", None)
    assert figures(app)["Spent"] == "₩1,000"


def test_members_are_searched_while_somebody_types(database: Database) -> None:
    for member in ("8", "77", "7"):
        of_the_app(database, day(9, 2), 100, member=member)

    app = ran(page().text_input(ledger_desk.FIND).set_value("7"))
    assert app.button_group(ledger_desk.MEMBER).options == ["7", "77"]

    app = ran(app.text_input(ledger_desk.FIND).set_value("9"))
    assert "No member's id begins like this." in [caption.value for caption in app.caption]
    assert place(app)[0] == "7"


def test_what_belongs_to_no_member_has_a_place_of_its_own(database: Database) -> None:
    buy(database, day(9, 2), snack(100), member=None)

    app = page()

    assert app.button_group(ledger_desk.MEMBER).options == ["No member"]
    assert place(app) == ("", "2026-09", None)
    assert place(page(member="", month="2026-09"))[0] == ""


def test_a_day_shows_its_receipts_and_leads_to_each(database: Database) -> None:
    receipt = buy(database, day(9, 2), snack(4500), total=4000)
    buy(database, day(9, 3), snack(70))

    app = asked(page(), "day", "2026-09-02")

    assert place(app) == ("7", "2026-09", "2")
    assert heading(app) == "Receipts of Wed, Sep 2"
    captions = [caption.value for caption in app.caption]
    assert "The receipt says ₩4,000 in all, ₩500 less than its items." in captions
    links = [link.proto.query_string for link in app.get("page_link")]
    assert links == [f"receipt={receipt}"]
    assert place(asked(app, "day", "")) == ("7", "2026-09", None)


def test_receipts_whose_total_differs_are_told_beside_the_sums(database: Database) -> None:
    buy(database, day(9, 2), snack(4500), total=4000)
    of_the_app(database, day(9, 3), -1)

    captions = [caption.value for caption in page().caption]

    assert any("All totals come to ₩4,000, the items to ₩4,500" in caption for caption in captions)
    assert any("which are in no sum: 1" in caption for caption in captions)


def test_each_currency_has_figures_and_a_chart_of_its_own(database: Database) -> None:
    buy(database, day(9, 2), snack(4500), toy(500), total=5000)
    buy(database, day(9, 2), snack(1250), total=1250, currency="USD")
    buy(database, day(9, 3), snack(100), total=100)

    app = page()

    assert figures(app) == {"Spent in KRW": "₩5,100", "Spent in USD": "$12.50", "Receipts": "3"}
    told = [chart.proto.alt for chart in app.get("vega_lite_chart")]
    assert told == [
        "By category (KRW): Food ₩4,600 · 90%, Supplies ₩500 · 10%",
        "By category (USD): Food $12.50 · 100%",
    ]


def test_a_month_without_anything_leads_to_the_nearest_ones_that_have_something(database: Database) -> None:
    for month in (2, 6):
        of_the_app(database, day(month, 5), 100)

    app = page(member="7", month="2026-04")
    assert app.info[0].value == "Nothing was bought in April 2026."
    ways = [button for button in app.button if button.label.startswith("Go to")]
    assert [way.label for way in ways] == ["Go to February 2026", "Go to June 2026"]

    assert place(ran(ways[1].click())) == ("7", "2026-06", None)


def test_a_member_who_never_bought_anything_is_told_so(database: Database) -> None:
    of_the_app(database, day(2, 5), 100)

    app = page(member="99")

    assert app.info[0].value == "There is nothing in this member's ledger. Choose another member."
    assert "7" in app.button_group(ledger_desk.MEMBER).options


@pytest.mark.parametrize("month", ["2026-13", "0000-01", "9999-12", "x", ""])
@pytest.mark.parametrize("number", ["31", "0", "²", "-1", "9" * 5000])
def test_an_address_that_names_no_month_or_day_is_as_if_it_said_nothing(month: str, number: str) -> None:
    february = {"member": " 7 ", "month": "2026-02"}

    assert LedgerPlace.of(february | {"day": number}) == LedgerPlace("7", dt.date(2026, 2, 1))
    assert LedgerPlace.of(february | {"month": month, "day": "1"}) == LedgerPlace("7")


def test_an_address_without_a_month_leads_to_the_newest(database: Database) -> None:
    of_the_app(database, day(2, 5), 100)

    assert place(page(member="7", month="soon", day="31")) == ("7", "2026-02", None)


def test_months_go_on_until_time_ends(database: Database) -> None:
    of_the_app(database, day(2, 5), 100)
    app = page()

    assert place(asked(app, "month", "2026-01")) == ("7", "2026-01", None)
    assert place(asked(app, "month", "2999-12"))[1] == "2999-12"
    assert place(asked(app, "month", "3000-01"))[1] == "2999-12"


def test_of_many_receipts_the_newest_are_shown_and_the_rest_is_told(database: Database) -> None:
    for number in range(31):
        of_the_app(database, day(2, number % 28 + 1), 100)

    captions = [caption.value for caption in page().caption]

    assert captions[-1].startswith("The newest 30 of 31 are shown.")
    assert len([caption for caption in captions if caption.startswith("Written by the app")]) == 30


def test_text_of_the_app_is_shown_as_its_characters(database: Database) -> None:
    buy(database, day(2, 5), snack(1).model_copy(update={"name": "<b>간식</b>"}), member="*7*")

    app = page()

    assert app.button_group(ledger_desk.MEMBER).options == [r"\*7\*"]
    shown = " ".join(element.proto.body for element in app.get("html"))
    assert "&lt;b&gt;간식&lt;/b&gt;" in shown
    assert "<b>" not in shown


def test_a_day_of_the_calendar_says_all_in_words_and_how_dear_it_was() -> None:
    first, second = dt.date(2026, 9, 1), dt.date(2026, 9, 2)
    found = [Day(first, "KRW", 1, 131_200, 0, 0, 0), Day(second, "KRW", 2, 65_600, 0, 0, 0)]
    found += [Day(second, "USD", 1, 1250, 0, 0, 0)]

    data = calendar_data(Texts("ko").plain, LedgerPlace("7", first), found, second)
    told: list[Any] = [each for week in data["weeks"] for each in week if each]

    assert len(told) == 30
    assert [len(week) for week in data["weeks"]] == [7] * 5
    assert data["weeks"][0][:3] == [None, None, told[0]]
    assert (told[0]["said"], told[0]["short"]) == ("9월 1일 화요일, 1건, ₩131,200", ["13.1만"])
    assert (told[1]["sums"], told[1]["short"]) == (["₩65,600", "US$12.50"], ["6.6만", "US$12.5"])
    assert [each["share"] for each in told[:3]] == [1.0, 1.0, 0.0]
    assert told[2]["said"] == "9월 3일 목요일, 없음"
    assert (data["before"], data["next"], data["today"]) == ("2026-08", "2026-10", "2026-09-02")


@pytest.mark.parametrize(
    ("amounts", "shares"),
    [
        ([270_000, 243_700, 236_000, 81_900, 16_000, 4_500], [32, 28, 28, 10, 2, 0]),
        ([1, 1, 1], [34, 33, 33]),
        ([5], [100]),
        ([5, -1], [None, None]),
        ([0], [None]),
    ],
)
def test_shares_come_to_a_hundred_or_are_not_told(amounts: list[int], shares: list[int | None]) -> None:
    assert hundredths(amounts) == shares
