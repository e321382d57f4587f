"""What a page says when it has nothing to show: why, and what to do next."""

from __future__ import annotations

import streamlit as st

from ledger.clock import utc_now
from ledger.inbox.listing import reading_progress
from ledger.receipt import ReceiptStatus
from ledger.review.queue import status_counts, upcoming
from ledger.ui.shell import Desk, guarded_fragment


@guarded_fragment(run_every="3s")
def nothing_to_review(desk: Desk) -> None:
    """Say why the queue is empty; look again by itself, and open the first receipt that is ready."""
    t, database = desk.t, desk.services.database
    if upcoming(database, 1, desk.operator, utc_now()):
        st.rerun()
    counts, progress = status_counts(database), reading_progress(database, utc_now())
    st.subheader(t("Nothing to review right now"))
    if progress.waiting:
        st.info(t("Photos being read: {count}. The first one opens here by itself.", count=progress.waiting))
    if counts[ReceiptStatus.FAILED]:
        st.warning(t("Photos that could not be read: {count}. The inbox says why.", count=counts[ReceiptStatus.FAILED]))
    if not progress.waiting and not counts[ReceiptStatus.FAILED]:
        st.info(t("Everything that arrived has been decided. Look for new photos or upload some in the inbox."))
    st.page_link("pages/1_inbox.py", label=t("Go to the inbox"), icon=":material/inbox:")
