"""Where in the ledgers the page is: whose, which month, which day of it. It is kept in the address."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from ledger.review.ledger_view import Span

_NAMES: Final = ("member", "month", "day")
_PLACE: Final = "ledger_place"
_MOVED: Final = "ledger_moved"
_MONTHS: Final = 12
_LONGEST: Final = 64
_FIRST_YEAR, _LAST_YEAR = 1000, 2999


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """One month of one member's ledger; no member is whatever belongs to nobody."""

    member: str | None
    month: dt.date | None = None
    """Its first day; None for the newest month that has something."""
    day: dt.date | None = None

    @classmethod
    def of(cls, said: Mapping[str, str]) -> LedgerPlace:
        """The place that an address names, as far as it can be understood."""
        month = as_month(said.get("month", ""))
        return cls(said["member"].strip()[:_LONGEST] or None, month, _day_of(month, said.get("day", "")))

    @property
    def days(self) -> Span:
        """All days of the month."""
        assert self.month is not None, "a place is settled before it is looked at"
        return Span(self.month, moved(self.month, 1))

    @property
    def shown(self) -> Span:
        """The days whose receipts are listed: the one that is chosen, or all."""
        return Span(self.day, self.day + dt.timedelta(days=1)) if self.day else self.days

    @property
    def address(self) -> dict[str, str]:
        """What the address says of it. A member without a name is nobody."""
        said = {"member": self.member or ""}
        if self.month:
            said["month"] = month_text(self.month)
        return said | ({"day": str(self.day.day)} if self.day else {})


def place_in_address() -> LedgerPlace | None:
    """The place that the address names, or where the operator has just gone; None where nobody has been anywhere."""
    if st.session_state.pop(_MOVED, False) or "member" not in st.query_params:
        return st.session_state.get(_PLACE)
    return LedgerPlace.of(st.query_params.to_dict())


def move_to(place: LedgerPlace) -> None:
    """Have the next run of the page be there, whatever its address still says."""
    st.session_state[_PLACE], st.session_state[_MOVED] = place, True


def stay_at(place: LedgerPlace) -> LedgerPlace:
    """Have the page be there from here on: one step of the browser's history."""
    st.session_state[_PLACE] = place
    beside = {name: value for name, value in st.query_params.to_dict().items() if name not in _NAMES}
    if (address := {**beside, **place.address}) != st.query_params.to_dict():
        st.query_params.from_dict(address)
    return place


def leave() -> None:
    """Take the place out of the address: another part of the page is shown."""
    for name in _NAMES:
        if name in st.query_params:
            del st.query_params[name]


def moved(month: dt.date, months: int) -> dt.date:
    """The first day of the month so many months later."""
    number = month.year * _MONTHS + month.month - 1 + months
    return dt.date(number // _MONTHS, number % _MONTHS + 1, 1)


def neighbour(month: dt.date, months: int) -> str | None:
    """The month beside this one as the address writes it; None where what can be asked for ends."""
    beside = moved(month, months)
    return month_text(beside) if _FIRST_YEAR <= beside.year <= _LAST_YEAR else None


def month_text(month: dt.date) -> str:
    """A month as the address writes it."""
    return f"{month:%Y-%m}"


def as_month(text: str) -> dt.date | None:
    """The month that a text names; None if it names none."""
    try:
        month = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if _FIRST_YEAR <= month.year <= _LAST_YEAR else None


def _day_of(month: dt.date | None, number: str) -> dt.date | None:
    if month is None or not (number.isascii() and number.isdigit()):
        return None
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=int(number)) if 1 <= int(number[:3]) <= last else None
