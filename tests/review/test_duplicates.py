"""Receipts that may be one: the same bytes, nearly the same picture, or the same place, day and total."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from ledger.database import Database
from ledger.extraction.pipeline import Reader
from ledger.inbox.ingest import ingest_object
from ledger.receipt import Receipt, ReceiptStatus
from ledger.review.confirm import confirm, reject
from ledger.review.duplicates import SHOWN, LookAlike, Sign, look_alikes, tell_apart
from ledger.review.undo import newest_decision, undo
from tests.factories import NOW, RIGHT, FakeExtractor, MemoryStore, action, smaller
from tests.review.rows import receipt

PHOTOS = Path(__file__).parents[2] / "samples" / "photos"
CAFE = (PHOTOS / "cafe_dalmong.jpg").read_bytes()
STORE = (PHOTOS / "store24_evening.jpg").read_bytes()
VET = (PHOTOS / "vet_haneulbit.jpg").read_bytes()
LUNCH = Receipt(date=dt.date(2024, 11, 11), location="경기 하남시 미사대로 1, 루트231 애견카페", total_amount=17_500)
OTHER = Receipt(date=dt.date(2024, 10, 1), location="달몽 카페", total_amount=9_000)


class Photos:
    """One store; each photo put into it is read as it is told to be."""

    def __init__(self, database: Database) -> None:
        self.database, self.store, self.count = database, MemoryStore(), 0

    def read(self, photo: bytes, read_as: Receipt = OTHER) -> int:
        self.count += 1
        receipt_id = ingest_object(self.database, self.store, self.store.put(f"{self.count}.jpg", photo), NOW)
        Reader(self.database, self.store, FakeExtractor(read_as), lambda: NOW).read(receipt_id)
        return receipt_id

    def confirm(self, receipt_id: int, human: Receipt) -> None:
        row = receipt(self.database, receipt_id)
        click = action(receipt_id, row.extraction_id, f"confirm {receipt_id}")
        confirm(self.database, replace(click, etag=row.etag), human)


@pytest.fixture
def photos(database: Database) -> Photos:
    return Photos(database)


def blank(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 600), colour).save(out, "JPEG")
    return out.getvalue()


def signs(database: Database, receipt_id: int) -> dict[int, Sign]:
    return {alike.receipt_id: alike.sign for alike in look_alikes(database, receipt_id)}


def test_the_same_bytes_and_nearly_the_same_picture_are_found_and_another_photo_is_not(
    database: Database, photos: Photos
) -> None:
    first, same, small, _ = (photos.read(photo) for photo in (CAFE, CAFE, smaller(CAFE), STORE))
    other_sale = photos.read(STORE, LUNCH)

    assert look_alikes(database, same) == [
        LookAlike(first, Sign.BYTES, ReceiptStatus.EXTRACTED, None),
        LookAlike(small, Sign.PICTURE, ReceiptStatus.EXTRACTED, None),
        LookAlike(4, Sign.SALE, ReceiptStatus.EXTRACTED, None),
    ]
    assert signs(database, small) == {first: Sign.PICTURE, same: Sign.PICTURE, 4: Sign.SALE}
    assert signs(database, other_sale) == {4: Sign.BYTES}


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("루트231 애견카페", True),
        ("경기 하남시 미사대로 1 루트 231 애견까페", True),
        ("서울 강남구 테헤란로 5, GS25", False),
        (None, False),
    ],
)
def test_one_sale_on_two_photos_is_found_by_day_and_total_when_the_places_are_alike(
    database: Database, photos: Photos, place: str | None, found: bool
) -> None:
    first = photos.read(CAFE, LUNCH)
    second = photos.read(STORE, LUNCH.model_copy(update={"location": place}))

    assert signs(database, second) == ({first: Sign.SALE} if found else {})


def test_pictures_on_which_nothing_is_printed_are_alike_by_their_sale_alone(database: Database, photos: Photos) -> None:
    first = photos.read(blank("white"), LUNCH)
    second = photos.read(blank("grey"), LUNCH)

    assert signs(database, second) == {first: Sign.SALE}


@pytest.mark.parametrize("change", [{"date": None}, {"total_amount": None}, {"total_amount": 17_501}])
def test_another_day_or_total_is_another_sale(
    database: Database, photos: Photos, change: dict[str, int | None]
) -> None:
    photos.read(CAFE, LUNCH)

    assert signs(database, photos.read(STORE, LUNCH.model_copy(update=change))) == {}


def test_what_was_confirmed_counts_and_not_what_had_been_read(database: Database, photos: Photos) -> None:
    misread = photos.read(CAFE, LUNCH.model_copy(update={"total_amount": 11_500}))
    photos.confirm(misread, LUNCH)

    assert look_alikes(database, photos.read(STORE, LUNCH)) == [
        LookAlike(misread, Sign.SALE, ReceiptStatus.CONFIRMED, "지수")
    ]
    assert look_alikes(database, photos.read(VET, LUNCH.model_copy(update={"total_amount": 11_500}))) == []


def test_of_an_undone_decision_the_values_count_no_more(database: Database, photos: Photos) -> None:
    misread = photos.read(CAFE, LUNCH.model_copy(update={"total_amount": 11_500}))
    photos.confirm(misread, LUNCH)
    review_id = newest_decision(database, misread)
    assert review_id is not None
    undo(database, review_id, operator="민준", now=NOW)

    assert look_alikes(database, photos.read(STORE, LUNCH)) == []


def test_what_was_confirmed_comes_before_what_is_open_and_what_was_rejected_last(
    database: Database, photos: Photos
) -> None:
    rejected, open_, confirmed, own = (photos.read(CAFE) for _ in range(4))
    photos.confirm(confirmed, RIGHT)
    click = action(rejected, None, "reject")
    reject(database, replace(click, etag=receipt(database, rejected).etag), "duplicate")

    assert [alike.receipt_id for alike in look_alikes(database, own)] == [confirmed, open_, rejected]


def test_a_pair_that_was_told_apart_is_not_proposed_again_from_either_side(database: Database, photos: Photos) -> None:
    first, second, third = (photos.read(CAFE) for _ in range(3))

    tell_apart(database, second, first)
    tell_apart(database, second, first)

    assert signs(database, second) == {third: Sign.BYTES}
    assert signs(database, first) == {third: Sign.BYTES}
    assert set(signs(database, third)) == {first, second}


def test_few_are_proposed_however_many_there_are(database: Database, photos: Photos) -> None:
    for _ in range(SHOWN + 3):
        last = photos.read(CAFE)

    assert len(look_alikes(database, last)) == SHOWN


def test_a_receipt_that_nothing_is_known_of_is_like_no_other(database: Database, photos: Photos) -> None:
    receipt_id = ingest_object(database, photos.store, photos.store.put("new.jpg", CAFE), NOW)

    assert look_alikes(database, receipt_id) == look_alikes(database, 404) == []


def test_the_look_takes_three_queries_that_each_end_soon(database: Database, photos: Photos) -> None:
    photos.read(CAFE, LUNCH)
    own = photos.read(CAFE, LUNCH)
    asked: list[str] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    look_alikes(database, own)

    assert len(asked) == 3
    assert asked[1].count("LIMIT") == 1 + 16 + 1 + 1
