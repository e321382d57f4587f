"""The line of the Review page that leads back: history, last decisions, look-alikes, reopening."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.ui.duplicates import found_for, headline, show_duplicates
from ledger.ui.history import show_history
from ledger.ui.opened_receipt import Opened
from ledger.ui.shell import Desk
from ledger.ui.undoing import last_decisions_popover, reopen_button

_SHOWN: Final = "past_shown"
"""Which dialog is open, and for which opening of a receipt: a draft that is stored runs the page, not the dialog."""


def past_bar(desk: Desk, opened: Opened) -> None:
    """Draw the line, and the dialog that was asked for."""
    t, alike = desk.t, found_for(desk, opened)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("History"), key="history", icon=":material/history:", type="tertiary", shortcut="Alt+H"):
            st.session_state[_SHOWN] = "history", opened.load
        last_decisions_popover(desk)
        if opened.closed:
            reopen_button(desk, opened.receipt.id)
    if alike:
        label, more = headline(desk, alike[0]), f" (+{len(alike) - 1})" if len(alike) > 1 else ""
        if st.button(label + more, key="look_alike_line", icon=":material/content_copy:", shortcut="Alt+D"):
            st.session_state[_SHOWN] = "duplicates", opened.load
    shown = st.session_state.get(_SHOWN)
    if shown == ("history", opened.load):
        show_history(desk, opened.receipt.id, _close)
    elif shown == ("duplicates", opened.load) and alike:
        show_duplicates(desk, opened, _close)


def _close() -> None:
    st.session_state.pop(_SHOWN, None)
