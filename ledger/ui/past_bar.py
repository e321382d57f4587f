"""What leads back on the Review page: history, last decisions, reopening, look-alikes."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.ui.duplicates import found_for, headline, show_duplicates
from ledger.ui.history import show_history
from ledger.ui.opened_receipt import Opened
from ledger.ui.shell import Desk
from ledger.ui.undoing import last_decisions_popover

_SHOWN: Final = "past_shown"
"""Which dialog is open, and for which opening of a receipt: a draft that is stored runs the page, not the dialog."""


def past_buttons(desk: Desk, opened: Opened) -> None:
    """Draw the buttons, for a line of which they are a part."""
    t = desk.t
    if st.button(t("History"), key="history", icon=":material/history:", type="tertiary", shortcut="Alt+H"):
        st.session_state[_SHOWN] = "history", opened.load
    last_decisions_popover(desk)


def look_alike_line(desk: Desk, opened: Opened) -> None:
    """Draw the line of the look-alikes, if there are any, and the dialog that was asked for."""
    alike = found_for(desk, opened)
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
