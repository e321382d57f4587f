"""A month as a calendar: what was spent on each day, gone through by keyboard, and asked for another day or month.

All that it shows are words of the page; it knows nothing but days.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypedDict, cast

from ledger.ui.components import nothing, register, sent


class CalendarDay(TypedDict):
    """One day of the month."""

    day: str
    """As in 2026-11-20."""
    number: str
    sums: Sequence[str]
    """What was spent, one text for each currency."""
    short: Sequence[str]
    """The same for where there is little room."""
    receipts: str
    share: float
    """0 to 1: of what was spent on the month's dearest day."""
    said: str
    """The whole day for those who do not see it."""


class Weekday(TypedDict):
    """A column's name."""

    short: str
    long: str


class CalendarData(TypedDict):
    """All that the calendar is told in one run."""

    month: str
    """As in 2026-11."""
    title: str
    before: str | None
    next: str | None
    """The neighbouring months; None where time ends."""
    weekdays: Sequence[Weekday]
    weeks: Sequence[Sequence[CalendarDay | None]]
    chosen: str
    """The day that is chosen; empty for the whole month."""
    today: str
    labels: dict[str, str]
    """`before`, `next`, `keys`."""


class CalendarAction(TypedDict):
    """What the operator asked for; `id` is the same however often it arrives."""

    id: str
    kind: Literal["month", "day"]
    value: str


SCRIPTS: Final = ("shared/ids", "days", "calendar")
STYLES: Final = ("shared/look", "shared/buttons", "calendar")

_mount = register("month_calendar", scripts=SCRIPTS, styles=STYLES)


def month_calendar(data: CalendarData, key: str) -> None:
    """Show the calendar; what it asks for is `latest_action` of the next run."""
    _mount(key=key, data=data, on_action_change=nothing)


def latest_action(key: str) -> CalendarAction | None:
    """What the calendar asked for, before it is shown: carried out first, so that one run answers it."""
    return cast("CalendarAction | None", sent(key).get("action"))
