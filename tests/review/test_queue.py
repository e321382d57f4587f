"""Which receipt is next, and the draft an operator finds again."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ledger.database import Database
from ledger.errors import AnswerNotJson, DraftConflict, ReceiptClosed, ReceiptNotFound
from ledger.extraction.pipeline import Reader
from ledger.receipt import Receipt, ReceiptStatus
from ledger.review.confirm import confirm, reject
from ledger.review.drafts import discard_draft, save_draft
from ledger.review.queue import Filter, Order, open_receipt, postpone, receipt_row, skip, status_counts, upcoming
from ledger.tables import ReceiptRow
from ledger.terms import PLACE, place_terms, set_terms
from tests.factories import MISREAD, NOW, RIGHT, FakeExtractor, MemoryStore, action, read_one, take_in


def save(database: Database, receipt_id: int, text: str, client_ms: int = 1, **more: Any) -> int:
    values: dict[str, Any] = {
        "extraction_id": None,
        "operator": "지수",
        "client_ms": client_ms,
        "client_id": "a",
        "now": NOW,
    }
    return save_draft(database, receipt_id, {"location": text}, **(values | more))


def text(database: Database, receipt_id: int) -> object:
    found = open_receipt(database, receipt_id).draft
    return found and found.document["location"]


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
        save(database, a, "루트", operator="민준")
    later = NOW + dt.timedelta(hours=4)

    postpone(database, a, later, "지수", NOW)

    assert ids(database) == [b]
    assert ids(database, now=later) == [a, b]


def test_a_skipped_or_postponed_receipt_keeps_its_draft(database: Database) -> None:
    receipt_id, _ = read_one(database)
    save(database, receipt_id, "루트")

    skip(database, receipt_id, "지수", NOW)
    postpone(database, receipt_id, NOW, "지수", NOW)

    assert text(database, receipt_id) == "루트"
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
        save(database, 404, "루트")


def test_review_begins_with_the_first_draft(database: Database) -> None:
    receipt_id, _ = read_one(database)
    assert open_receipt(database, receipt_id).row.status == ReceiptStatus.EXTRACTED

    save(database, receipt_id, "루")

    assert open_receipt(database, receipt_id).row.status == ReceiptStatus.IN_REVIEW
    assert ids(database) == [receipt_id]


def test_a_failed_receipt_may_be_typed_by_hand_and_stays_failed_until_it_is_decided(database: Database) -> None:
    store = MemoryStore()
    receipt_id = take_in(database, store)
    Reader(database, store, FakeExtractor(AnswerNotJson(why="?")), lambda: NOW).read(receipt_id)

    save(database, receipt_id, "루트")

    assert open_receipt(database, receipt_id).row.status == ReceiptStatus.FAILED
    assert text(database, receipt_id) == "루트"


def test_a_draft_comes_back_as_it_was_typed(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    document = {"date": "2024-13", "items": [{"name": "감자 🥔", "price": "12a34"}], "location": " 루트  ", "total": ""}

    save_draft(
        database,
        receipt_id,
        document,
        extraction_id=extraction_id,
        operator="민준",
        client_id="a",
        client_ms=2**41,
        now=NOW,
    )

    found = open_receipt(database, receipt_id).draft
    assert found is not None
    assert (found.document, found.extraction_id, found.operator) == (document, extraction_id, "민준")
    assert (found.client_ms, found.updated_at) == (2**41, NOW)


def test_a_text_on_top_of_the_one_seen_is_stored_whatever_the_clock_says(database: Database) -> None:
    receipt_id, _ = read_one(database)

    first = save(database, receipt_id, "루", client_ms=2)
    second = save(database, receipt_id, "루트", client_ms=1, client_id="b", seen_revision=first)

    assert second > first
    assert text(database, receipt_id) == "루트"


def test_a_text_on_top_of_one_not_seen_is_refused_and_names_who_typed_that(database: Database) -> None:
    receipt_id, _ = read_one(database)
    save(database, receipt_id, "루트", client_ms=1, operator="민준")

    for more in ({}, {"seen_revision": 2}, {"client_id": "b", "same_browser": True}):
        with pytest.raises(DraftConflict, match=r"^민준 saved other text"):
            save(database, receipt_id, "루트2", client_ms=9, **more)

    assert text(database, receipt_id) == "루트"


def test_where_the_revision_is_not_known_the_newer_text_of_the_same_browser_wins(database: Database) -> None:
    receipt_id, _ = read_one(database)
    save(database, receipt_id, "루트", client_ms=2, same_browser=True)

    save(database, receipt_id, "루트2", client_ms=2, same_browser=True)
    with pytest.raises(DraftConflict):
        save(database, receipt_id, "루", client_ms=1, same_browser=True)

    assert text(database, receipt_id) == "루트2"


def test_of_texts_stored_at_once_on_the_same_revision_one_wins(database: Database) -> None:
    receipt_id, _ = read_one(database)
    gate = threading.Barrier(3)

    def run(client: str) -> int:
        gate.wait()
        try:
            return save(database, receipt_id, client, client_id=client)
        except DraftConflict:
            return 0

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(run, "abc")) == [0, 0, 1]


def test_a_discarded_draft_leaves_the_receipt_untouched(database: Database) -> None:
    receipt_id, _ = read_one(database)
    save(database, receipt_id, "루트")

    discard_draft(database, receipt_id, operator="지수", now=NOW, seen_revision=1)

    assert text(database, receipt_id) is None
    assert receipt_row(database, receipt_id).status == ReceiptStatus.EXTRACTED


def test_own_drafts_come_first_and_others_after_the_untouched_and_before_the_skipped(database: Database) -> None:
    a, b, c, d = [read_one(database, key=f"{name}.jpg")[0] for name in "abcd"]
    skip(database, a, "지수", NOW)
    save(database, b, "루트", operator="민준")
    save(database, d, "루트", operator="지수")

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
    save(database, found["d"], "루트")

    assert ids(database, wanted=wanted) == [found[name] for name in expected]


def test_half_a_character_from_a_browser_does_not_lose_the_draft(database: Database) -> None:
    receipt_id, _ = read_one(database)

    save(database, receipt_id, "루트\ud83d")

    assert text(database, receipt_id) == "루트?"


@pytest.mark.parametrize("closed", ["confirmed", "rejected"])
def test_a_closed_receipt_takes_no_draft(database: Database, closed: str) -> None:
    receipt_id, extraction_id = read_one(database)
    click = action(receipt_id, extraction_id)
    if closed == "confirmed":
        confirm(database, click, RIGHT)
    else:
        reject(database, click, "other", "왜")

    with pytest.raises(ReceiptClosed, match=f"already {closed}"):
        save(database, receipt_id, "루트")

    assert text(database, receipt_id) is None


def test_counts_have_every_status(database: Database) -> None:
    take_in(database, MemoryStore(), "a.jpg")
    receipt_id, extraction_id = read_one(database, key="b.jpg")
    read_one(database, Receipt(), key="c.jpg")
    confirm(database, action(receipt_id, extraction_id), RIGHT)

    assert status_counts(database) == dict.fromkeys(ReceiptStatus, 0) | {
        ReceiptStatus.PENDING: 1,
        ReceiptStatus.EXTRACTED: 1,
        ReceiptStatus.CONFIRMED: 1,
    }
