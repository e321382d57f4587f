"""Days of the operators' zone, cut into slots."""

from __future__ import annotations

import datetime as dt

from ledger.operations.period import Period
from tests.operations.happened import DAY, MIDNIGHT, SEOUL, THAT_DAY, at


def test_a_day_begins_where_the_operators_work() -> None:
    assert (THAT_DAY.since, THAT_DAY.until) == (MIDNIGHT, MIDNIGHT + dt.timedelta(days=1))


def test_few_days_are_told_by_the_hour_and_many_by_the_day() -> None:
    def slot(days: int) -> dt.timedelta:
        return Period.of(DAY, DAY + dt.timedelta(days=days - 1), SEOUL).slot

    assert [slot(1), slot(2), slot(3)] == [dt.timedelta(hours=1)] * 2 + [dt.timedelta(days=1)]


def test_slots_that_are_still_to_come_are_not_shown() -> None:
    assert THAT_DAY.slots(at(2.5)) == [at(0), at(1), at(2)]
    assert len(THAT_DAY.slots(at(48))) == 24
    assert THAT_DAY.slots(at(-5)) == []


def test_a_range_is_split_where_a_day_begins_and_stays_cut_as_it_was() -> None:
    week = Period.of(DAY - dt.timedelta(days=6), DAY, SEOUL)

    before, rest = week.split(DAY)

    assert (before.since, before.until, rest.until) == (week.since, rest.since, week.until)
    assert (before.slot, rest.slot) == (week.slot, week.slot)
    assert week.split(DAY + dt.timedelta(days=1)) == [week]
    assert THAT_DAY.split(DAY) == [THAT_DAY]
