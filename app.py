"""The desk: `python -m ledger serve`."""

import streamlit as st

from ledger.ui.shell import open_desk, plain_sentences, top_bar

st.set_page_config(page_title="ledger", page_icon="🧾", layout="wide")
desk = open_desk()
page = st.navigation(
    [
        st.Page("pages/1_inbox.py", title=desk.t("Inbox"), icon=":material/inbox:", url_path="inbox"),
        st.Page(
            "pages/2_review.py", title=desk.t("Review"), icon=":material/fact_check:", url_path="review", default=True
        ),
        st.Page("pages/3_confirmed.py", title=desk.t("Confirmed"), icon=":material/task_alt:", url_path="confirmed"),
        st.Page(
            "pages/4_corrections.py", title=desk.t("Corrections"), icon=":material/edit_note:", url_path="corrections"
        ),
    ],
    position="top",
)
top_bar(desk)
with plain_sentences(desk.t):
    page.run()
