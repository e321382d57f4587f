"""Confirmed: the ledger as it was confirmed, all of it or one member's month; search it, take it out, mend in bulk."""

import streamlit as st

from ledger.ui import confirmed_desk, ledger_desk, ledger_place
from ledger.ui.sections import choose_section
from ledger.ui.shell import open_desk

desk = open_desk()
t = desk.t
if choose_section(desk, confirmed_desk.VIEWS, "confirmed_view", "view") == confirmed_desk.BY_MEMBER:
    ledger_desk.show(desk)
    st.stop()

ledger_place.leave()
search = confirmed_desk.search_fields(desk)
receipts = confirmed_desk.find(desk, search)
if not receipts:
    confirmed_desk.empty(desk, search)
    st.stop()

confirmed_desk.downloads(desk, search, len(receipts))
by_receipt, by_item = st.tabs([t("Receipts"), t("Items")])
with by_receipt:
    chosen = confirmed_desk.receipt_table(desk, receipts)
    if chosen is None:
        st.caption(t("Choose a receipt to see its JSON and its photo."))
    else:
        confirmed_desk.one_receipt(desk, chosen)
with by_item:
    confirmed_desk.edit_items(desk, receipts)
