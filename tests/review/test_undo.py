"""Undoing decisions: nothing of them counts any more, nothing of them is lost."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from ledger.corrections.summary import counts_by_field, recent_corrections
from ledger.database import Database
from ledger.errors import DecisionNotFound, LedgerRowInUse
from ledger.receipt import ReceiptStatus
from ledger.review.amend import ItemChange, amend
from ledger.review.confirm import confirm, reject
from ledger.review.confirmed import Search, all_confirmed, search_confirmed
from ledger.review.document import from_form
from ledger.review.queue import open_receipt
from ledger.review.undo import Decision, last_decisions, newest_decision, undo
from ledger.tables import DraftRow, ItemRow, LedgerRow, ReviewRow
from tests.factories import MISREAD, NOW, RIGHT, MemoryStore, action, confirm_one, read_one, take_in
from tests.review.rows import NOTHING, draft, receipt, rows

LATER = NOW + dt.timedelta(minutes=3)


def undone(database: Database, receipt_id: int, operator: str = "민준") -> int:
    review_id = newest_decision(database, receipt_id)
    assert review_id is not None
    assert undo(database, review_id, operator=operator, now=LATER) == receipt_id
    return review_id


def review(database: Database, review_id: int) -> ReviewRow:
    with database.read() as session:
        return session.get_one(ReviewRow, review_id)


def text(database: Database, receipt_id: int) -> DraftRow:
    with database.read() as session:
        return session.get_one(DraftRow, receipt_id)


def test_an_undone_confirm_leaves_the_ledger_and_its_text_is_the_draft(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)

    review_id = undone(database, receipt_id)

    assert rows(database) == NOTHING | {"review": 1, "correction": 1, "draft": 1}
    kept, row, decided = text(database, receipt_id), receipt(database, receipt_id), review(database, review_id)
    assert from_form(kept.document) == RIGHT
    assert (kept.operator, kept.updated_at, kept.extraction_id) == ("민준", LATER, row.extraction_id)
    assert (row.status, row.ledger_id) == (ReceiptStatus.IN_REVIEW, None)
    assert (decided.decision, decided.operator, decided.undone_at, decided.undone_by) == (
        "confirmed",
        "지수",
        LATER,
        "민준",
    )


def test_a_browsers_text_from_before_the_decision_is_not_taken_for_a_newer_one(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    undone(database, receipt_id)
    first = text(database, receipt_id).revision
    confirm(database, action(receipt_id, None, "click-2", "민준"), RIGHT)

    undone(database, receipt_id)

    assert text(database, receipt_id).revision > first + 500 > 1_000


def test_who_undoes_holds_the_receipt_and_finds_it_neither_skipped_nor_postponed(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    version = receipt(database, receipt_id).version

    undone(database, receipt_id)

    row = receipt(database, receipt_id)
    assert (row.claim_operator, row.claimed_at, row.version) == ("민준", LATER, version + 1)
    assert row.claim_until is not None
    assert row.claim_until > LATER
    assert (row.skipped_at, row.postponed_until) == (None, None)


def test_what_was_undone_counts_nowhere(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)

    undone(database, receipt_id)

    assert search_confirmed(database, Search()) == list(all_confirmed(database, Search())) == []
    assert recent_corrections(database) == []
    assert counts_by_field(database) == {}
    assert open_receipt(database, receipt_id).review is None
    assert newest_decision(database, receipt_id) is None


def test_an_undone_receipt_can_be_confirmed_anew_and_counts_once(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    undone(database, receipt_id)
    other = RIGHT.model_copy(update={"total_amount": 17_000})

    confirm(database, action(receipt_id, receipt(database, receipt_id).extraction_id, "click-2", "민준"), other)

    [found] = search_confirmed(database, Search())
    assert found.document["total_amount"] == 17_000
    assert found.review_id == newest_decision(database, receipt_id)
    assert counts_by_field(database) == {"total_amount": 1, "item.name": 1}
    assert rows(database) == {"ledger": 1, "item": 2, "review": 2, "correction": 3, "draft": 0}


def test_undone_twice_is_undone_once(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    review_id = undone(database, receipt_id)
    confirm(database, action(receipt_id, None, "click-2", "민준"), RIGHT)

    assert undo(database, review_id, operator="지수", now=LATER + dt.timedelta(hours=1)) == receipt_id

    assert receipt(database, receipt_id).status == ReceiptStatus.CONFIRMED
    assert review(database, review_id).undone_by == "민준"


def test_of_many_who_undo_at_once_one_does(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    review_id = newest_decision(database, receipt_id)
    assert review_id is not None

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda n: undo(database, review_id, operator=f"{n}", now=LATER), range(4)))

    assert done == [receipt_id] * 4
    assert rows(database) == NOTHING | {"review": 1, "correction": 1, "draft": 1}


def test_a_receipt_amended_since_is_undone_whole_and_keeps_the_amended_text(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    first = newest_decision(database, receipt_id)
    assert first is not None
    change = ItemChange(receipt_id, 1, {"name": "고구마"}, {"name": "감자"})
    amend(database, [change], action_id="save", operator="지수", now=NOW)

    undo(database, first, operator="민준", now=LATER)

    assert [item["name"] for item in text(database, receipt_id).document["items"]] == ["장난감", "고구마"]
    with database.read() as session:
        assert {row.undone_at for row in session.scalars(sa.select(ReviewRow))} == {LATER}
    assert rows(database) == NOTHING | {"review": 2, "correction": 2, "draft": 1}
    assert recent_corrections(database) == []


def test_an_undone_rejection_brings_back_what_was_typed(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    draft(database, receipt_id, extraction_id)
    reject(database, action(receipt_id, extraction_id), "unreadable")

    review_id = undone(database, receipt_id)

    kept = text(database, receipt_id)
    assert (kept.document, kept.operator, kept.revision) == ({"date": "2024"}, "지수", 1)
    assert receipt(database, receipt_id).status == ReceiptStatus.IN_REVIEW
    assert review(database, review_id).reason == "unreadable"


def test_an_undone_rejection_of_what_was_never_read_waits_to_be_read(database: Database) -> None:
    receipt_id = take_in(database, MemoryStore())
    reject(database, action(receipt_id, None), "other", "두 번")

    undone(database, receipt_id)

    assert receipt(database, receipt_id).status == ReceiptStatus.PENDING
    assert rows(database) == NOTHING | {"review": 1}


def test_the_click_that_was_undone_does_nothing_when_it_arrives_again(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    click = action(receipt_id, extraction_id)
    review_id = confirm(database, click, RIGHT)
    undone(database, receipt_id)

    assert confirm(database, click, RIGHT) == review_id
    assert receipt(database, receipt_id).status == ReceiptStatus.IN_REVIEW


def test_rows_that_the_app_removed_before_do_not_keep_a_decision_from_being_undone(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    with database.write() as session:
        session.execute(sa.delete(ItemRow))
        session.execute(sa.delete(LedgerRow))

    undone(database, receipt_id)

    assert from_form(text(database, receipt_id).document) == RIGHT


def test_a_row_that_the_app_refers_to_stays_and_so_does_the_decision(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, RIGHT)
    review_id = newest_decision(database, receipt_id)
    assert review_id is not None
    with database.write() as session:
        session.execute(
            sa.text("CREATE TABLE likes (ledger_id INTEGER, FOREIGN KEY (ledger_id) REFERENCES ledger (id))")
        )
        session.execute(sa.text("INSERT INTO likes SELECT id FROM ledger"))

    with pytest.raises(LedgerRowInUse, match=f"receipt {receipt_id}"):
        undo(database, review_id, operator="민준", now=LATER)

    assert rows(database) == {"ledger": 1, "item": 2, "review": 1, "correction": 1, "draft": 0}
    assert receipt(database, receipt_id).status == ReceiptStatus.CONFIRMED


def test_a_decision_that_nobody_made_cannot_be_undone(database: Database) -> None:
    with pytest.raises(DecisionNotFound):
        undo(database, 404, operator="민준", now=LATER)


def test_an_operators_last_decisions_are_their_own_and_count(database: Database) -> None:
    first, second, third = (read_one(database, key=f"{name}.jpg") for name in "abc")
    one = confirm(database, action(*first, "1"), RIGHT)
    confirm(database, action(*second, "2", "민준"), RIGHT)
    two = reject(database, action(*third, "3"), "duplicate")
    amend(
        database,
        [ItemChange(first[0], 1, {"name": "고구마"}, {"name": "감자"})],
        action_id="4",
        operator="지수",
        now=NOW,
    )

    assert last_decisions(database, "지수") == [
        Decision(two, third[0], "c.jpg", "rejected", "duplicate", NOW),
        Decision(one, first[0], "a.jpg", "confirmed", None, NOW),
    ]
    assert [each.review_id for each in last_decisions(database, "지수", limit=1)] == [two]

    undone(database, third[0])
    assert [each.review_id for each in last_decisions(database, "지수")] == [one]
