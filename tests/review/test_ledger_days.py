"""One member's month as people see it: by day, with what receipts say in all, and the members to choose from."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.review.export import LEDGER_COLUMNS, ledger_file
from ledger.review.ledger_days import Day, days, first_day, last_day
from ledger.review.ledger_members import find_members, is_anything_nobodys, latest_members
from ledger.review.ledger_view import Span, entries, sums
from tests.bought import buy, day, of_the_app, snack, toy

NOVEMBER = Span(dt.date(2026, 11, 1), dt.date(2026, 12, 1))


def test_days_add_up_to_the_items_and_say_what_receipts_say_otherwise(database: Database) -> None:
    buy(database, day(11, 1), snack(4500, count=2), toy(13500), total=18000)
    buy(database, day(11, 3), snack(1000), total=900)
    buy(database, day(11, 3), snack(1280), total=1280, currency="JPY")
    buy(database, day(11, 4), total=700)
    of_the_app(database, day(11, 3), -1)
    of_the_app(database, day(11, 3), 500)
    buy(database, day(12, 1), snack(9), total=9)
    buy(database, day(11, 1), snack(9), total=9, member="70")

    found = days(database, "7", NOVEMBER)

    assert found == [
        Day(day(11, 1), "KRW", purchases=1, amount=18000, unread=0, differing=0, difference=0),
        Day(day(11, 3), "JPY", purchases=1, amount=1280, unread=0, differing=0, difference=0),
        Day(day(11, 3), "KRW", purchases=3, amount=1500, unread=1, differing=1, difference=-100),
        Day(day(11, 4), "KRW", purchases=1, amount=0, unread=0, differing=1, difference=700),
    ]
    by_category, listed = sums(database, "7", NOVEMBER), entries(database, "7", NOVEMBER, limit=99)
    for currency in ("KRW", "JPY"):
        amount = sum(each.amount for each in found if each.currency == currency)
        assert amount == sum(each.amount for each in by_category if each.currency == currency)
        assert amount == sum(each.amount for each in listed if each.currency == currency)
    assert sorted(each.differs_by for each in listed) == [-100, 0, 0, 0, 0, 700]


def test_what_belongs_to_nobody_is_a_ledger_too(database: Database) -> None:
    assert not is_anything_nobodys(database)
    receipt = buy(database, day(11, 2), snack(100), total=None, member=None)

    assert is_anything_nobodys(database)
    assert [(each.date, each.differing) for each in days(database, None, NOVEMBER)] == [(day(11, 2), 0)]
    assert [each.receipt_id for each in entries(database, None, NOVEMBER, limit=9)] == [receipt]
    assert days(database, "7", NOVEMBER) == []


def test_the_nearest_days_that_have_something_are_found(database: Database) -> None:
    for month in (3, 8, 11):
        of_the_app(database, day(month, 15), 100)

    assert last_day(database, "7") == day(11, 15)
    assert (last_day(database, "7", day(8, 15)), first_day(database, "7", day(8, 16))) == (day(3, 15), day(11, 15))
    assert (last_day(database, "7", day(3, 15)), first_day(database, "7", day(11, 16))) == (None, None)
    assert last_day(database, "8") is None


def test_members_are_found_by_how_their_ids_begin_and_listed_by_who_was_written_for_last(database: Database) -> None:
    for member in ("12", "120", "3", None, "1", "12", "%", ""):
        of_the_app(database, day(11, 1), 100, member=member)

    assert latest_members(database, limit=4) == ["%", "12", "1", None]
    assert find_members(database, "12", limit=9) == ["12", "120"]
    assert find_members(database, "1", limit=2) == ["1", "12"]
    assert find_members(database, "%", limit=9) == ["%"]
    assert find_members(database, "4", limit=9) == []


def test_a_members_id_is_found_in_whatever_case_it_is_asked_for_exactly(database: Database) -> None:
    for member in ("Kim", "kim"):
        of_the_app(database, day(11, 1), 100, member=member)

    assert [find_members(database, member, limit=1) for member in ("Kim", "kim")] == [["Kim"], ["kim"]]


def test_the_file_has_a_row_an_item_and_nothing_that_a_spreadsheet_runs(database: Database) -> None:
    receipt = buy(database, day(11, 1), snack(4500, count=2), toy(-500), total=4000)
    of_the_app(database, day(11, 2), -1)
    buy(database, day(11, 3), total=0)

    head, *rows = "".join(ledger_file(entries(database, "7", NOVEMBER, limit=9))).splitlines()

    assert head.lstrip("\N{BYTE ORDER MARK}") == ",".join(LEDGER_COLUMNS)
    assert (rows[0][:11], rows[0][-10:]) == ("2026-11-03,", ",0,KRW,,,,")
    assert rows[1:] == [
        "2026-11-02,,앱,,KRW,간식,,2,식비",
        f"2026-11-01,{receipt},멍멍마트,4000,KRW,간식,4500,2,식비",
        f"2026-11-01,{receipt},멍멍마트,4000,KRW,장난감,-500,3,용품",
    ]


def test_a_month_and_its_members_are_found_by_indexes(database: Database) -> None:
    for number in range(1, 28):
        of_the_app(database, day(11, number), 100, member=str(number))
    asked: list[tuple[str, Any]] = []

    @sa.event.listens_for(database.engine, "after_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, given: Any, *_rest: object) -> None:
        if "FROM ledger" in statement and "EXPLAIN" not in statement:
            asked.append((statement, given))

    days(database, "7", NOVEMBER)
    sums(database, "7", NOVEMBER)
    last_day(database, "7", day(11, 1))
    first_day(database, "7", day(11, 9))
    find_members(database, "7", limit=1)
    is_anything_nobodys(database)

    explain = "EXPLAIN QUERY PLAN " if database.engine.dialect.name == "sqlite" else "EXPLAIN "
    with database.engine.connect() as connection:
        plans = [str(connection.exec_driver_sql(explain + sql, given).all()) for sql, given in list(asked)]
    assert len(plans) == 7
    assert [plan for plan in plans if "ix_ledger_memberId_date" not in plan] == []


@pytest.mark.parametrize("member", ["7", None])
def test_a_ledger_without_anything_has_no_days(database: Database, member: str | None) -> None:
    assert days(database, member, NOVEMBER) == []
    assert latest_members(database, limit=9) == []
