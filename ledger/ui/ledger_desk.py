"""The ledger of one member, month by month, as the app's users see it: a calendar, sums by category, the receipts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from ledger.clock import utc_now
from ledger.database import Database
from ledger.review.ledger_days import days, first_day, last_day
from ledger.review.ledger_members import find_members, is_anything_nobodys, latest_members
from ledger.review.ledger_view import sums
from ledger.ui import ledger_calendar, ledger_purchases, ledger_sums
from ledger.ui.components.month_calendar import CalendarAction, latest_action
from ledger.ui.ledger_place import LedgerPlace, as_month, move_to, moved, place_in_address, stay_at
from ledger.ui.shell import Desk
from ledger.ui.texts import ZONE, markdown_text

KEY: Final = "ledger_calendar"
MEMBER: Final = "ledger_member"
FIND: Final = "ledger_find"
_DONE: Final = "ledger_calendar_done"
_MEMBERS: Final = 12
_LONGEST: Final = 24
_NOBODY: Final = ""
"""Among the members to choose from: what belongs to none of them."""


def show(desk: Desk) -> None:
    """One month of one member."""
    database = desk.services.database
    place = _place(database)
    if place is None:
        _nothing_yet(desk)
        return
    _choose_member(desk, place)
    found = days(database, place.member, place.days)
    left, right = st.container(key="ledger_month").columns([7, 5], gap="large")
    with left:
        ledger_calendar.show(desk, place, found, _today(), KEY)
    with right:
        if found:
            ledger_sums.show(desk, found, sums(database, place.member, place.days))
        else:
            _nothing_in_this_month(desk, place)
    if found:
        ledger_purchases.show(desk, place, found)


def _place(database: Database) -> LedgerPlace | None:
    """Where the page is, after what the calendar asked for; None where there is no ledger at all."""
    place = place_in_address()
    if place is None:
        latest = latest_members(database, limit=1)
        if not latest:
            return None
        place = LedgerPlace(latest[0])
    action = latest_action(KEY)
    if action is not None and action["id"] != st.session_state.get(_DONE):
        st.session_state[_DONE] = action["id"]
        place = _carried_out(place, action)
    if place.month is None:
        newest = last_day(database, place.member) or _today()
        place = replace(place, month=newest.replace(day=1))
    return stay_at(place)


def _carried_out(place: LedgerPlace, action: CalendarAction) -> LedgerPlace:
    if action["kind"] == "month":
        return LedgerPlace(place.member, as_month(action["value"]) or place.month)
    day = dt.date.fromisoformat(action["value"]) if action["value"] else None
    return LedgerPlace(place.member, day.replace(day=1) if day else place.month, day)


def _choose_member(desk: Desk, place: LedgerPlace) -> None:
    """Members whose ids begin as somebody types; before that, those whom the ledger was written for last."""
    t = desk.t
    with st.container(horizontal=True, vertical_alignment="center", key="ledger_members"):
        typed, chosen = _typed(desk), place.member or _NOBODY
        found = _members(desk.services.database, typed)
        if chosen not in found and not typed:
            found = [chosen, *found]
        # The address says who is shown, and the choice follows it: also when the browser goes back.
        st.session_state[MEMBER] = chosen if chosen in found else None
        st.pills(
            t("Member"),
            options=found,
            format_func=lambda member: markdown_text(_short(member)) if member else t("No member"),
            key=MEMBER,
            on_change=_chosen,
            wrap=True,
            label_visibility="collapsed",
        )
        if not found:
            st.caption(t("No member's id begins like this."))


def _typed(desk: Desk) -> str:
    typed = st.text_input(
        desk.t("Find a member"),
        key=FIND,
        placeholder=desk.t("Find a member by id"),
        icon=":material/person_search:",
        live="250ms",
        max_chars=64,
        label_visibility="collapsed",
        width=240,
    )
    return (typed or "").strip()


def _members(database: Database, typed: str) -> list[str]:
    if typed:
        return list(find_members(database, typed, limit=_MEMBERS))
    latest = [member or _NOBODY for member in latest_members(database, limit=_MEMBERS)]
    return latest if _NOBODY in latest or not is_anything_nobodys(database) else [*latest, _NOBODY]


def _chosen() -> None:
    """Another member begins at the newest month that has something: there is always something to see."""
    member = st.session_state[MEMBER]
    if member is not None:  # a click on the one who is shown chooses nobody else
        move_to(LedgerPlace(member or None))


def _short(member: str) -> str:
    half = _LONGEST // 2
    return member if len(member) <= _LONGEST else f"{member[:half]}…{member[1 - half :]}"


def _nothing_yet(desk: Desk) -> None:
    t = desk.t
    st.info(t("No receipt has been confirmed yet. Confirm the first one in review."))
    st.page_link("pages/2_review.py", label=t("Go to review"), icon=":material/fact_check:")


def _nothing_in_this_month(desk: Desk, place: LedgerPlace) -> None:
    """Say so, and lead to the nearest month that has something."""
    t, database = desk.t, desk.services.database
    assert place.month is not None, "a month is shown"
    before = last_day(database, place.member, place.month)
    after = first_day(database, place.member, moved(place.month, 1))
    if not (before or after):
        st.info(t("There is nothing in this member's ledger. Choose another member."))
        return
    st.info(t("Nothing was bought in {month}.", month=t.month(place.month)))
    with st.container(horizontal=True):
        for day, icon in ((before, "arrow_back"), (after, "arrow_forward")):
            if day:
                there = LedgerPlace(place.member, day.replace(day=1))
                label = t("Go to {month}", month=t.month(day))
                st.button(label, key=f"ledger_{icon}", icon=f":material/{icon}:", on_click=move_to, args=(there,))


def _today() -> dt.date:
    return utc_now().astimezone(ZoneInfo(ZONE)).date()
