"""The lexicon holds what people confirmed, keeps what they made of it, and knows nothing of test splits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import LexiconRefused
from ledger.experiments.tables import DatasetCaseRow
from ledger.receipt import Category, LineItem
from ledger.review.amend import ItemChange, amend
from ledger.tuning.lexicon import frozen, names, newest_build, rebuild, shops
from ledger.tuning.lexicon_counts import CountedName, written
from ledger.tuning.lexicon_edits import block_item, block_shop, merge_item, merge_shop, rename_shop
from ledger.tuning.tables import LexiconBuildRow, LexiconItemRow, LexiconShopRow
from tests.experiments.frozen import confirmed as photographed
from tests.experiments.frozen import frozen as dataset
from tests.factories import NOW, MemoryStore
from tests.tuning.pairs import named


@pytest.fixture
def confirmed(database: Database) -> Database:
    """Potatoes twice in one shop, once in another spelling; once in a shop of another name."""
    store = MemoryStore()
    for number, (shop, name) in enumerate(
        [("루트231", "감자"), ("루트 231", "감자"), ("루트231", "감쟈"), ("루트-이", "감자")]
    ):
        photographed(database, store, number, named(name, location=f"하남시, {shop}"))
    rebuild(database)
    return database


def row(database: Database, table: type[Any], *key: str) -> Any:
    with database.read() as session:
        return session.get(table, key if len(key) > 1 else key[0])


def names_of(database: Database, shop: str = "루트231", **more: int) -> list[list[Any]]:
    found: list[list[Any]] = frozen(database, **more)["shops"][shop]["names"]
    return found


def test_shops_and_names_are_counted(confirmed: Database) -> None:
    build = newest_build(confirmed)
    assert build is not None
    assert (build.receipts, build.unseen) == (4, frozenset())
    assert [(shop.shop, shop.name, shop.receipts) for shop in shops(confirmed)] == [
        ("루트231", "루트231", 3),
        ("루트이", "루트-이", 1),
    ]
    assert [(name.name, name.times, name.price_low, name.category) for name in names(confirmed, "루트231")] == [
        ("감자", 2, 1_000, Category.FOOD),
        ("감쟈", 1, 1_000, Category.FOOD),
    ]


def test_what_a_piece_usually_costs_leaves_a_tenth_out_at_both_ends() -> None:
    name = CountedName()
    for price in [1, *range(100, 109), 9_999]:
        name.add(LineItem(name="감자", price=2 * price, count=2), "KRW")
    name.add(LineItem(name="감자", price=5), "KRW")

    assert (name.times, name.usual_price("KRW"), name.category) == (12, (100, 108), None)


def test_amounts_of_different_currencies_are_never_brought_together() -> None:
    name = CountedName()
    for price, currency in ((13_500, "KRW"), (1_250, "USD"), (1_350, "USD")):
        name.add(LineItem(name="감자", price=price, count=1), currency)

    assert name.usual_price("KRW") == (13_500, 13_500)
    assert name.usual_price("USD") == (1_250, 1_350)
    assert name.usual_price("EUR") == (None, None)


@pytest.mark.parametrize(
    ("location", "name"),
    [("하남시 1,  루트  231 ", "루트 231"), ("루트231", "루트231"), ("이마트, 2", "이마트, 2"), (None, "")],
)
def test_a_shop_is_written_as_the_last_part_of_its_place(location: str | None, name: str) -> None:
    assert written(location) == name


def test_what_people_made_of_it_outlives_a_rebuild(confirmed: Database) -> None:
    merge_item(confirmed, "루트231", "감쟈", "감자")
    merge_shop(confirmed, "루트이", "루트231")
    rename_shop(confirmed, "루트231", " 루트  이삼일 ")

    rebuild(confirmed)

    assert frozen(confirmed) == {
        "shops": {"루트231": {"name": "루트 이삼일", "aliases": ["루트231", "루트-이"], "names": [["감자", 4]]}}
    }


def test_what_was_blocked_is_never_offered(confirmed: Database) -> None:
    block_item(confirmed, "루트231", "감자")
    assert names_of(confirmed, least_times=1) == [["감쟈", 1]]

    merge_item(confirmed, "루트231", "감쟈", "감자")
    assert names_of(confirmed, least_times=1) == []

    block_item(confirmed, "루트231", "감자", blocked=False)
    assert names_of(confirmed) == [["감자", 3]]

    block_shop(confirmed, "루트231")
    rebuild(confirmed)
    assert list(frozen(confirmed, least_times=1)["shops"]) == ["루트이"]


def test_only_what_was_confirmed_often_enough_is_offered(confirmed: Database) -> None:
    assert frozen(confirmed)["shops"] == {"루트231": {"name": "루트231", "aliases": [], "names": [["감자", 2]]}}
    assert names_of(confirmed, least_times=1, names_per_shop=1) == [["감자", 2]]


def test_what_nobody_confirms_any_more_is_forgotten_unless_people_edited_it(confirmed: Database) -> None:
    merge_shop(confirmed, "루트이", "루트231")
    for receipt_id in (3, 4):
        right = "감자" if receipt_id == 3 else "우유"
        old = "감쟈" if receipt_id == 3 else "감자"
        amend(
            confirmed,
            [ItemChange(receipt_id, 0, {"name": right}, {"name": old})],
            action_id=f"later {receipt_id}",
            operator="지수",
            now=NOW,
        )

    rebuild(confirmed)

    assert row(confirmed, LexiconItemRow, "루트231", "감쟈") is None
    assert row(confirmed, LexiconItemRow, "루트이", "감자") is None
    assert row(confirmed, LexiconShopRow, "루트이").merged_into == "루트231"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda database: merge_shop(database, "루트231", "루트231"), "cannot be merged into itself"),
        (lambda database: merge_shop(database, "루트231", "없음"), "없음 is not in it any more"),
        (lambda database: merge_shop(database, "없음", None), "없음 is not in it any more"),
        (lambda database: merge_item(database, "루트231", "감자", "감자"), "cannot be merged into itself"),
        (lambda database: merge_item(database, "루트이", "감자", "감쟈"), "감쟈 is not in it any more"),
        (lambda database: block_item(database, "루트이", "없음"), "없음 is not in it any more"),
        (lambda database: rename_shop(database, "루트이", "가" * 256), "at most 255 characters"),
    ],
)
def test_edits_that_make_no_sense_are_refused_in_a_sentence(confirmed: Database, edit: Any, why: str) -> None:
    with pytest.raises(LexiconRefused, match=why):
        edit(confirmed)


def test_merging_makes_neither_circles_nor_chains(confirmed: Database) -> None:
    photographed(confirmed, MemoryStore(), 9, named("오이", location="제삼"))
    rebuild(confirmed)
    merge_shop(confirmed, "제삼", "루트이")
    with pytest.raises(LexiconRefused, match="is itself merged into 루트이"):
        merge_shop(confirmed, "루트231", "제삼")

    merge_shop(confirmed, "루트이", "루트231")
    assert row(confirmed, LexiconShopRow, "제삼").merged_into == "루트231"
    with pytest.raises(LexiconRefused, match="is itself merged into 루트231"):
        merge_shop(confirmed, "루트231", "루트이")

    merge_shop(confirmed, "제삼", None)
    assert row(confirmed, LexiconShopRow, "제삼").merged_into is None


def test_no_name_of_a_test_split_is_offered_even_where_the_lexicon_is_older_than_the_version(
    confirmed: Database,
) -> None:
    merge_item(confirmed, "루트231", "감쟈", "감자")
    version = dataset(confirmed, test_share=1)
    with confirmed.write() as session:
        session.execute(sa.update(DatasetCaseRow).where(DatasetCaseRow.receipt_id >= 3).values(split="tune"))

    offered = frozen(confirmed, least_times=1)

    build = newest_build(confirmed)
    assert build is not None
    assert build.unseen == {version.id}
    # 감자 stands on receipts of the test split alone, so it is not offered as what 감쟈 was merged into either.
    assert offered["shops"]["루트231"]["names"] == []
    assert offered["shops"]["루트이"]["names"] == [["감자", 1]]


def test_what_is_older_than_a_day_is_counted_again(confirmed: Database) -> None:
    photographed(confirmed, MemoryStore(), 9, named("오이", "오이", location="제삼"))
    assert "제삼" not in frozen(confirmed, least_times=1)["shops"]

    with confirmed.write() as session:
        session.execute(sa.update(LexiconBuildRow).values(created_at=utc_now() - dt.timedelta(hours=25)))

    assert frozen(confirmed, least_times=1)["shops"]["제삼"]["names"] == [["오이", 2]]


def test_many_names_are_stored_in_several_statements_and_progress_is_told(database: Database) -> None:
    for number in range(3):
        many = (f"감자 {each}" for each in range(200 * number, 200 * (number + 1)))
        photographed(database, MemoryStore(), number, named(*many))

    told: list[int] = []
    rebuild(database, told.append, tell_every=2)

    assert told == [2]
    assert len(names(database, "루트231")) == 600
    assert len(names(database, "루트231", limit=3)) == 3
