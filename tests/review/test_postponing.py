"""Until when a receipt is postponed: usual times and minutes, in the zone of the operators."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from ledger.errors import TimePassed
from ledger.review.postponing import USUAL, moment, usual_times

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY_MORNING = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)  # 10:30 in Seoul
SUNDAY_EVENING = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)  # 18:00


@pytest.mark.parametrize(
    ("now", "until", "here"),
    [
        (MONDAY_MORNING, "hour", "2026-11-23T11:30"),
        (MONDAY_MORNING, "afternoon", "2026-11-23T14:00"),
        (MONDAY_MORNING, "tomorrow", "2026-11-24T09:00"),
        (MONDAY_MORNING, "monday", "2026-11-30T09:00"),
        (SUNDAY_EVENING, "monday", "2026-11-23T09:00"),
        (MONDAY_MORNING, "2026-12-01T08:15", "2026-12-01T08:15"),
    ],
)
def test_times_are_those_of_the_zone(now: dt.datetime, until: str, here: str) -> None:
    assert moment(until, now, SEOUL) == dt.datetime.fromisoformat(here).replace(tzinfo=SEOUL)
    assert moment(until, now, SEOUL).tzinfo == dt.UTC


@pytest.mark.parametrize("until", ["afternoon", "2026-11-22T17:59", "", "soon", "2026-13-01T00:00"])
def test_a_time_that_is_not_ahead_is_refused(until: str) -> None:
    with pytest.raises(TimePassed):
        moment(until, SUNDAY_EVENING, SEOUL)


def test_only_times_that_are_ahead_are_offered() -> None:
    assert usual_times(MONDAY_MORNING, SEOUL) == ("hour", "afternoon", "tomorrow", "monday")
    assert usual_times(SUNDAY_EVENING, SEOUL) == ("hour", "tomorrow", "monday")
    assert set(usual_times(MONDAY_MORNING, SEOUL)) == set(USUAL)
