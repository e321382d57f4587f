"""Prompts: what models are asked, in versions; made, compared, edited, and which of them is active."""

import streamlit as st

from ledger.ui import prompt_opened, prompts_desk
from ledger.ui.shell import open_desk

desk = open_desk()
opened = prompts_desk.opened(desk)
if opened is not None:
    prompt_opened.show(desk, opened)
    # What speaks for promoting it, and the way to do so, follows here.
    st.stop()

prompts_desk.show_active(desk)
prompts_desk.show_list(desk)
history, file = st.columns([3, 2], gap="large")
with history:
    prompts_desk.show_history(desk)
with file:
    prompts_desk.show_import(desk)
