"""What was read stands beside what was confirmed, once for each receipt that a person looked at."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from ledger.database import Database
from ledger.review.amend import ItemChange, amend
from ledger.review.confirm import confirm
from ledger.review.pairs import each_pair, newest_pairs
from ledger.review.undo import newest_decision, undo
from ledger.tables import ExtractionRow, ReviewRow
from tests.factories import MISREAD, NOW, RIGHT, MemoryStore, action, confirm_one, take_in


def test_a_reading_stands_beside_what_was_confirmed(database: Database) -> None:
    confirm_one(database, MISREAD, RIGHT)

    (pair,) = each_pair(database)

    assert (pair.read, pair.confirmed, pair.shop) == (MISREAD, RIGHT, "루트231")
    assert [(each.field, each.model_value, each.human_value) for each in pair.corrections()] == [
        ("item.name", "검자", "감자")
    ]


def test_a_pair_may_come_without_its_doubts(database: Database) -> None:
    confirm_one(database, MISREAD, RIGHT)
    with database.write() as session:
        session.execute(sa.update(ExtractionRow).values(doubts={"date": {"risk": 0.5}}))

    (whole,), (light,) = each_pair(database), each_pair(database, with_doubts=False)

    assert whole.doubts == {"date": {"risk": 0.5}}
    assert light == replace(whole, doubts=None)


def test_what_was_amended_later_counts_in_place_of_what_was_confirmed_first(database: Database) -> None:
    receipt_id = confirm_one(database, MISREAD, MISREAD)
    change = ItemChange(receipt_id, 1, {"name": "감자"}, {"name": "검자"})
    amend(database, [change], action_id="later", operator="민호", now=NOW)

    (pair,) = each_pair(database)

    assert (pair.decision, pair.operator, pair.confirmed) == ("amended", "민호", RIGHT)


def test_what_was_undone_or_typed_by_hand_is_no_pair(database: Database) -> None:
    decision = newest_decision(database, confirm_one(database, MISREAD, RIGHT))
    assert decision is not None
    undo(database, decision, operator="지수", now=NOW)
    by_hand = take_in(database, MemoryStore(), "ledger/손.jpg")
    confirm(database, action(by_hand, None), RIGHT)

    assert list(each_pair(database)) == []


def test_what_nobody_looked_at_is_no_pair(database: Database) -> None:
    confirm_one(database, MISREAD, MISREAD)
    with database.write() as session:
        session.execute(sa.update(ReviewRow).values(auto_confirm_id=1))

    assert list(each_pair(database)) == []


def test_pairs_go_on_behind_a_decision_and_come_the_other_way_round(database: Database) -> None:
    for number in range(3):
        confirm_one(database, MISREAD, RIGHT, key=f"ledger/{number}.jpg")

    first, second, third = each_pair(database)

    assert [pair.review_id for pair in each_pair(database, after=first.review_id)] == [
        second.review_id,
        third.review_id,
    ]
    assert newest_pairs(database, limit=2) == [third, second]
    assert list(each_pair(database, ReviewRow.id == second.review_id)) == [second]
