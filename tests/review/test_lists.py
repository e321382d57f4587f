"""Lists of receipts: every receipt once over all pages, found by text, day, model or warning, counted up to a point."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import AnswerNotJson
from ledger.extraction.pipeline import Reader
from ledger.receipt import ReceiptStatus
from ledger.review.confirm import confirm
from ledger.review.lists import COUNTED, count, models, page, waiting_counts
from ledger.review.wanted import ALL, Filter, Order
from ledger.tables import ReceiptRow
from ledger.terms import PLACE, place_terms, set_terms
from tests.factories import NOW, RIGHT, FakeExtractor, MemoryStore, action, read_one, take_in


def many(database: Database, *receipts: dict[str, Any]) -> list[int]:
    """Ids of receipts that differ from a plain one that was read by these values."""
    plain, _ = read_one(database)
    with database.write() as session:
        columns = [column for column in ReceiptRow.__table__.c if column.name != "id"]
        model = session.execute(sa.select(*columns).where(ReceiptRow.id == plain)).one()._asdict()
        model |= {"read_place": None, "status": ReceiptStatus.EXTRACTED}
        rows = [ReceiptRow(**model | {"object_hash": f"{n:064}"} | values) for n, values in enumerate(receipts)]
        session.execute(sa.update(ReceiptRow).values(status=ReceiptStatus.REJECTED))
        session.add_all(rows)
        session.flush()
        for row in rows:
            set_terms(session, row.id, place_terms(row.read_place), PLACE)
        return [row.id for row in rows]


def all_pages(database: Database, wanted: Filter, order: Order, limit: int) -> list[int]:
    found: list[int] = []
    after = ""
    while lines := page(database, wanted, order, after, limit):
        found += [line.row.id for line in lines]
        after = lines[-1].cursor
    return found


def ids(database: Database, wanted: Filter = ALL, order: Order = Order.RISK) -> list[int]:
    return [line.row.id for line in page(database, wanted, order)]


DAY = dt.date(2024, 11, 11)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize(
    "wanted",
    [
        ALL,
        Filter(statuses=tuple(ReceiptStatus)),
        Filter(model="b"),
        Filter(warned=True),
        Filter(since=DAY, until=DAY + dt.timedelta(days=1)),
        Filter(text="감자탕"),
    ],
)
def test_the_pages_of_a_list_hold_each_receipt_once_and_in_order(
    database: Database, wanted: Filter, order: Order
) -> None:
    statuses = [ReceiptStatus.EXTRACTED, ReceiptStatus.IN_REVIEW, ReceiptStatus.CONFIRMED]
    receipts = [
        {
            "risk": (0.0, 0.1, 1 / 3)[n % 3],
            "status": statuses[n % 4 % 3],
            "model": "ab"[n % 2],
            "warned": n % 5 == 0,
            "read_date": DAY + dt.timedelta(days=n % 3),
            "read_place": "강남 감자탕" if n % 2 else "감자 한 탕",
        }
        for n in range(24)
    ]
    made = dict(zip(many(database, *receipts), receipts, strict=True))
    listed = wanted.statuses or statuses[:2]

    def fits(it: dict[str, Any]) -> bool:
        days = (wanted.since or it["read_date"]) <= it["read_date"] <= (wanted.until or it["read_date"])
        same = it["model"] == (wanted.model or it["model"]) and it["warned"] >= bool(wanted.warned)
        return it["status"] in listed and days and same and (wanted.text or "감") in it["read_place"]

    def place(number: int) -> tuple[Any, ...]:
        by_risk = (-made[number]["risk"], number)
        if wanted.dated:
            return made[number]["read_date"], *by_risk
        return by_risk if order is Order.RISK and not wanted.text else (number,)

    expected = sorted((number for number, it in made.items() if fits(it)), key=place)
    found = [number for number in all_pages(database, wanted, order, 5) if number in made]

    assert found == expected
    assert len(page(database, wanted, order, limit=50)) == count(database, wanted).number


PLACES = ("GS25 강남점", "gs25 역삼점", "100% 과일", "과일_가게", "감자 🥔 집", "감자 🍠 집", "가" * 300)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("강남", [0]),
        ("Gs25", [0, 1]),
        ("강 남", [0]),
        (" ", [0, 1, 2, 3, 4, 5, 6]),
        ("100%", [2]),
        ("%과", [2]),
        ("일_가", [3]),
        ("일x가", []),
        ("🥔", []),
        ("자🥔", [4]),
        ("가가가", [6]),
        ("없는곳", []),
        ("가나다라마바사아자차카타파하" * 30, []),
    ],
)
def test_a_place_is_found_by_any_part_of_it_however_it_is_written(
    database: Database, text: str, expected: list[int]
) -> None:
    made = many(database, *({"read_place": place[:255]} for place in PLACES))

    assert ids(database, Filter(text=text)) == [made[n] for n in expected]


def test_digits_are_a_receipts_number_as_well_as_part_of_a_place(database: Database) -> None:
    a, b = many(database, {"read_place": "감자"}, {"read_place": "루트231"})

    assert ids(database, Filter(text=f"{a}")) == [a]
    assert ids(database, Filter(text=f"#{b}")) == [b]
    assert ids(database, Filter(text="231")) == [b]
    assert ids(database, Filter(text="9" * 30)) == []


def test_what_was_confirmed_is_found_by_the_place_that_was_confirmed(database: Database) -> None:
    receipt_id, reading = read_one(database)
    confirm(database, action(receipt_id, reading), RIGHT.model_copy(update={"location": "세종시 한누리대로"}))

    assert ids(database, Filter(text="한누리", statuses=(ReceiptStatus.CONFIRMED,))) == [receipt_id]
    assert ids(database, Filter(text="한누리")) == []


def test_a_line_of_a_failed_receipt_says_why(database: Database) -> None:
    store = MemoryStore()
    receipt_id = take_in(database, store)
    Reader(database, store, FakeExtractor(AnswerNotJson(why="?")), lambda: NOW).read(receipt_id)

    (line,) = page(database, Filter(statuses=(ReceiptStatus.FAILED,)))

    assert (line.row.id, line.error_class, line.error_fields) == (receipt_id, "AnswerNotJson", {"why": "?"})


def test_a_cursor_of_another_order_begins_at_the_first_page(database: Database) -> None:
    made = many(database, {}, {})

    assert [line.row.id for line in page(database, after="2024-11-11|x")] == made
    assert [line.row.id for line in page(database, order=Order.AGE, after=str(made[0]))] == made[1:]


def test_counts_stop_at_a_thousand(database: Database) -> None:
    many(database, *({"read_place": "감자탕"} for _ in range(COUNTED + 1)), {"warned": True, "model": "z"})

    counts = waiting_counts(database)

    assert str(counts[ReceiptStatus.EXTRACTED]) == "1,000+"
    assert (str(counts[ReceiptStatus.REJECTED]), str(counts[ReceiptStatus.FAILED])) == ("1", "0")
    assert str(count(database, Filter(text="감자"))) == "100+"
    assert str(count(database, Filter(warned=True, model="z"))) == "1"
    assert models(database) == ["fake-1", "z"]
