"""Prompts: what models are asked, in versions; proposed, made, proven, and which of them is active."""

import streamlit as st

from ledger.ui import gate_desk, prompt_opened, prompts_desk, proposals_desk
from ledger.ui.shell import open_desk

desk = open_desk()
opened = prompts_desk.opened(desk)
if opened is not None:
    prompt_opened.head(desk, opened)
    gate_desk.show(desk, opened)
    prompt_opened.content(desk, opened)
    st.stop()

prompts_desk.show_active(desk)
gate_desk.kept_promises(desk)
if prompts_desk.chosen_section(desk) == prompts_desk.PROPOSALS:
    proposals_desk.show(desk)
    st.stop()
prompts_desk.show_list(desk)
history, file = st.columns([3, 2], gap="large")
with history:
    prompts_desk.show_history(desk)
with file:
    prompts_desk.show_import(desk)
