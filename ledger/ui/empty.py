"""What a page says when it has nothing to show: why, and what to do next."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from ledger.clock import utc_now
from ledger.notes import Note
from ledger.review.queue import upcoming
from ledger.review.why_empty import FAILED, why_empty
from ledger.ui.shell import Desk, guarded_fragment
from ledger.ui.texts import Texts


@guarded_fragment(run_every="3s")
def nothing_to_review(desk: Desk) -> None:
    """Say why the queue is empty; look again by itself, and open the first receipt that is ready."""
    t, database, now = desk.t, desk.services.database, utc_now()
    if upcoming(database, 1, desk.operator, now):
        st.rerun()
    st.subheader(t("Nothing to review right now"))
    for note in why_empty(database, desk.operator, now):
        show = st.warning if note.sentence == FAILED else st.info
        show(t.note(_timed(t, note)))
    st.page_link("pages/1_inbox.py", label=t("Go to the inbox"), icon=":material/inbox:")


def _timed(t: Texts, note: Note) -> Note:
    """The same with its moment as the operators write it."""
    if "time" not in note.fields:
        return note
    return Note(note.sentence, note.fields | {"time": t.time(dt.datetime.fromisoformat(note.fields["time"]))})
