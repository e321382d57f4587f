"""The desk: `python -m ledger serve`."""

from typing import Any

import streamlit as st

from ledger.ui.moving import come_to
from ledger.ui.shell import is_probe, open_desk, plain_sentences, session_texts, top_bar
from ledger.ui.texts import mark

st.set_page_config(page_title="ledger", page_icon="🧾", layout="wide")
texts = session_texts()


def start() -> None:
    """The address without a page leads to the receipt that waits. A page of its own, so that /review has an address."""
    if is_probe():
        st.stop()  # a probe of the server's health, which must not hold a receipt that nobody looks at
    st.switch_page("pages/2_review.py", query_params=st.query_params.to_dict())


def _page(file: str, title: str, icon: str) -> Any:
    return st.Page(f"pages/{file}.py", title=texts(title), icon=f":material/{icon}:", url_path=file[2:])


pages = [
    st.Page(start, title="ledger", default=True, visibility="hidden"),
    _page("1_inbox", mark("Inbox"), "inbox"),
    _page("2_review", mark("Review"), "fact_check"),
    _page("3_confirmed", mark("Confirmed"), "task_alt"),
    _page("4_corrections", mark("Corrections"), "edit_note"),
    _page("5_prompts", mark("Prompts"), "chat"),
    _page("6_experiments", mark("Experiments"), "science"),
    _page("7_operations", mark("Operations"), "monitoring"),
]
# Before the guard, which may stop the run: without it Streamlit takes the files in pages/ for apps of their own.
page = st.navigation(pages, position="top")
desk = open_desk()
top_bar(desk)
with plain_sentences(desk.t):
    come_to(desk, page.url_path)
    page.run()
