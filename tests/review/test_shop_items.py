"""What was confirmed in a shop is known there: counted, taken back, and proposed for a slip of one jamo."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.receipt import LineItem, Receipt
from ledger.review import shop_items
from ledger.review.amend import ItemChange, amend
from ledger.review.confirm import confirm
from ledger.review.shop_items import MOST_NAMES, KnownName, rebuild, shop_key, similar_names, withdraw
from ledger.review.tables import ShopItemRow
from ledger.review.undo import newest_decision, undo
from tests.factories import MISREAD, NOW, RIGHT, action, confirm_one, read_one

SHOP = "경기 하남시 미사대로 1, 루트231"


def kept(database: Database) -> dict[tuple[str, str], int]:
    """How often each name of each shop was confirmed."""
    with database.read() as session:
        rows = session.execute(sa.select(ShopItemRow.shop, ShopItemRow.name, ShopItemRow.times)).all()
    return {(shop, name): times for shop, name, times in rows}


def know(database: Database, *names: str, location: str = SHOP, times: int = 1) -> None:
    items = tuple(LineItem(name=name, price=1_000, count=1) for name in names)
    for _ in range(times):
        with database.write() as session:
            shop_items.keep(session, Receipt(location=location, items=items))


@pytest.mark.parametrize(
    ("location", "key"),
    [
        ("경기 하남시 미사대로 1, 루트231 애견카페", "루트231애견카페"),
        ("하남 미사대로1,루트231  애견 카페", "루트231애견카페"),
        ("\u1100\u1161\u11b7자네", "감자네"),
        ("서울 별솔로 12, ＧＳ２５ 강남점", "gs25강남점"),
        ("서울 별솔로 12 멍멍마트", "서울별솔로12멍멍마트"),
        ("서울 별솔로 12, A", "서울별솔로12a"),
        ("서울 별솔로 12,", "서울별솔로12"),
        ("", ""),
        (None, ""),
        (" ,- ", ""),
        ("가" * 300, "가" * 255),
    ],
)
def test_a_shop_is_known_by_its_name(location: str | None, key: str) -> None:
    assert shop_key(location) == key


def test_a_confirm_counts_every_line(database: Database) -> None:
    doubled = RIGHT.model_copy(update={"items": (*RIGHT.items, RIGHT.items[1])})
    confirm_one(database, MISREAD, doubled, key="ledger/1.jpg")
    confirm_one(database, MISREAD, RIGHT, key="ledger/2.jpg")

    assert kept(database) == {("루트231", "장난감"): 2, ("루트231", "감자"): 3}


def test_the_same_click_counts_once(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    for _ in range(2):
        confirm(database, action(receipt_id, extraction_id), RIGHT)
    assert set(kept(database).values()) == {1}


def test_what_is_withdrawn_is_forgotten_when_no_other_receipt_has_it(database: Database) -> None:
    know(database, "감자")
    confirm_one(database, MISREAD, RIGHT)
    with database.write() as session:
        withdraw(session, RIGHT)
    assert kept(database) == {("루트231", "감자"): 1}


def test_an_amendment_moves_the_name(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, MISREAD)
    change = ItemChange(receipt_id, 1, {"name": "감자"}, {"name": "검자"})
    amend(database, [change], action_id="a", operator="지수", now=NOW)
    assert kept(database) == {("루트231", "장난감"): 1, ("루트231", "감자"): 1}


def test_an_undone_decision_takes_its_names_back(database: Database) -> None:
    know(database, "감자")
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    decision = newest_decision(database, receipt_id)
    assert decision is not None
    for _ in range(2):
        undo(database, decision, operator="지수", now=NOW)
    assert kept(database) == {("루트231", "감자"): 1}
    assert rebuild(database) == 0


def test_unreadable_names_and_places_are_not_kept(database: Database) -> None:
    know(database, "감자", location="")
    with database.write() as session:
        shop_items.keep(session, Receipt(location=SHOP, items=(LineItem(price=1),)))
    assert kept(database) == {}


def test_names_one_jamo_apart_are_proposed_the_most_frequent_first(database: Database) -> None:
    know(database, "검자", "배변 패드")
    know(database, "감자", times=3)
    know(database, "금자", location="다른 곳, 다른 가게")

    found = similar_names(database, [SHOP, None], ["김자", "배변 패느", "장난감", ""])

    assert found == {"김자": [KnownName("감자", 3), KnownName("검자", 1)], "배변 패느": [KnownName("배변 패드", 1)]}


def test_a_name_that_was_itself_confirmed_is_no_slip(database: Database) -> None:
    know(database, "감자", times=9)
    know(database, "검자")
    assert similar_names(database, [SHOP], ["검자"]) == {}


def test_a_shop_whose_name_was_misread_is_found_by_another_reading_of_it(database: Database) -> None:
    know(database, "감자")
    assert similar_names(database, ["하남시, 루트237"], ["검자"]) == {}
    assert similar_names(database, ["하남시, 루트237", SHOP], ["검자"]) == {"검자": [KnownName("감자", 1)]}


def test_of_a_shop_with_very_many_names_the_most_frequent_are_looked_through_in_two_queries(
    database: Database,
) -> None:
    names = [f"감간식 {number}" for number in range(MOST_NAMES)]
    know(database, *names, times=2)
    know(database, "검자", "곰자")
    asked: list[str] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    found = similar_names(database, [SHOP], ["감자", *(f"검간식 {number}" for number in range(20))])

    assert found == {f"검간식 {number}": [KnownName(f"감간식 {number}", 2)] for number in range(20)}
    assert len(asked) == 2


def test_everything_is_counted_anew_as_it_was(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, MISREAD, key="ledger/1.jpg")
    confirm_one(database, MISREAD, RIGHT, key="ledger/2.jpg")
    change = ItemChange(receipt_id, 1, {"name": "감자칩"}, {"name": "검자"})
    amend(database, [change], action_id="a", operator="지수", now=NOW)
    before = kept(database)

    assert rebuild(database) == 2
    assert kept(database) == before


def test_confirms_of_one_shop_at_once_all_count(database: Database) -> None:
    names = ["감자", "장난감", "배변 패드", "우유", "사료"]
    readings = [read_one(database, key=f"ledger/{number}.jpg") for number in range(6)]

    def click(number: int) -> None:
        order = names[number % 5 :] + names[: number % 5]
        items = tuple(LineItem(name=name, price=1_000, count=1) for name in order)
        receipt_id, extraction_id = readings[number]
        mine = RIGHT.model_copy(update={"items": items})
        confirm(database, action(receipt_id, extraction_id, f"click {number}"), mine)

    threads = [threading.Thread(target=click, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(database) == {("루트231", name): 6 for name in names}
