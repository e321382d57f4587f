"""The confirmed ledger: found, shown and taken out whole."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from ledger.database import Database
from ledger.extraction.pipeline import Reader
from ledger.inbox.ingest import ingest
from ledger.receipt import Category, LineItem, Receipt
from ledger.review.amend import ItemChange, amend
from ledger.review.confirm import confirm, reject
from ledger.review.confirmed import Search, all_confirmed, search_confirmed
from tests.factories import (
    MISREAD,
    NOW,
    RIGHT,
    FakeExtractor,
    MemoryStore,
    action,
    confirm_one,
    jpeg,
    read_one,
    take_in,
)


def shop(location: str | None, day: int, *names: str) -> Receipt:
    items = tuple(LineItem(name=name, price=1_000, count=1, category=Category.OTHER) for name in names)
    return Receipt(date=dt.date(2024, 11, day), location=location, items=items, total_amount=1_000)


def found(database: Database, text: str = "", since: int | None = None, until: int | None = None) -> list[str]:
    day = {None: None} | {n: dt.date(2024, 11, n) for n in range(1, 31)}
    search = Search(text, day[since], day[until])
    return [receipt.document["location"] for receipt in search_confirmed(database, search)]


@pytest.fixture
def shops(database: Database) -> Database:
    for n, receipt in enumerate(
        [
            shop("이마트 하남점", 1, "감자", "사료 100%"),
            shop("GS25 미사역점", 2, "삼각김밥_참치"),
            shop("동물병원", 3, "예방접종", "100원 할인"),
            shop(None, 4),
        ]
    ):
        confirm_one(database, receipt, receipt, key=f"{n}.jpg")
    return database


def test_confirmed_receipts_come_newest_day_first(shops: Database) -> None:
    assert found(shops) == ["읽을 수 없음", "동물병원", "GS25 미사역점", "이마트 하남점"]
    assert len(search_confirmed(shops, Search(), limit=2)) == 2


def test_text_is_found_in_places_and_items_and_means_itself(shops: Database) -> None:
    places = {
        "하남": ["이마트 하남점"],
        "감자": ["이마트 하남점"],
        "  감자 ": ["이마트 하남점"],
        unicodedata.normalize("NFD", "감자"): ["이마트 하남점"],
        "gs25": ["GS25 미사역점"],
        "점": ["GS25 미사역점", "이마트 하남점"],
        "100%": ["이마트 하남점"],
        "100": ["동물병원", "이마트 하남점"],
        "김밥_참": ["GS25 미사역점"],
        "_": ["GS25 미사역점"],
        "%": ["이마트 하남점"],
        "/": [],
        "\\": [],
        "'": [],
        "검자": [],
    }

    assert {text: found(shops, text) for text in places} == places


def test_days_limit_the_search_and_belong_to_it(shops: Database) -> None:
    assert found(shops, since=2, until=3) == ["동물병원", "GS25 미사역점"]
    assert found(shops, since=4) == ["읽을 수 없음"]
    assert found(shops, until=1) == ["이마트 하남점"]
    assert found(shops, "점", since=2) == ["GS25 미사역점"]
    assert found(shops, since=3, until=2) == []


def test_open_and_rejected_receipts_are_not_found(database: Database) -> None:
    receipt_id, extraction_id = read_one(database, key="a.jpg")
    reject(database, action(receipt_id, extraction_id), "other")
    read_one(database, key="b.jpg")

    assert found(database) == []


def test_a_found_receipt_says_whose_it_is_and_who_confirmed_it(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)

    [receipt] = search_confirmed(database, Search())

    assert (receipt.receipt_id, receipt.object_key, receipt.member_id) == (receipt_id, "ledger/감자.jpg", "member-7")
    assert (receipt.operator, receipt.confirmed_at, receipt.photo_changed) == ("지수", NOW, False)
    assert receipt.document["items"][1]["name"] == "감자"


def test_after_an_amendment_the_amended_document_is_found(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    change = ItemChange(receipt_id, 1, {"name": "고구마"}, {"name": "감자"})
    amend(database, [change], action_id="1", operator="민준", now=NOW)

    [receipt] = search_confirmed(database, Search("고구마"))

    assert receipt.document["items"][1]["name"] == "고구마"
    assert search_confirmed(database, Search("감자")) == []


def test_a_photo_that_is_not_the_confirmed_one_any_more_is_marked_also_after_an_amendment(database: Database) -> None:
    store = MemoryStore()
    receipt_id = take_in(database, store, "a.jpg")
    reader = Reader(database, store, FakeExtractor(), lambda: NOW)
    confirm(database, action(receipt_id, reader.read(receipt_id)), RIGHT)
    assert not search_confirmed(database, Search())[0].photo_changed

    store.put("a.jpg", jpeg(100))
    ingest(database, store, NOW)
    assert search_confirmed(database, Search())[0].photo_changed

    reader.read(receipt_id)
    change = ItemChange(receipt_id, 1, {"name": "고구마"}, {"name": "감자"})
    amend(database, [change], action_id="1", operator="민준", now=NOW + dt.timedelta(days=1))
    assert search_confirmed(database, Search())[0].photo_changed


def test_a_photo_that_came_after_a_receipt_was_typed_by_hand_is_marked(database: Database) -> None:
    store = MemoryStore()
    receipt_id = take_in(database, store, "a.jpg")
    confirm(database, action(receipt_id, None), RIGHT)
    assert not search_confirmed(database, Search())[0].photo_changed

    for n in range(3):
        store.put(f"later {n}.jpg", jpeg())
    store.put("a.jpg", jpeg(100))
    ingest(database, store, NOW)

    assert search_confirmed(database, Search())[0].photo_changed


def test_all_that_match_come_page_by_page_in_the_order_of_the_screen(shops: Database) -> None:
    confirm_one(shops, shop("동물약국", 3, "구충제"), shop("동물약국", 3, "구충제"), key="5.jpg")
    shown = search_confirmed(shops, Search())

    first = search_confirmed(shops, Search(), limit=2)
    second = search_confirmed(shops, Search(), limit=2, after=first[-1].receipt_id)
    third = search_confirmed(shops, Search(), limit=2, after=second[-1].receipt_id)

    assert [*first, *second, *third] == shown == list(all_confirmed(shops, Search()))
    assert search_confirmed(shops, Search(), after=shown[-1].receipt_id) == []
    assert [found.receipt_id for found in all_confirmed(shops, Search("점"))] == [2, 1]
