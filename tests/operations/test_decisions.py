"""What people decided, counted by hand, on SQLite and MariaDB."""

from __future__ import annotations

import datetime as dt

from ledger.database import Database
from ledger.operations.decisions import decisions_by_slot, together, work_by_operator
from ledger.operations.period import Period
from tests.operations.happened import DAY, SEOUL, THAT_DAY, at, decided


def test_nothing_decided_is_nothing_to_count(database: Database) -> None:
    assert decisions_by_slot(database, THAT_DAY) == {}
    assert work_by_operator(database, THAT_DAY) == []
    assert together([]).first_pass.share is None


def test_decisions_fall_into_hours_of_the_operators_day(database: Database) -> None:
    just_before, last = at(0) - dt.timedelta(microseconds=1), at(24) - dt.timedelta(microseconds=1)
    for when in (just_before, at(0), at(0.99), at(1), last, at(24)):
        decided(database, when)
    decided(database, at(1.5), decision="rejected")

    assert decisions_by_slot(database, THAT_DAY) == {
        (at(0), "confirmed"): 2,
        (at(1), "confirmed"): 1,
        (at(1), "rejected"): 1,
        (at(23), "confirmed"): 1,
    }


def test_longer_ranges_fall_into_days(database: Database) -> None:
    for hours in (0, 23.9, 24, 71.9, 72):
        decided(database, at(hours))

    assert decisions_by_slot(database, Period.of(DAY, DAY + dt.timedelta(days=2), SEOUL)) == {
        (at(0), "confirmed"): 2,
        (at(24), "confirmed"): 1,
        (at(48), "confirmed"): 1,
    }


def test_what_was_undone_or_amended_later_does_not_count(database: Database) -> None:
    decided(database, at(1), undone_at=at(2), undone_by="지수")
    decided(database, at(1), decision="amended")

    assert decisions_by_slot(database, THAT_DAY) == {}
    assert work_by_operator(database, THAT_DAY) == []


def test_each_operators_work(database: Database) -> None:
    for seconds in (4.0, 5.0, 5.2, 6.0, 60.0):
        decided(database, at(1), seconds=seconds)
    decided(database, at(2), corrections=3)  # nobody measured
    decided(database, at(2), decision="rejected", seconds=3.0)
    decided(database, at(3), operator="민수", by_hand=True, seconds=90.0)

    jisu, minsu = work_by_operator(database, THAT_DAY)

    assert (jisu.operator, jisu.confirmed, jisu.rejected, jisu.unchanged) == ("지수", 6, 1, 5)
    assert jisu.times.half_seconds == {6: 1, 8: 1, 10: 2, 12: 1, 120: 1}
    assert jisu.times.median == 5.0
    assert (minsu.operator, minsu.decided, minsu.unchanged) == ("민수", 1, 0)  # typed by hand: it was not read right
    everybody = together([jisu, minsu])
    assert (everybody.decided, everybody.first_pass.hits, everybody.first_pass.cases) == (8, 5, 7)
    assert everybody.times.cases == 7


def test_a_correction_counts_only_against_the_review_it_was_made_in(database: Database) -> None:
    """The first confirmation was undone, its correction is kept; the second one changed nothing."""
    receipt_id = decided(database, at(1), corrections=1, undone_at=at(2))
    decided(database, at(3), receipt_id=receipt_id)

    [work] = work_by_operator(database, THAT_DAY)

    assert (work.confirmed, work.unchanged) == (1, 1)
