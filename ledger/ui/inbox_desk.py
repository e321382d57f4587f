"""What the Inbox page is made of: progress of reading, what can be done with photos, and the lists of receipts."""

from __future__ import annotations

from concurrent.futures import wait
from typing import Any, Final

import streamlit as st

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import LedgerError
from ledger.extraction.circuit import Rest
from ledger.inbox.progress import Progress, reading_progress
from ledger.review import lists
from ledger.review.lists import Count
from ledger.review.postponed import count_postponed
from ledger.ui.components.receipt_list import ListAction, ListData, Pages, Section, latest_action, receipt_list
from ledger.ui.queue_place import ORDERS, SECTIONS, TITLES, QueuePlace, place_of, stay_at
from ledger.ui.receipt_lines import lines_at, lines_for_list
from ledger.ui.shell import Desk, guarded_fragment
from ledger.ui.texts import list_labels, mark

KEY: Final = "receipt_list"

EMPTY: Final = {
    "waiting": mark("Nothing is ready for review."),
    "postponed": mark("No receipt is postponed."),
    "failed": mark("No photo failed. Nothing to do here."),
    "unread": mark("No photo waits to be read."),
    "confirmed": mark("Nothing was confirmed yet."),
    "rejected": mark("Nothing was rejected yet."),
}

_KEPT_PAGES: Final = 500
_BATCH: Final = "reading_batch"
_COUNTS: Final = "inbox_counts"
_DONE: Final = "last_list_action"
_NAME: Final = "inbox"
_PAGES: Final = "inbox_pages"
_PATIENCE_SECONDS: Final = 3
"""How long the page waits for a look at the store before it goes on without its outcome."""


@guarded_fragment(run_every="2s")
def progress(desk: Desk) -> None:
    """How far reading is. Looks again by itself, and has the list below shown anew once something has moved on."""
    database = desk.services.database
    try:
        counts, reading = _section_counts(database), reading_progress(database, utc_now())
        trouble = desk.services.reader.circuit.trouble()
    except LedgerError as error:
        st.error(desk.t.error(error))
        return
    if trouble:
        _tell_of_rest(desk, trouble)
    if (listed := desk.services.arrivals.listed_so_far()) is not None:
        st.caption(desk.t("Looking through the store: photos listed so far: {count}", count=desk.t.number(listed)))
    if reading.waiting:
        _tell_of_workers(desk)
    _bar(desk, reading)
    if counts != st.session_state[_COUNTS]:
        st.rerun()


def look_for_photos(desk: Desk) -> None:
    """List the store, take in what is new and have it read."""
    t, look = desk.t, desk.services.begin_to_look()
    with st.spinner(t("Looking through the store…")):
        wait([look], timeout=_PATIENCE_SECONDS)
    if not look.done():
        st.toast(t("The store holds many photos. You can go on meanwhile."), icon=":material/hourglass_empty:")
        return
    text = t("{listed} photos in the store, {added} new, {changed} changed.", **_numbers(desk, look.result()))
    st.toast(text, icon=":material/check:")


def read_waiting(desk: Desk) -> None:
    """Have everything unread read, and once more what could not be read because something was away then."""
    _tell(desk, desk.services.read_waiting())


def read_failed(desk: Desk) -> None:
    """Have everything read once more that could not be read."""
    _tell(desk, desk.services.read_failed())


def count_sections(desk: Desk) -> dict[str, Count]:
    """How many receipts each section has, none counted beyond a thousand; the list shows these."""
    counts = _section_counts(desk.services.database)
    st.session_state[_COUNTS] = counts
    return counts


def _section_counts(database: Database) -> dict[str, Count]:
    found = lists.waiting_counts(database)
    counts = {name: _together([found[status] for status in statuses]) for name, statuses in SECTIONS.items()}
    return counts | {"postponed": count_postponed(database, utc_now())}


def answer(desk: Desk) -> QueuePlace:
    """Do what the list asked for, once, before anything is drawn; the place that is to be shown then."""
    action = latest_action(KEY)
    place = place_of(_NAME)
    if action is None or action["id"] == st.session_state.get(_DONE):
        return place
    st.session_state[_DONE] = action["id"]
    return _carry_out(desk, action, place)


