"""A month of a ledger, in the words that the calendar shows."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from ledger.review.ledger_days import Day
from ledger.ui.components.month_calendar import CalendarData, CalendarDay, Weekday, month_calendar
from ledger.ui.ledger_place import LedgerPlace, month_text, neighbour
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts


def show(desk: Desk, place: LedgerPlace, found: Sequence[Day], today: dt.date, key: str) -> None:
    """The calendar; a day that is clicked is asked for by it."""
    month_calendar(calendar_data(desk.t.plain, place, found, today), key)


def calendar_data(t: Texts, place: LedgerPlace, found: Sequence[Day], today: dt.date) -> CalendarData:
    """All that the calendar is told."""
    assert place.month is not None, "a month is shown"
    by_day = defaultdict(list)
    for each in found:
        by_day[each.date].append(each)
    dearest = _dearest(found)
    weeks = calendar.Calendar(calendar.SUNDAY).monthdatescalendar(place.month.year, place.month.month)
    return {
        "month": month_text(place.month),
        "title": t.month(place.month),
        "before": neighbour(place.month, -1),
        "next": neighbour(place.month, 1),
        "weekdays": [_weekday(t, day) for day in weeks[0]],
        "weeks": [
            [_day(t, day, by_day[day], dearest) if day.month == place.month.month else None for day in week]
            for week in weeks
        ],
        "chosen": place.day.isoformat() if place.day else "",
        "today": today.isoformat(),
        "labels": {
            "before": t("Month before (PageUp)"),
            "next": t("Next month (PageDown)"),
            "keys": t("Arrows day · PageUp, PageDown month · Enter choose"),
        },
    }


def receipts_text(t: Texts, count: int) -> str:
    """How many receipts."""
    return t("1 receipt") if count == 1 else t("{count} receipts", count=t.number(count))


def _dearest(found: Sequence[Day]) -> dict[str, int]:
    """The most that was spent on one day, by currency; at least one, by which a share can be told."""
    dearest: dict[str, int] = {}
    for each in found:
        dearest[each.currency] = max(each.amount, dearest.get(each.currency, 1))
    return dearest


def _day(t: Texts, day: dt.date, found: Sequence[Day], dearest: dict[str, int]) -> CalendarDay:
    shares = [each.amount / dearest[each.currency] for each in found]
    spent = [t.money(each.amount, each.currency) for each in found]
    receipts = receipts_text(t, sum(each.purchases for each in found)) if found else ""
    told = [t.long_day(day), *([receipts, *spent] if found else [t("nothing")])]
    return {
        "day": day.isoformat(),
        "number": str(day.day),
        "sums": spent,
        "short": [t.short_money(each.amount, each.currency) for each in found],
        "receipts": receipts,
        "share": round(max([0.0, *shares]), 2),
        "said": ", ".join(told),
    }


def _weekday(t: Texts, day: dt.date) -> Weekday:
    return {"short": t.weekday(day, "abbreviated"), "long": t.weekday(day, "wide")}
