"""Inbox: photos that arrived, that are being read, or that could not be read and why."""

import streamlit as st

from ledger.ui import inbox_desk, uploading
from ledger.ui.retirement import retirement_banner
from ledger.ui.shell import open_desk

desk = open_desk()
t = desk.t
retirement_banner(desk)
inbox_desk.counts_and_progress(desk)

look, read, failed, upload, _ = st.columns([2, 2, 3, 2, 1], vertical_alignment="bottom")
if look.button(t("Look for new photos"), icon=":material/refresh:", width="stretch"):
    inbox_desk.look_for_photos(desk)
if read.button(t("Read what is waiting"), icon=":material/play_arrow:", width="stretch"):
    inbox_desk.read_waiting(desk)
count = inbox_desk.count_failed(desk)
label = t("Read all failed again ({count})", count=t.number(count))
if failed.button(label, key="read_failed", disabled=not count, icon=":material/replay:", width="stretch"):
    inbox_desk.read_failed(desk)
with upload.popover(t("Upload photos"), icon=":material/upload:", width="stretch"):
    uploading.upload(desk)
uploading.upload_report(desk)

shown = inbox_desk.choose_list(desk)
lines = inbox_desk.page_of_photos(desk, shown)
if not lines:
    inbox_desk.empty(desk, shown)
    st.stop()

chosen = inbox_desk.photo_table(desk, lines)
again, review, _ = st.columns([2, 2, 6])
if again.button(t("Read again"), disabled=not chosen, icon=":material/replay:", width="stretch"):
    inbox_desk.read_again(desk, chosen)
if review.button(t("Open in review"), disabled=len(chosen) != 1, icon=":material/fact_check:", width="stretch"):
    st.switch_page("pages/2_review.py", query_params={"receipt": str(chosen[0])})
