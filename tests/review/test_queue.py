"""Which receipt is next, and how it opens."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ledger.database import Database
from ledger.errors import AnswerNotJson, ReceiptClosed, ReceiptNotFound
from ledger.extraction.pipeline import Reader
from ledger.receipt import Receipt, ReceiptStatus
from ledger.review.confirm import confirm, reject
from ledger.review.lists import Count, waiting_counts
from ledger.review.queue import open_receipt, postpone, receipt_row, skip, upcoming
from ledger.review.wanted import Filter, Order
from ledger.tables import ReceiptRow
from ledger.terms import PLACE, place_terms, set_terms
from tests.factories import MISREAD, NOW, RIGHT, FakeExtractor, MemoryStore, action, read_one, take_in
from tests.review.rows import draft


def ids(database: Database, limit: int = 10, operator: str = "지수", now: dt.datetime = NOW, **more: Any) -> list[int]:
    return [row.id for row in upcoming(database, limit, operator, now, **more)]


def judge(database: Database, **risks: float) -> dict[str, int]:
    """Ids by name of receipts that were read with this risk each, in this order."""
    found = {name: read_one(database, key=f"{name}.jpg")[0] for name in risks}
    with database.write() as session:
        for name, risk in risks.items():
            session.get_one(ReceiptRow, found[name]).risk = risk
    return found


def test_the_likeliest_to_be_wrong_comes_first_and_of_equals_the_oldest(database: Database) -> None:
    found = judge(database, a=0.2, b=0.9, c=0.2)
    take_in(database, MemoryStore(), "unread.jpg")
    a, b, c = found.values()

    assert ids(database) == [b, a, c]
    assert ids(database, order=Order.AGE) == [a, b, c]
    assert ids(database, limit=1) == [b]
    assert ids(database, skip=b) == [a, c]


def test_skipped_receipts_come_last_the_longest_skipped_first(database: Database) -> None:
    a, b, c = [read_one(database, key=f"{name}.jpg")[0] for name in "abc"]
    skip(database, a, "지수", NOW + dt.timedelta(microseconds=1))
    skip(database, b, "지수", NOW)

    assert ids(database) == [c, b, a]


@pytest.mark.parametrize("drafted", [False, True])
def test_a_postponed_receipt_waits_for_nobody_before_its_time_and_comes_first_then(
    database: Database, drafted: bool
) -> None:
    a, b = judge(database, a=0.1, b=0.9).values()
    if drafted:
        draft(database, a, None, operator="민준")
    later = NOW + dt.timedelta(hours=4)

    postpone(database, a, later, "지수", NOW)

    assert ids(database) == [b]
    assert ids(database, now=later) == [a, b]


def test_a_skipped_or_postponed_receipt_keeps_its_draft(database: Database) -> None:
    receipt_id, _ = read_one(database)
    draft(database, receipt_id, None)

    skip(database, receipt_id, "지수", NOW)
    postpone(database, receipt_id, NOW, "지수", NOW)

    kept = open_receipt(database, receipt_id).draft
    assert kept is not None
    assert kept.document == {"date": "2024"}
    assert receipt_row(database, receipt_id).status == ReceiptStatus.IN_REVIEW


def test_a_decision_ends_skipping_and_postponing(database: Database) -> None:
    a, reading = read_one(database, key="a.jpg")
    skip(database, a, "지수", NOW)

    confirm(database, action(a, reading), RIGHT)

    row = receipt_row(database, a)
    assert (row.skipped_at, row.postponed_until, row.claim_token) == (None, None, None)
    with pytest.raises(ReceiptClosed):
        postpone(database, a, NOW, "지수", NOW)
    skip(database, a, "지수", NOW)
    assert receipt_row(database, a).skipped_at is None


def test_closed_receipts_are_not_next(database: Database) -> None:
    a, first = read_one(database, key="a.jpg")
    b, second = read_one(database, key="b.jpg")
    confirm(database, action(a, first, "1"), RIGHT)
    reject(database, action(b, second, "2"), "unreadable")

    assert ids(database) == []


def test_a_receipt_opens_with_its_reading(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)

    opened = open_receipt(database, receipt_id)

    assert opened.row.id == receipt_id
    assert opened.reading is not None
    assert opened.reading.id == extraction_id
    assert opened.model == MISREAD
    assert (opened.failure, opened.draft, opened.review) == (None, None, None)


def test_a_receipt_opens_with_its_failure_and_its_good_reading_before(database: Database) -> None:
    store = MemoryStore()
    receipt_id = take_in(database, store)
    reader = Reader(database, store, FakeExtractor(MISREAD, AnswerNotJson(why="?")), lambda: NOW)
    reader.read(receipt_id)
    reader.read(receipt_id)

    opened = open_receipt(database, receipt_id)

    assert opened.model == MISREAD
    assert opened.failure is not None
    assert opened.failure.error_class == "AnswerNotJson"


def test_a_receipt_that_was_never_read_opens_empty(database: Database) -> None:
    assert open_receipt(database, take_in(database, MemoryStore())).model is None


def test_a_closed_receipt_opens_with_its_newest_decision(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    review_id = confirm(database, action(receipt_id, extraction_id), RIGHT)

    review = open_receipt(database, receipt_id).review

    assert review is not None
    assert review.id == review_id


def test_a_receipt_that_does_not_exist_cannot_be_opened_or_drafted(database: Database) -> None:
    with pytest.raises(ReceiptNotFound):
        open_receipt(database, 404)
    with pytest.raises(ReceiptNotFound):
        draft(database, 404, None)


def test_own_drafts_come_first_and_others_after_the_untouched_and_before_the_skipped(database: Database) -> None:
    a, b, c, d = [read_one(database, key=f"{name}.jpg")[0] for name in "abcd"]
    skip(database, a, "지수", NOW)
    draft(database, b, None, operator="민준")
    draft(database, d, None, operator="지수")

    assert ids(database, operator="지수") == [d, c, b, a]
    assert ids(database, operator="민준") == [b, c, d, a]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(text="루트231"), "b"),
        (Filter(text="100%"), "c"),
        (Filter(text="%"), ""),
        (Filter(since=dt.date(2024, 11, 12)), "bc"),
        (Filter(until=dt.date(2024, 11, 12)), "ab"),
        (Filter(warned=True), "c"),
        (Filter(model="model-a"), "a"),
        (Filter(statuses=(ReceiptStatus.IN_REVIEW,)), "d"),
    ],
)
def test_only_what_is_wanted_comes(database: Database, wanted: Filter, expected: str) -> None:
    found = judge(database, a=0.1, b=0.1, c=0.1, d=0.1)
    shown = {
        "a": {"read_place": "감자탕", "read_date": dt.date(2024, 11, 11), "model": "model-a"},
        "b": {"read_place": "루트231", "read_date": dt.date(2024, 11, 12)},
        "c": {"read_place": "100% 과일", "read_date": dt.date(2024, 11, 13), "warned": True},
        "d": {"read_place": None, "read_date": None},
    }
    with database.write() as session:
        for name, values in shown.items():
            for column, value in values.items():
                setattr(session.get_one(ReceiptRow, found[name]), column, value)
            set_terms(session, found[name], place_terms(str(values["read_place"] or "")), PLACE)
    draft(database, found["d"], None)

    assert ids(database, wanted=wanted) == [found[name] for name in expected]


def test_counts_have_every_status(database: Database) -> None:
    take_in(database, MemoryStore(), "a.jpg")
    receipt_id, extraction_id = read_one(database, key="b.jpg")
    read_one(database, Receipt(), key="c.jpg")
    confirm(database, action(receipt_id, extraction_id), RIGHT)

    one = Count(1, more=False)
    assert waiting_counts(database) == dict.fromkeys(ReceiptStatus, Count(0, more=False)) | {
        ReceiptStatus.PENDING: one,
        ReceiptStatus.EXTRACTED: one,
        ReceiptStatus.CONFIRMED: one,
    }
