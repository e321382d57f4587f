"""What the fields took, added up by hand, on SQLite and MariaDB."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.database import Database
from ledger.operations.field_effort import field_effort
from ledger.operations.measures import Rate
from tests.operations.happened import THAT_DAY, at, decided


def spent(seconds: float, edits: int) -> dict[str, Any]:
    return {"seconds": seconds, "edits": edits}


def test_nothing_measured_is_nothing_to_tell(database: Database) -> None:
    decided(database, at(1), effort=None)

    found = field_effort(database, THAT_DAY)

    assert (found.count, found.fields(), found.edits_a_receipt()) == (0, [], None)


def test_rows_of_the_table_are_one_field_and_the_slowest_field_comes_first(database: Database) -> None:
    rows = {"items.0.name": spent(2.0, 1), "items.11.name": spent(4.0, 2), "date": spent(1.0, 0)}
    decided(database, at(1), effort=rows)
    decided(database, at(2), effort={"date": spent(2.0, 1)})
    decided(database, at(3), effort={})  # confirmed without touching anything

    found = field_effort(database, THAT_DAY)

    assert found.count == 3
    assert [(f.field, f.seconds, f.edits, f.edited) for f in found.fields()] == [
        ("item.name", 2.0, 1.0, Rate(1, 3)),
        ("date", 1.0, pytest.approx(1 / 3), Rate(1, 3)),
    ]
    assert found.edits_a_receipt() is None  # three receipts are too few to tell


def test_edits_of_each_operator_with_enough_receipts(database: Database) -> None:
    for edits in (0, 1, 2, 3, 4):
        decided(database, at(1), effort={"date": spent(1.0, edits)})
    decided(database, at(1), operator="민수", effort={"date": spent(1.0, 8)})

    found = field_effort(database, THAT_DAY)

    assert found.edits_a_receipt() == 3.0
    assert (found.edits_a_receipt("지수"), found.edits_a_receipt("민수")) == (2.0, None)


def test_only_the_newest_confirmed_that_count_are_looked_at(database: Database) -> None:
    for hour, seconds in enumerate((100.0, 1.0, 3.0)):
        decided(database, at(hour), effort={"date": spent(seconds, 0)})
    decided(database, at(5), decision="rejected", effort={"date": spent(50.0, 0)})
    decided(database, at(6), undone_at=at(7), effort={"date": spent(50.0, 0)})

    found = field_effort(database, THAT_DAY, sample=2)

    assert [(f.field, f.seconds) for f in found.fields()] == [("date", 2.0)]
