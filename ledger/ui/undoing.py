"""Undoing at the desk: the last decision by key, the last ten by name, any one from where the receipt is shown."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.clock import utc_now
from ledger.errors import LedgerError, NothingToUndo, ReviewError
from ledger.inbox.object_store import photo_name
from ledger.review.undo import Decision, last_decisions, newest_decision, undo
from ledger.ui import review_desk
from ledger.ui.shell import Desk
from ledger.ui.texts import mark, markdown_text
from ledger.ui.work import work

_POPOVER: Final = "last_decisions"
"""Counts the popovers: one from which something was undone is replaced by a new one, which is closed."""
_DONE: Final = {"confirmed": mark("confirmed"), "rejected": mark("rejected")}


def remember(review_id: int) -> None:
    """Note a decision of this session, which the key undoes."""
    if review_id not in work().decisions:  # the same click may arrive twice
        work().decisions.append(review_id)


def undo_last(desk: Desk) -> None:
    """Undo the last decision of this session, then the ones before. Raises NothingToUndo and what `undo` raises."""
    decided = work().decisions
    if not decided:
        raise NothingToUndo
    try:
        take_back(desk, decided[-1])
    except ReviewError:
        _forget(decided[-1])  # the next press is for the one before
        raise


def take_back(desk: Desk, review_id: int) -> None:
    """Undo a decision and lay its receipt on the desk. Raises what `undo` raises, and ReceiptNotFound."""
    receipt_id = undo(desk.services.database, review_id, operator=desk.operator, now=utc_now())
    _forget(review_id)
    review_desk.open_again(desk, receipt_id)
    st.toast(desk.t("Receipt {number} is open again, with the text it had.", number=receipt_id), icon=":material/undo:")


def _forget(review_id: int) -> None:
    work().decisions = [each for each in work().decisions if each != review_id]


def last_decisions_popover(desk: Desk) -> None:
    """The operator's own last decisions, each with a button that undoes it. Looked up when it is opened."""
    t = desk.t
    key = f"{_POPOVER} {st.session_state.get(_POPOVER, 0)}"
    popover = st.popover(t("Undo"), icon=":material/undo:", type="tertiary", key=key, on_change="rerun")
    if not popover.open:
        return
    with popover:
        st.caption(t("Your last decisions"))
        found = last_decisions(desk.services.database, desk.operator)
        if not found:
            st.caption(t("{operator} has decided nothing yet that could be undone.", operator=desk.operator))
        for decision in found:
            _line(desk, decision)


def reopen_button(desk: Desk, receipt_id: int, review_id: int | None = None) -> None:
    """A button that undoes the decision about a closed receipt, after saying what that does."""
    t = desk.t
    with st.popover(t("Reopen"), icon=":material/lock_open:", width="content"):
        st.write(t("The receipt leaves the ledger and is open again, with the text it had. Its history stays."))
        if st.button(t("Reopen receipt {number}", number=receipt_id), key=f"reopen {receipt_id}", type="primary"):
            _reopen(desk, review_id or newest_decision(desk.services.database, receipt_id))


def _line(desk: Desk, decision: Decision) -> None:
    t, name = desk.t, markdown_text(photo_name(decision.object_key))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        told = f":small[{t(_DONE[decision.decision])} · {t.time(decision.at)}]"
        st.markdown(f"\\#{decision.receipt_id} {name}  \n{told}", width="content")
        if st.button(t("Undo"), key=f"undo {decision.review_id}", width="content"):
            st.session_state[_POPOVER] = st.session_state.get(_POPOVER, 0) + 1
            _reopen(desk, decision.review_id)


def _reopen(desk: Desk, review_id: int | None) -> None:
    if review_id is None:  # somebody else was faster, and the receipt is open
        st.rerun()
    try:
        take_back(desk, review_id)
    except LedgerError as error:
        st.error(desk.t.error(error))
        return
    receipt = st.query_params.get("receipt", "")
    st.switch_page("pages/2_review.py", query_params={"receipt": receipt})
