"""What is confirmed becomes a dataset version: which receipts, which of them, and as what."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import NameMissing, NameTaken, NoReceiptsToFreeze
from ledger.experiments.datasets import NewCase, add_version, cases_of, dataset_version, dataset_versions
from ledger.experiments.freezing import Matching, matching
from ledger.experiments.tables import DatasetCaseRow, DatasetVersionRow
from ledger.experiments.words import PHOTOS, Case, DatasetVersion, Split
from ledger.receipt import Receipt
from ledger.review.amend import ItemChange, amend
from ledger.review.confirm import Action, confirm
from ledger.review.confirmed import Search
from ledger.review.undo import undo
from ledger.tables import ExtractionRow, ReceiptRow, ReviewRow
from tests.experiments.frozen import bought, confirmed, frozen
from tests.factories import NOW, RIGHT, MemoryStore, jpeg, take_in


def cases(database: Database, split: Split | None = None) -> list[Case]:
    return cases_of(database, dataset_versions(database)[0], split)


def test_a_version_holds_what_was_confirmed_and_the_picture_it_was_confirmed_from(database: Database) -> None:
    receipt_id = confirmed(database, MemoryStore(), 1)

    report = frozen(database, " 첫   버전 ", test_share=1)

    [case] = cases(database)
    assert (report.name, report.cases, report.tests, report.candidates, report.left_out) == ("첫 버전", 1, 1, 1, ())
    assert (case.truth, case.shop, case.date, case.split) == (RIGHT, "루트231", RIGHT.date, Split.TEST)
    assert (case.store, case.object_key, case.receipt_id) == (PHOTOS, "ledger/1.jpg", receipt_id)
    assert case.image_sha256 == hashlib.sha256(jpeg(1)).hexdigest()
    version = dataset_version(database, "첫 버전")
    assert (version.id, version.operator, version.created_at) == (report.id, "지수", NOW)
    assert dataset_version(database, report.id) == dataset_version(database, str(report.id)) == version
    assert version.origin == {
        "made": "frozen",
        "text": "",
        "since": None,
        "until": None,
        "size": None,
        "candidates": 1,
        "left_out": {},
        "seed": 7,
        "test_share": 1,
    }


def test_what_was_amended_counts_and_what_is_amended_later_does_not(database: Database) -> None:
    receipt_id = confirmed(database, MemoryStore(), 1)

    def rename(old: str, new: str) -> None:
        change = ItemChange(receipt_id, 1, {"name": new}, {"name": old})
        amend(database, [change], action_id=new, operator="하나", now=NOW)

    rename("감자", "왕감자")
    frozen(database)
    rename("왕감자", "알감자")

    assert [case.truth.items[1].name for case in cases(database)] == ["왕감자"]


def test_a_decision_that_was_undone_does_not_count(database: Database) -> None:
    receipt_id = confirmed(database, MemoryStore(), 1)
    with database.read() as session:
        review_id = session.scalars(sa.select(ReviewRow.id)).one()
    undo(database, review_id, operator="지수", now=NOW)

    with pytest.raises(NoReceiptsToFreeze, match=r"No confirmed receipt matches\."):
        frozen(database)

    with database.read() as session:
        row = session.get_one(ReceiptRow, receipt_id)
    again = Action("again", receipt_id, row.extraction_id, "지수", NOW, row.etag, row.claim_token, row.version)
    confirm(database, again, bought("카페"))
    frozen(database)
    assert [case.truth for case in cases(database)] == [bought("카페")]


def test_only_what_matches_is_taken(database: Database) -> None:
    store = MemoryStore()
    for number, shop in enumerate(["카페", "카페", "병원"]):
        confirmed(database, store, number, bought(shop, day=number))
    assert RIGHT.date is not None
    search = Search("카페", since=RIGHT.date + dt.timedelta(days=1))

    assert matching(database, Search()) == Matching(receipts=3, shops=2)
    assert matching(database, search) == Matching(receipts=1, shops=1)
    assert frozen(database, search=search).cases == 1
    assert [case.truth for case in cases(database)] == [bought("카페", 1)]


def test_what_cannot_be_taken_is_told_with_the_reason(database: Database) -> None:
    store = MemoryStore()
    confirmed(database, store, 1)
    confirmed(database, store, 2, photo=jpeg(1))
    replaced = confirmed(database, store, 3)
    by_hand = take_in(database, store, "ledger/hand.jpg")
    confirm(database, Action("hand", by_hand, None, "지수", NOW, hashlib.sha256(jpeg()).hexdigest()), RIGHT)
    with database.write() as session:
        session.get_one(ReceiptRow, replaced).etag = "another"

    report = frozen(database)

    assert (report.cases, report.candidates) == (1, 1)
    assert sorted(map(str, report.left_out)) == [
        "Left out, because it was confirmed without a reading and nothing says which picture it was: 1.",
        "Left out, because the photo was replaced since it was confirmed: 1.",
        "Left out, because the picture is the same as that of another receipt: 1.",
    ]


def test_where_nothing_can_be_taken_the_reason_is_told(database: Database) -> None:
    receipt_id = confirmed(database, MemoryStore(), 1)
    with database.write() as session:
        session.get_one(ReceiptRow, receipt_id).etag = "another"

    with pytest.raises(NoReceiptsToFreeze, match="replaced since it was confirmed: 1"):
        frozen(database)
    assert dataset_versions(database) == []


def test_a_sample_has_each_shop_and_risk_in_proportion(database: Database) -> None:
    store = MemoryStore()
    for number in range(24):
        confirmed(database, store, number, bought("카페" if number < 16 else "병원", day=number))
    with database.write() as session:
        for row in session.scalars(sa.select(ExtractionRow)):
            row.risk = 0.9 if row.receipt_id % 2 else None

    report = frozen(database, size=12)

    chosen = [case.receipt_id for case in cases(database)]
    assert (report.cases, report.candidates) == (12, 24)
    assert Counter(case.shop for case in cases(database)) == {"카페": 8, "병원": 4}
    assert sum(receipt_id % 2 for receipt_id in chosen if receipt_id is not None) == 6
    frozen(database, "wie zuvor", size=12)
    assert [case.receipt_id for case in cases(database)] == chosen
    frozen(database, "anders", size=12, seed=8)
    assert [case.receipt_id for case in cases(database)] != chosen


def test_equal_receipts_have_an_equal_hash_and_others_another(database: Database) -> None:
    store = MemoryStore()
    for number in range(4):
        confirmed(database, store, number, bought(day=number))
    for name, share in (("one", 0.5), ("two", 0.5), ("all", 1)):
        frozen(database, name, test_share=share)

    one, two, other = (dataset_version(database, name).sha256 for name in ("one", "two", "all"))
    assert one == two != other
    hashes = [case.image_sha256 for case in cases(database)]
    assert hashes == sorted(hashes)


def test_the_cases_of_one_split_can_be_asked_for(database: Database) -> None:
    store = MemoryStore()
    for number in range(4):
        confirmed(database, store, number, bought(day=number))

    report = frozen(database)

    assert report.tests == 2
    assert [case.truth.date for case in sorted(cases(database, Split.TEST), key=lambda case: case.receipt_id or 0)] == [
        bought(day=2).date,
        bought(day=3).date,
    ]
    assert len(cases(database, Split.TUNE)) == 2


def test_a_name_is_given_once(database: Database) -> None:
    confirmed(database, MemoryStore(), 1)
    frozen(database, "첫 버전")

    for again in ("첫 버전", " 첫  버전", unicodedata.normalize("NFD", "첫 버전")):
        with pytest.raises(NameTaken):
            frozen(database, again)
    for missing in ("", "  ", "가" * 129):
        with pytest.raises(NameMissing):
            frozen(database, missing)
    assert len(dataset_versions(database)) == 1


def written(database: Database, **of_case: Any) -> DatasetVersion:
    """A version of one receipt, whose name was free when somebody looked."""
    case = NewCase.of(RIGHT, **{"image_sha256": "0" * 64, "store": PHOTOS, "object_key": "1.jpg"} | of_case)
    return add_version(database, "첫 버전", {}, [case], seed=7, test_share=0.5, operator="지수", now=NOW)


def test_of_two_who_give_a_name_at_once_one_wins(database: Database) -> None:
    version = written(database)

    with pytest.raises(NameTaken):
        written(database)

    assert dataset_versions(database) == [version]


def test_a_version_that_cannot_be_written_whole_is_not_there(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=r"(?i)null|default value"):
        written(database, object_key=None)

    with database.read() as session:
        assert session.scalars(sa.select(DatasetVersionRow.id)).all() == []
        assert session.scalars(sa.select(DatasetCaseRow.id)).all() == []


def test_unreadable_places_are_of_no_shop(database: Database) -> None:
    confirmed(database, MemoryStore(), 1, RIGHT.model_copy(update={"location": None}))

    frozen(database)

    assert [(case.shop, case.truth.location) for case in cases(database)] == [("", None)]
    assert isinstance(cases(database)[0].truth, Receipt)