def show(desk: Desk, place: QueuePlace) -> None:
    """The list of receipts at one place."""
    receipt_list(_data(desk, place), KEY)


def _carry_out(desk: Desk, action: ListAction, place: QueuePlace) -> QueuePlace:
    if action["kind"] == "read_again":
        desk.services.read_again(action["receipts"])
        st.toast(desk.t("Photos being read: {count}", count=len(action["receipts"])))
        return place
    return stay_at(_NAME, QueuePlace.of(action["place"]))


def _data(desk: Desk, place: QueuePlace) -> ListData:
    t, now = desk.t.plain, utc_now()
    found = lines_at(desk.services.database, place, now, lists.PAGE + 1)
    lines = found[: lists.PAGE]
    return {
        "place": place.words,
        "answered": st.session_state.get(_DONE, ""),
        "sections": _sections(desk),
        "orders": [Section(value=value, label=t(label)) for value, label in ORDERS.items()],
        "models": _models(desk),
        "lines": lines_for_list(desk, lines, place, now),
        "pages": _pages(place, lines[-1].cursor if len(found) > len(lines) else None),
        "said": t("Receipts on this page: {count}", count=t.number(len(lines))),
        "empty": _why_empty(desk, place),
        "labels": list_labels(t),
    }


def _sections(desk: Desk) -> list[Section]:
    counts = st.session_state[_COUNTS]
    return [Section(value=name, label=desk.t.plain(title), count=str(counts[name])) for name, title in TITLES.items()]


def _together(counts: list[Count]) -> Count:
    return Count.of(sum(each.number + each.more for each in counts))


def _pages(place: QueuePlace, after: str | None) -> Pages:
    """The neighbouring pages. The one before is remembered from going on; for who came by a link it is the first."""
    came_from: dict[str, str] = st.session_state.setdefault(_PAGES, {})
    if after is not None:
        came_from[after] = place.after
    while len(came_from) > _KEPT_PAGES:
        del came_from[next(iter(came_from))]
    return {"before": came_from.get(place.after, "") if place.after else None, "next": after}


@st.cache_data(ttl=60, max_entries=1, show_spinner=False)
def _models(_desk: Desk) -> list[str]:
    """The models to choose from."""
    return lists.models(_desk.services.database)


def _why_empty(desk: Desk, place: QueuePlace) -> str:
    if place.is_filtered:
        return desk.t("Nothing fits this search and filter.")
    return desk.t(EMPTY[place.section])


def _tell_of_rest(desk: Desk, trouble: Rest) -> None:
    t = desk.t
    why = t.stored_error(trouble.error_class, trouble.error_message, trouble.error_fields)
    times = {"since": t.time(trouble.since), "until": t.time(trouble.until)}
    text = t("New photos have not been read since {since}. {why} At {until} one is tried by itself.", why=why, **times)
    st.warning(text, icon=":material/pause_circle:")


def _tell_of_workers(desk: Desk) -> None:
    """Where photos are read by workers: that there is none, or that nobody can be asked."""
    try:
        workers = desk.services.tasks.workers()
    except LedgerError as error:
        st.warning(desk.t.error(error), icon=":material/pause_circle:")
        return
    if workers == 0:
        text = desk.t("No worker is there to read photos. Start one: {command}", command="python -m ledger worker")
        st.warning(text, icon=":material/pause_circle:")


def _bar(desk: Desk, reading: Progress) -> None:
    """A bar over the batch in work: its size is the most that waited since nothing did."""
    if not reading.waiting:
        st.session_state[_BATCH] = 0
        return
    batch = max(st.session_state.get(_BATCH, 0), reading.waiting)
    st.session_state[_BATCH] = batch
    done = batch - reading.waiting
    text = desk.t(
        "Reading photos: {done} of {batch}, {in_work} right now", done=done, batch=batch, in_work=reading.in_work
    )
    st.progress(done / batch, text=text)


def _tell(desk: Desk, count: int) -> None:
    st.toast(desk.t("Photos being read: {count}", count=count) if count else desk.t("Nothing waits to be read."))


def _numbers(desk: Desk, report: Any) -> dict[str, str]:
    return {name: desk.t.number(getattr(report, name)) for name in ("listed", "added", "changed")}
