"""The draft that an operator finds again: what is stored, what is refused, and what is never lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ledger.database import Database
from ledger.errors import AnswerNotJson, DraftConflict, ReceiptClosed
from ledger.extraction.pipeline import Reader
from ledger.receipt import ReceiptStatus
from ledger.review.confirm import confirm, reject
from ledger.review.drafts import discard_draft, save_draft
from ledger.review.queue import open_receipt, receipt_row, upcoming
from tests.factories import NOW, RIGHT, FakeExtractor, MemoryStore, action, read_one, take_in


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


def test_review_begins_with_the_first_draft(database: Database) -> None:
    receipt_id, _ = read_one(database)
    assert open_receipt(database, receipt_id).row.status == ReceiptStatus.EXTRACTED

    save(database, receipt_id, "루")

    assert open_receipt(database, receipt_id).row.status == ReceiptStatus.IN_REVIEW
    assert [row.id for row in upcoming(database, 10, "지수", NOW)] == [receipt_id]


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
