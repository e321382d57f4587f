"""The insight into some days, kept for a while: it is made of whole receipts, and a click must be quick."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
import streamlit as st

from ledger.clock import utc_now
from ledger.database import Database
from ledger.operations.period import Period
from ledger.review.pairs import Pair, each_pair
from ledger.tables import ReviewRow
from ledger.tuning.insight import Gathering, Insight
from ledger.ui.shell import Desk
from ledger.ui.texts import ZONE

MOST: Final = 20_000
"""Newest decisions of the days that are looked at: some seconds, once."""
_KEPT: Final = 16
_GOOD_FOR: Final = dt.timedelta(minutes=2)
_TIMES: Final = 20
"""It is good for so many times as long as it took, if that is longer: nobody waits for a tenth of their time."""
_TELL_EVERY: Final = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found, of which decisions, and when."""

    insight: Insight
    newest: int | None
    """Of more decisions than can be looked at, so many were; None where all were."""
    at: dt.datetime
    until: dt.datetime
    """It is good until then."""


@dataclass(frozen=True, slots=True)
class _Decisions:
    """Which decisions some days have: ids above `after` and up to `last`."""

    after: int
    last: int
    count: int


_shelf: Final[dict[tuple[str, Period], Kept]] = {}
_lock: Final = threading.Lock()


def insight_into(desk: Desk, period: Period) -> Kept:
    """The insight into these days, some minutes old at most; its progress is shown where there are many receipts."""
    key = desk.services.database.address(), period
    found = _shelf.get(key)
    if found is None or utc_now() > found.until:
        found = _look(desk, period)
        with _lock:
            _shelf[key] = found
            for oldest in sorted(_shelf, key=lambda each: _shelf[each].at)[:-_KEPT]:
                del _shelf[oldest]
    return found


def forget() -> None:
    """Look anew at whatever is asked for next."""
    with _lock:
        _shelf.clear()


def _look(desk: Desk, period: Period) -> Kept:
    at = utc_now()
    decisions = _decisions(desk.services.database, period)
    gathering, bar = Gathering(ZONE), st.empty()
    for number, pair in enumerate(_pairs(desk.services.database, period, decisions)):
        gathering.add(pair)
        if decisions.count > _TELL_EVERY and number % _TELL_EVERY == 0:
            told = desk.t("Receipts looked at: {count}", count=desk.t.number(number))
            bar.progress(min(number / min(decisions.count, MOST), 1.0), told)
    bar.empty()
    end = utc_now()
    newest = MOST if decisions.count > MOST else None
    return Kept(gathering.insight(), newest, at, end + max(_GOOD_FOR, _TIMES * (end - at)))


def _pairs(database: Database, period: Period, decisions: _Decisions) -> Iterator[Pair]:
    """Both kinds of bounds: by id a page is one walk over a key, and an id alone does not tell the day."""
    within = period.covers(ReviewRow.created_at), ReviewRow.id <= decisions.last
    return each_pair(database, *within, after=decisions.after, with_doubts=False)


def _decisions(database: Database, period: Period) -> _Decisions:
    mine = period.covers(ReviewRow.created_at), ReviewRow.undone_at.is_(None), ReviewRow.decision != "rejected"
    ends = sa.select(sa.func.min(ReviewRow.id), sa.func.max(ReviewRow.id), sa.func.count()).where(*mine)
    newest = sa.select(ReviewRow.id).where(*mine).order_by(ReviewRow.id.desc()).offset(MOST).limit(1)
    with database.read() as session:
        first, last, count = session.execute(ends).one()
        after = session.scalar(newest) if count > MOST else None
    return _Decisions((first or 1) - 1 if after is None else after, last or 0, count)
