"""What a page says when it has nothing to show: why, and what to do next."""

from __future__ import annotations

import datetime as dt
from typing import Final

import streamlit as st

from ledger.clock import utc_now
from ledger.notes import Note
from ledger.review.why_empty import FAILED, LEFT_OUT, NOTHING_EVER, NOTHING_SINCE, POSTPONED, READING, why_empty
from ledger.ui import following
from ledger.ui.queue_place import QueuePlace, beside_place
from ledger.ui.shell import Desk, guarded_fragment
from ledger.ui.texts import Texts, mark

_INBOX: Final = mark("Go to the inbox")
WAYS: Final = {
    FAILED: (mark("Show failed"), "failed"),
    POSTPONED: (mark("Show postponed"), "postponed"),
    READING: (_INBOX, "unread"),
    NOTHING_SINCE: (_INBOX, "waiting"),
    NOTHING_EVER: (_INBOX, "waiting"),
}
"""What helps, by the sentence that says why: the list in the inbox where it can be done."""


@guarded_fragment(run_every="1s")
def nothing_to_review(desk: Desk) -> None:
    """Say why the queue is empty; look again by itself, and open the first receipt that is ready."""
    t = desk.t
    if following.upcoming(desk):
        st.rerun()
    notes = why_empty(desk.services.database, desk.operator, utc_now(), following.wanted())
    if left_out := [note for note in notes if note.sentence == LEFT_OUT]:
        _behind_the_filter(desk, left_out[0])
        return
    st.subheader(t("Nothing to review right now"))
    for note in notes:
        show = st.warning if note.sentence == FAILED else st.info
        show(t.note(_timed(t, note)))
    _ways_on(desk, [note.sentence for note in notes])


def _behind_the_filter(desk: Desk, left_out: Note) -> None:
    """Nothing is amiss then: one sentence, and one way on, which Enter takes."""
    st.subheader(desk.t.note(left_out))
    label = desk.t("Show all that waits")
    if st.button(label, key="follow_all", type="primary", icon=":material/filter_alt_off:", shortcut="Enter"):
        following.follow_all()
        st.rerun()


def _ways_on(desk: Desk, sentences: list[str]) -> None:
    ways = dict(WAYS[sentence][::-1] for sentence in sentences if sentence in WAYS) or {"waiting": _INBOX}
    with st.container(horizontal=True):
        for section, label in ways.items():
            address = {**beside_place(), **QueuePlace(section=section).address}
            st.page_link("pages/1_inbox.py", label=desk.t(label), icon=":material/inbox:", query_params=address)


def _timed(t: Texts, note: Note) -> Note:
    """The same with its moment as the operators write it."""
    if "time" not in note.fields:
        return note
    return Note(note.sentence, note.fields | {"time": t.time(dt.datetime.fromisoformat(note.fields["time"]))})
