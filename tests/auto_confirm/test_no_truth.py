"""What nobody looked at stands in the ledger, says so, can be undone, and is taken for truth by nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import NoReceiptsToFreeze
from ledger.experiments.datasets import cases_of, dataset_versions
from ledger.experiments.freezing import UNATTENDED
from ledger.operations.decisions import AUTO_CONFIRMED
from ledger.operations.figures import count, figures
from ledger.operations.period import Period
from ledger.review import shop_items
from ledger.review.amend import ItemChange, amend
from ledger.review.confirmed import Search, search_confirmed
from ledger.review.history import Kind, history
from ledger.review.pairs import each_pair
from ledger.review.tables import ShopItemRow
from ledger.review.undo import newest_decision, undo
from ledger.tables import LedgerRow, ReviewRow
from tests.auto_confirm.receipts import Readings
from tests.experiments.frozen import frozen
from tests.factories import NOW


def names(database: Database) -> list[tuple[str, int]]:
    with database.read() as session:
        return [(row.name, row.times) for row in session.scalars(sa.select(ShopItemRow).order_by(ShopItemRow.shop))]


def amended(database: Database, receipt_id: int) -> None:
    change = ItemChange(receipt_id, 0, {"name": "감자"}, {"name": "장난감"})
    assert amend(database, [change], action_id=f"a{receipt_id}", operator="민호", now=NOW) == 1


def test_it_is_frozen_into_no_dataset_and_said_how_many(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    desk.come()
    with pytest.raises(NoReceiptsToFreeze) as refused:
        frozen(database)
    desk.people_confirm(by_people := desk.read(image_sha256="0" * 64))
    (mended,) = desk.come()
    amended(database, mended)

    report = frozen(database)

    assert refused.value.fields["why"].sentence == UNATTENDED
    assert [(note.sentence, note.fields) for note in report.left_out] == [(UNATTENDED, {"count": "2"})]
    assert [case.receipt_id for case in cases_of(database, dataset_versions(database)[0], None)] == [by_people]


def test_it_is_no_pair_not_even_when_a_field_of_it_was_amended(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    (receipt_id,) = desk.come()
    amended(database, receipt_id)
    assert list(each_pair(database)) == []

    undo(database, newest_decision(database, receipt_id) or 0, operator="지수", now=NOW)
    desk.people_confirm(receipt_id)

    assert [pair.operator for pair in each_pair(database)] == ["지수"]


def test_its_names_are_counted_in_no_shop_whatever_becomes_of_it(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    desk.people_confirm(desk.read(risk=0.5))
    before = names(database)

    (receipt_id,) = desk.come()
    amended(database, receipt_id)
    assert names(database) == before
    shop_items.rebuild(database)
    assert names(database) == before
    undo(database, newest_decision(database, receipt_id) or 0, operator="지수", now=NOW)
    assert names(database) == before == [("장난감", 1)]


def test_it_is_no_work_of_anybody_and_told_beside_it(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    desk.people_confirm(desk.read(risk=0.5), wrong=True)
    desk.come(3)
    day = Period.of(NOW.date(), NOW.date(), "Asia/Seoul")

    found = figures(database, [count(database, day)])

    assert found.auto_confirmed == 3
    assert [(work.operator, work.confirmed, work.unchanged) for work in found.work] == [("지수", 1, 0)]
    assert {kind: number for (_, kind), number in found.decisions.items()} == {"confirmed": 1, AUTO_CONFIRMED: 3}


def test_its_history_and_the_list_of_what_is_confirmed_say_so_until_it_is_undone(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    (receipt_id,) = desk.come()

    (listed,) = search_confirmed(database, Search())
    assert listed.unattended
    assert [event.kind for event in history(database, receipt_id).events] == [Kind.READ, Kind.AUTO_CONFIRMED]

    undo(database, listed.review_id, operator="지수", now=NOW)
    undone = next(event for event in history(database, receipt_id).events if event.kind is Kind.UNDONE)
    assert undone.facts == {"decision": Kind.AUTO_CONFIRMED}
    assert search_confirmed(database, Search()) == []
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LedgerRow)) == 0
        assert session.scalars(sa.select(ReviewRow.undone_by)).all() == ["지수"]
