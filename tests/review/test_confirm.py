"""A decision is stored whole, once, and by one operator."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from ledger.checks import SUM_DIFFERS
from ledger.database import Database
from ledger.errors import PhotoChanged, ReceiptClosed, ReceiptNotFound
from ledger.notes import Note
from ledger.receipt import Category, LineItem, Receipt, ReceiptStatus
from ledger.review.confirm import Remarks, confirm, confirmed_receipt, reject
from ledger.tables import CorrectionRow, ItemRow, LedgerRow, ReviewRow
from tests.factories import MISREAD, NOW, RIGHT, MemoryStore, action, jpeg, read_one, take_in
from tests.review.rows import NOTHING, draft, receipt, rows


def test_a_confirmed_receipt_stands_in_the_apps_tables(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)

    confirm(database, action(receipt_id, extraction_id), RIGHT)

    with database.read() as session:
        ledger = session.scalars(sa.select(LedgerRow)).one()
        items = session.scalars(sa.select(ItemRow).order_by(ItemRow.id)).all()
    assert (ledger.member_id, ledger.location, ledger.date, ledger.message) == (
        "member-7",
        RIGHT.location,
        RIGHT.date,
        "",
    )
    assert [(i.name, i.price, i.quantity, i.category, i.ledger_id) for i in items] == [
        ("장난감", 13_500, 3, "용품", ledger.id),
        ("감자", 4_000, 1, "식비", ledger.id),
    ]
    closed = receipt(database, receipt_id)
    assert (closed.status, closed.ledger_id, closed.version) == (ReceiptStatus.CONFIRMED, ledger.id, 2)


def test_items_are_numbered_in_the_order_of_the_receipt(database: Database) -> None:
    items = tuple(LineItem(name=f"{n}번", price=n, count=1, category=Category.OTHER) for n in range(40, 0, -1))
    receipt_id, extraction_id = read_one(database)

    confirm(database, action(receipt_id, extraction_id), RIGHT.model_copy(update={"items": items}))

    with database.read() as session:
        names = session.scalars(sa.select(ItemRow.name).order_by(ItemRow.id)).all()
    assert list(names) == [item.name for item in items]


def test_the_review_keeps_the_note_and_what_was_confirmed_over_with_the_reason(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    differs = Note(SUM_DIFFERS, {"amount": "1,000"})

    remarks = Remarks("뒷면 참고", (differs,), "other", "쿠폰")
    review_id = confirm(database, action(receipt_id, extraction_id), RIGHT, remarks)

    with database.read() as session:
        review = session.get_one(ReviewRow, review_id)
    assert (review.note, review.reason, review.reason_text) == ("뒷면 참고", "other", "쿠폰")
    assert review.warnings == [{"sentence": SUM_DIFFERS, "fields": {"amount": "1,000"}}]


def test_a_review_without_warnings_keeps_no_reason(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)

    review_id = confirm(database, action(receipt_id, extraction_id), RIGHT, Remarks(reason="as_printed"))

    with database.read() as session:
        review = session.get_one(ReviewRow, review_id)
    assert (review.note, review.reason, review.warnings) == (None, None, None)


def test_the_review_keeps_who_decided_when_and_the_json_as_confirmed_with_its_currency(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    human = RIGHT.model_copy(update={"currency": "MYR"})

    review_id = confirm(database, action(receipt_id, extraction_id), human)

    with database.read() as session:
        review = session.get_one(ReviewRow, review_id)
    assert (review.decision, review.operator, review.created_at) == ("confirmed", "지수", NOW)
    assert (review.receipt_id, review.extraction_id, review.reason) == (receipt_id, extraction_id, None)
    assert review.document == {
        "date": "2024-11-11",
        "location": "경기 하남시 미사대로 1, 루트231",
        "items": [
            {"name": "장난감", "price": 13500, "count": 3, "category": "용품"},
            {"name": "감자", "price": 4000, "count": 1, "category": "식비"},
        ],
        "total_amount": 17500,
        "currency": "MYR",
    }


def test_an_amount_of_minus_one_and_an_unreadable_one_stay_apart(database: Database) -> None:
    for n, total in enumerate((-1, None)):
        receipt_id, extraction_id = read_one(database, key=f"{n}.jpg")
        human = RIGHT.model_copy(update={"total_amount": total})
        review_id = confirm(database, action(receipt_id, extraction_id, f"click {n}"), human)

        with database.read() as session:
            assert confirmed_receipt(session.get_one(ReviewRow, review_id)) == human


def test_what_was_changed_becomes_corrections(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)

    review_id = confirm(database, action(receipt_id, extraction_id), RIGHT)

    with database.read() as session:
        found = session.scalars(sa.select(CorrectionRow)).one()
    assert (found.review_id, found.receipt_id, found.extraction_id) == (review_id, receipt_id, extraction_id)
    assert (found.field, found.item_index, found.model_value, found.human_value) == ("item.name", 1, "검자", "감자")
    assert (found.previous_value, found.created_at) == (None, NOW)


def test_an_unreadable_value_is_null_in_its_correction(database: Database) -> None:
    receipt_id, extraction_id = read_one(database, MISREAD.model_copy(update={"total_amount": None}))

    confirm(database, action(receipt_id, extraction_id), MISREAD)

    with database.read() as session:
        wanted = sa.select(CorrectionRow.human_value).where(CorrectionRow.model_value.is_(None))
        assert session.scalars(wanted).all() == [17_500]


def test_the_draft_is_gone_afterwards(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    draft(database, receipt_id, extraction_id)

    confirm(database, action(receipt_id, extraction_id), RIGHT)

    assert rows(database)["draft"] == 0


def test_the_same_click_twice_is_one_confirm(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)

    ids = {confirm(database, action(receipt_id, extraction_id), RIGHT) for _ in range(2)}

    assert len(ids) == 1
    assert rows(database) == NOTHING | {"ledger": 1, "item": 2, "review": 1, "correction": 1}


def test_another_click_on_a_confirmed_receipt_is_refused(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    confirm(database, action(receipt_id, extraction_id), RIGHT)

    with pytest.raises(ReceiptClosed, match="already confirmed"):
        confirm(database, action(receipt_id, extraction_id, "click-2"), MISREAD)
    with pytest.raises(ReceiptClosed, match="already confirmed"):
        reject(database, action(receipt_id, extraction_id, "click-3"), "duplicate")

    assert rows(database)["ledger"] == 1


def test_a_photo_that_was_replaced_is_not_decided_upon_before_it_was_seen(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    seen_before = action(receipt_id, extraction_id, photo=jpeg(100))

    with pytest.raises(PhotoChanged, match="was replaced while you were typing"):
        confirm(database, seen_before, RIGHT)
    with pytest.raises(PhotoChanged):
        reject(database, seen_before, "duplicate")

    assert rows(database) == NOTHING
    confirm(database, action(receipt_id, extraction_id), RIGHT)
    with pytest.raises(ReceiptClosed):
        confirm(database, action(receipt_id, extraction_id, "click-2", photo=jpeg(100)), RIGHT)


def test_a_receipt_that_does_not_exist_cannot_be_decided(database: Database) -> None:
    with pytest.raises(ReceiptNotFound):
        confirm(database, action(404, None), RIGHT)
    with pytest.raises(ReceiptNotFound):
        reject(database, action(404, None), "other")

    assert rows(database) == NOTHING


def test_a_receipt_typed_by_hand_has_no_corrections(database: Database) -> None:
    receipt_id = take_in(database, MemoryStore())

    confirm(database, action(receipt_id, None), RIGHT)

    assert rows(database) == NOTHING | {"ledger": 1, "item": 2, "review": 1}


def test_a_receipt_without_place_or_items_is_confirmed_with_the_contracts_value(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)

    confirm(database, action(receipt_id, extraction_id), Receipt(date=dt.date(2024, 11, 11)))

    with database.read() as session:
        assert session.scalars(sa.select(LedgerRow.location)).one() == "읽을 수 없음"
    assert rows(database)["item"] == 0


def test_the_longest_texts_and_the_largest_amounts_fit(database: Database) -> None:
    item = LineItem(name="🐶" * 255, price=2**31 - 1, count=9_999, category=Category.FOOD)
    human = Receipt(date=dt.date(1900, 1, 1), location="감" * 255, items=(item,), total_amount=-(2**31 - 1))
    receipt_id, extraction_id = read_one(database)

    confirm(database, action(receipt_id, extraction_id), human)

    with database.read() as session:
        row = session.scalars(sa.select(ItemRow)).one()
    assert (row.name, row.price, row.quantity) == (item.name, item.price, item.count)


def test_a_rejected_receipt_keeps_why_and_has_no_ledger_row(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    draft(database, receipt_id, extraction_id)

    ids = {reject(database, action(receipt_id, extraction_id), "other", "감" * 600) for _ in range(2)}

    with database.read() as session:
        [review] = [session.get_one(ReviewRow, review_id) for review_id in ids]
    assert (review.decision, review.reason, review.reason_text) == ("rejected", "other", "감" * 500)
    assert review.document is None
    assert receipt(database, receipt_id).status == ReceiptStatus.REJECTED
    assert rows(database) == NOTHING | {"review": 1, "draft": 1}


def test_a_rejected_receipt_cannot_be_confirmed(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    reject(database, action(receipt_id, extraction_id), "not_a_receipt")

    with pytest.raises(ReceiptClosed, match="already rejected"):
        confirm(database, action(receipt_id, extraction_id, "click-2"), RIGHT)


def test_a_reading_of_another_receipt_is_no_ground_for_corrections(database: Database) -> None:
    receipt_id, _ = read_one(database)
    _, other = read_one(database, key="ledger/다른.jpg")

    with pytest.raises(sa.exc.NoResultFound):
        confirm(database, action(receipt_id, other), RIGHT)

    assert rows(database) == NOTHING
    assert receipt(database, receipt_id).status == ReceiptStatus.EXTRACTED
