"""What the Inbox page is made of: counts, progress, the list of photos, and what one can do with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import pandas as pd
import streamlit as st

from ledger.clock import utc_now
from ledger.errors import LedgerError
from ledger.inbox.listing import PhotoLine, Progress, count_photos, list_photos, reading_progress
from ledger.inbox.object_store import photo_name
from ledger.receipt import ReceiptStatus
from ledger.review.queue import READY, status_counts
from ledger.ui.shell import Desk, guarded_fragment
from ledger.ui.texts import mark

PAGE: Final = 50
LISTS: Final[dict[str, tuple[ReceiptStatus, ...]]] = {
    mark("Failed"): (ReceiptStatus.FAILED,),
    mark("Waiting"): (ReceiptStatus.PENDING,),
    mark("Ready"): READY,
    mark("All"): tuple(ReceiptStatus),
}
_BATCH: Final = "reading_batch"


@guarded_fragment(run_every="2s")
def counts_and_progress(desk: Desk) -> None:
    """How many photos stand where, and how far reading is. Looks again by itself."""
    t, database = desk.t, desk.services.database
    try:
        counts, progress = status_counts(database), reading_progress(database, utc_now())
    except LedgerError as error:
        st.error(t.error(error))
        return
    ready = sum(counts[status] for status in READY)
    figures = {
        mark("Waiting to be read"): counts[ReceiptStatus.PENDING],
        mark("Failed"): counts[ReceiptStatus.FAILED],
        mark("Ready for review"): ready,
        mark("Confirmed"): counts[ReceiptStatus.CONFIRMED],
        mark("Rejected"): counts[ReceiptStatus.REJECTED],
    }
    for column, (label, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(t(label), t.number(value))
    _progress(desk, progress)
    _follow(counts)


def look_for_photos(desk: Desk) -> None:
    """List the store, take in what is new and have it read."""
    services, t = desk.services, desk.t
    with st.spinner(t("Looking through the store…")):
        report = services.look_for_photos()
    text = t("{listed} photos in the store, {added} new, {changed} changed.", **_numbers(desk, report))
    st.toast(text, icon=":material/check:")


def read_waiting(desk: Desk) -> None:
    """Have everything unread read, and once more what could not be read because something was away then."""
    _tell(desk, desk.services.read_waiting())


def read_failed(desk: Desk) -> None:
    """Have everything read once more that could not be read."""
    _tell(desk, desk.services.read_failed())


def count_failed(desk: Desk) -> int:
    """How many photos could not be read."""
    return count_photos(desk.services.database, LISTS["Failed"])


def read_again(desk: Desk, receipt_ids: list[int]) -> None:
    """Have the chosen photos read once more."""
    desk.services.read_again(receipt_ids)
    st.toast(desk.t("Photos being read: {count}", count=len(receipt_ids)))


def choose_list(desk: Desk) -> str:
    """Which photos are listed."""
    default = "Failed" if count_failed(desk) else "All"
    return st.segmented_control(
        desk.t("Show"), options=list(LISTS), format_func=desk.t, default=default, key="inbox_list", required=True
    )


def page_of_photos(desk: Desk, shown: str) -> list[PhotoLine]:
    """The photos of one list, newest first, a page at a time."""
    statuses = LISTS[shown]
    count = count_photos(desk.services.database, statuses)
    before = st.session_state.setdefault(f"inbox_before_{shown}", [])
    lines = list_photos(desk.services.database, statuses, utc_now(), before=before[-1] if before else None, limit=PAGE)
    if count > PAGE:
        _pager(desk, before, lines, count)
    return lines


def table_key(lines: Sequence[PhotoLine]) -> str:
    """A key for the table of these photos. Streamlit keeps what is selected by the numbers of rows, which are other
    photos' once the list has changed: under another key nothing is selected."""
    return f"inbox_table_{hash(tuple(line.receipt_id for line in lines))}"


def photo_table(desk: Desk, lines: Sequence[PhotoLine]) -> list[int]:
    """The list; ids of the chosen photos."""
    t = desk.t
    frame = pd.DataFrame(
        {
            "#": [line.receipt_id for line in lines],
            t("Photo"): [photo_name(line.object_key) for line in lines],
            t("Status"): [t("being read") if line.being_read else t.status(line.status) for line in lines],
            t("Why"): [t.plain.stored_error(line.error_class, line.error_message, line.error_fields) for line in lines],
            t("Arrived"): [t.time(line.arrived_at) for line in lines],
            t("Size"): [f"{line.size / 1024:,.0f} KB" for line in lines],
        }
    )
    event = st.dataframe(
        frame,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=table_key(lines),
        column_config={
            "#": st.column_config.NumberColumn(width=60),
            t("Why"): st.column_config.TextColumn(width="large"),
        },
    )
    rows = cast("dict[str, Any]", event)["selection"]["rows"]
    chosen = [lines[row] for row in rows if row < len(lines)]
    for line in chosen:
        if line.error_class:  # the column is too narrow for a sentence that says what to do next
            why = t.stored_error(line.error_class, line.error_message, line.error_fields)
            st.warning(f"#{line.receipt_id} · {why}", icon=":material/info:")
    return [line.receipt_id for line in chosen]


def empty(desk: Desk, shown: str) -> None:
    """What to say about an empty list."""
    texts = {
        "Failed": mark("No photo failed. Nothing to do here."),
        "Waiting": mark("No photo waits to be read."),
        "Ready": mark("Nothing is ready for review yet."),
        "All": mark("No photo has arrived yet. Look for new photos in the store, or upload some here."),
    }
    st.info(desk.t(texts[shown]))


def _progress(desk: Desk, progress: Progress) -> None:
    """A bar over the batch in work: its size is the most that waited since nothing did."""
    if not progress.waiting:
        st.session_state[_BATCH] = 0
        return
    batch = max(st.session_state.get(_BATCH, 0), progress.waiting)
    st.session_state[_BATCH] = batch
    done = batch - progress.waiting
    text = desk.t(
        "Reading photos: {done} of {batch}, {in_work} right now", done=done, batch=batch, in_work=progress.in_work
    )
    st.progress(done / batch, text=text)


def _follow(counts: dict[ReceiptStatus, int]) -> None:
    """Show the list below anew once a photo has moved on."""
    before, now = st.session_state.get("inbox_counts"), tuple(counts.values())
    st.session_state["inbox_counts"] = now
    if before is not None and before != now:
        st.rerun()


def _tell(desk: Desk, count: int) -> None:
    st.toast(desk.t("Photos being read: {count}", count=count) if count else desk.t("Nothing waits to be read."))


def _numbers(desk: Desk, report: Any) -> dict[str, str]:
    return {name: desk.t.number(getattr(report, name)) for name in ("listed", "added", "changed")}


def _pager(desk: Desk, before: list[int], lines: Sequence[PhotoLine], count: int) -> None:
    first, text, last = st.columns([1, 6, 1], vertical_alignment="center")
    if first.button("←", disabled=not before, help=desk.t("Newer photos")):
        before.pop()
        st.rerun()
    text.caption(desk.t("Photos: {count}, {page} a page", count=desk.t.number(count), page=PAGE))
    if last.button("→", disabled=len(lines) < PAGE, help=desk.t("Older photos")):
        before.append(lines[-1].receipt_id)
        st.rerun()
