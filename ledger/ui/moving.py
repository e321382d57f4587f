"""Going from page to page: what is let go of on the way, and what a page may take up again where it was left."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.ui import review_desk
from ledger.ui.queue_place import ARRIVED
from ledger.ui.shell import Desk
from ledger.ui.work import work

_PAGE: Final = "page"


def come_to(desk: Desk, page: str) -> None:
    """A page is about to be shown. The receipt on the desk is let go of while it is another one than the review."""
    before = st.session_state.get(_PAGE)
    st.session_state[_PAGE], st.session_state[ARRIVED] = page, before not in (None, page)
    if page != "review":
        review_desk.let_go(desk)
        work().left = None
