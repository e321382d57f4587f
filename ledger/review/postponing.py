"""Until when a receipt may be postponed: a few usual times, or a minute that the operator names. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from ledger.errors import TimePassed

MORNING: Final = dt.time(9)
AFTERNOON: Final = dt.time(14)
_MONDAY: Final = 0
_DAYS_OF_A_WEEK: Final = 7


def usual_times(now: dt.datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """The names of the times that are still ahead, the nearest first; at any time of day one of them is near."""
    afternoon = ("afternoon",) if _in_an_hour(now.astimezone(zone)) < _at(now.astimezone(zone), 0, AFTERNOON) else ()
    return ("hour", *afternoon, "tomorrow", "monday")


def moment(until: str, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """When it is, from a name of USUAL or a minute of the zone as 2026-11-23T14:00. Aware UTC.

    Raises TimePassed for what is not ahead, or no time at all.
    """
    here = now.astimezone(zone)
    try:
        found = USUAL[until](here) if until in USUAL else dt.datetime.fromisoformat(until).replace(tzinfo=zone)
    except ValueError as exc:
        raise TimePassed from exc
    if found <= now:
        raise TimePassed
    return found.astimezone(dt.UTC)


def _in_an_hour(here: dt.datetime) -> dt.datetime:
    return here + dt.timedelta(hours=1)


def _at(here: dt.datetime, days: int, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(here.date() + dt.timedelta(days), time, here.tzinfo)


def _next_monday(here: dt.datetime) -> dt.datetime:
    return _at(here, _DAYS_OF_A_WEEK - (here.weekday() - _MONDAY), MORNING)


USUAL: Final[dict[str, Callable[[dt.datetime], dt.datetime]]] = {
    "hour": _in_an_hour,
    "afternoon": lambda here: _at(here, 0, AFTERNOON),
    "tomorrow": lambda here: _at(here, 1, MORNING),
    "monday": _next_monday,
}
"""A name -> when that is, seen from a moment of the zone."""
