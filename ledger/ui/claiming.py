"""What the form asks about its claim: a receipt that somebody else holds is taken over, or gone on with when free."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.ui import review_desk
from ledger.ui.components.form_messages import ClaimEvent
from ledger.ui.opened_receipt import Opened
from ledger.ui.shell import Desk

_DONE: Final = "last_claim_event"


def answer(desk: Desk, opened: Opened, event: ClaimEvent | None) -> Opened:
    """Do what the form asked about its claim, once, and return what is on the desk then.

    A form that only asks what became of its claim is told so by the run itself.
    """
    if event is None or event["id"] == st.session_state.get(_DONE) or event["receipt_id"] != opened.receipt.id:
        return opened
    st.session_state[_DONE] = event["id"]
    if event["kind"] == "take_over" and desk.is_admin:
        _ask_whether_to_take_over(desk, opened)
    elif event["kind"] == "again":
        return review_desk.reopen(desk, opened)
    return opened


def _ask_whether_to_take_over(desk: Desk, opened: Opened) -> None:
    t, holder = desk.t, opened.holder
    if holder is None:
        return

    @st.dialog(t("Take receipt {number} over?", number=opened.receipt.id))
    def dialog() -> None:
        st.write(
            t(
                "{operator} works on it. What was saved comes with the receipt; what is typed after that stays in that"
                " browser.",
                operator=holder.operator,
            )
        )
        with st.container(horizontal=True):
            if st.button(t("Take over"), type="primary", key="take_over"):
                review_desk.reopen(desk, opened, take_over=True)
                st.rerun()
            if st.button(t("Back"), key="not_take_over"):
                st.rerun()

    dialog()
