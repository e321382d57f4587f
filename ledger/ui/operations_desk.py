"""What the Operations page begins with: how things stand now, which days are told of, and their figures in tiles."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from ledger.clock import utc_now
from ledger.database import Database
from ledger.operations.figures import Figures, Part, count, figures
from ledger.operations.measures import Rate, Times
from ledger.operations.now import MOST, Now, how_things_stand
from ledger.operations.period import Period
from ledger.ui.shell import Desk, guarded_fragment
from ledger.ui.texts import ZONE, mark

DAYS: Final[dict[str, int]] = {mark("Today"): 1, mark("7 days"): 7, mark("30 days"): 30}
OWN: Final = mark("Own days")
_MOST_DAYS: Final = 366
_SECONDS_KEPT: Final = 30
"""Several people look at the same days, and each click draws the page anew."""
_SECONDS_FINISHED_KEPT: Final = 600
"""What happened before today changes only where a decision is undone."""

_OUTLOOKS: Final = {
    "empty": mark("Nothing waits"),
    "unknown": mark("Cannot tell yet"),
    "growing": mark("It grows"),
}


@guarded_fragment(run_every="5s")
def what_waits(desk: Desk) -> None:
    """How things stand at this moment. Looks again by itself."""
    t, moment = desk.t, utc_now()
    now = how_things_stand(desk.services.database, moment)
    pending, ready, failed, oldest, empty = st.columns([4, 4, 4, 5, 6])
    pending.metric(t("Waiting to be read"), _up_to(desk, now.pending))
    ready.metric(t("Ready for review"), _up_to(desk, now.ready))
    failed.metric(t("Failed"), _up_to(desk, now.failed))
    age = t.duration(moment - now.oldest) if now.oldest else "—"
    oldest.metric(t("Oldest one waits for"), age, help=t("Of all that nobody has decided upon; failed ones left out."))
    _told(empty, t("Nothing waits any more in"), *_outlook(desk, now), help=t(_OUTLOOK_HELP))
    pace = t(
        "In the last hour: {decided} decided, {arrived} arrived. Counted at {time}.",
        decided=_up_to(desk, now.decided),
        arrived=_up_to(desk, now.arrived),
        time=t.clock(moment),
    )
    st.caption(pace)


_OUTLOOK_HELP: Final = mark(
    "What waits, divided by what was decided and did not arrive anew in the last hour. With fewer than five decisions"
    " nobody can tell."
)


_UNCHANGED_HELP: Final = mark(
    "Receipts in which nobody had to correct anything, of all confirmed ones; below it where the true share lies with a"
    " confidence of 95 %, after Wilson."
)


def choose_period(desk: Desk, page: str = "operations", default: str = "Today") -> Period | None:
    """Which days a page tells of; None while only the first of them is chosen."""
    t, today = desk.t, _today()
    choice, own = st.columns([5, 3], vertical_alignment="bottom")
    chosen = choice.segmented_control(
        t("Days"), options=[*DAYS, OWN], format_func=t, default=default, key=f"{page}_days", required=True
    )
    if chosen != OWN:
        return Period.of(today - dt.timedelta(days=DAYS[str(chosen)] - 1), today, ZONE)
    days = own.date_input(
        t("First and last day"),
        value=(today - dt.timedelta(days=6), today),
        min_value=today - dt.timedelta(days=_MOST_DAYS - 1),
        max_value=today,
        format="YYYY-MM-DD",
        key=f"{page}_own",
    )
    return Period.of(days[0], days[1], ZONE) if isinstance(days, tuple) and len(days) == 2 else None


def figures_of(desk: Desk, period: Period) -> Figures:
    """What happened in these days: today counted at most half a minute ago, earlier days at most ten minutes ago."""
    database, today = desk.services.database, _today()
    parts = [(_running if part.last >= today else _finished)(database, part) for part in period.split(today)]
    return figures(database, parts)


def _today() -> dt.date:
    return utc_now().astimezone(ZoneInfo(ZONE)).date()


@st.cache_data(ttl=_SECONDS_KEPT, max_entries=50, show_spinner=False, hash_funcs={Database: Database.address})
def _running(database: Database, period: Period) -> Part:
    return count(database, period)


@st.cache_data(ttl=_SECONDS_FINISHED_KEPT, max_entries=50, show_spinner=False, hash_funcs={Database: Database.address})
def _finished(database: Database, period: Period) -> Part:
    return count(database, period)


def tiles(desk: Desk, found: Figures) -> None:
    """The figures that tell most."""
    t, work = desk.t, found.everybody
    first, second = st.columns(4), st.columns(4)
    first[0].metric(t("Read"), t.number(found.read))
    first[1].metric(t("Could not be read"), t.number(found.failed))
    first[2].metric(t("Confirmed"), t.number(work.confirmed))
    first[3].metric(t("Rejected"), t.number(work.rejected))
    share, times, effort = work.first_pass, work.times, found.effort
    unchanged = rate_text(desk, share), interval_text(desk, share)
    _told(second[0], t("Confirmed as read"), *unchanged, help=t(_UNCHANGED_HELP))
    seconds = mean_text(desk, times.median, times.cases), _slowest(desk, times)
    _told(second[1], t("Seconds a receipt (median)"), *seconds, help=t("From opening to decision."))
    told = t("of the newest {count} confirmed", count=t.number(effort.count)) if effort.count else ""
    _told(second[2], t("Edits a receipt"), mean_text(desk, effort.edits_a_receipt(), effort.count), told)
    if found.auto_confirmed:
        told = t(
            "Confirmed without a person: {count}. They count neither as confirmed nor as confirmed as read.",
            count=t.number(found.auto_confirmed),
        )
        st.caption(told)
    second[3].metric(t("Cost"), t.dollars(found.cost_microusd))


def nothing_happened(desk: Desk) -> None:
    """What will appear here, and when."""
    t = desk.t
    st.info(
        t(
            "Nothing was read or decided in these days. Once photos are read and receipts are confirmed, their figures"
            " appear here: per hour for a day or two, per day for more."
        )
    )
    st.page_link("pages/1_inbox.py", label=t("Go to the inbox"), icon=":material/inbox:")


def rate_text(desk: Desk, rate: Rate) -> str:
    """A share, or that it cannot be told."""
    return too_few(desk, rate.cases) if rate.share is None else desk.t.percent(rate.share)


def interval_text(desk: Desk, rate: Rate) -> str:
    """How far a share can be trusted, or what it would be made of; empty when there is nothing."""
    t = desk.t
    if rate.interval is None:
        return t("{hits} of {cases}", hits=t.number(rate.hits), cases=t.number(rate.cases)) if rate.cases else ""
    low, high = (t.percent(end) for end in rate.interval)
    return t("{low} to {high}", low=low, high=high)


def mean_text(desk: Desk, value: float | None, cases: int) -> str:
    """A mean or a median of so many cases, or that it cannot be told."""
    return too_few(desk, cases) if value is None else desk.t.tenths(value)


def too_few(desk: Desk, cases: int) -> str:
    """What stands where a figure cannot be told."""
    return desk.t("too few to tell") if cases else "—"


def _slowest(desk: Desk, times: Times) -> str:
    t = desk.t
    return "" if times.p90 is None else t("nine of ten within {seconds}", seconds=t.tenths(times.p90))


def _told(place: st.delta_generator.DeltaGenerator, label: str, value: str, more: str, help: str | None = None) -> None:
    """A tile. Where there is no figure its words stand small below a dash, because they are none."""
    if not any(sign.isdigit() for sign in value):
        value, more = "—", " · ".join(part for part in (value.strip("—"), more) if part)
    place.metric(label, value, delta=more or None, delta_color="off", delta_arrow="off", help=help)


def _up_to(desk: Desk, count: int) -> str:
    return f"{desk.t.number(count)}+" if count >= MOST else desk.t.number(count)


def _outlook(desk: Desk, now: Now) -> tuple[str, str]:
    found = now.time_to_empty
    return ("—", desk.t(_OUTLOOKS[found])) if isinstance(found, str) else (desk.t.duration(found), "")
