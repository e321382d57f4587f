"""Inbox: the receipts that wait for a person, and the photos that could not be read, with what can be done then."""

import streamlit as st

from ledger.ui import inbox_desk, uploading
from ledger.ui.retirement import retirement_notice
from ledger.ui.shell import open_desk

desk = open_desk()
t = desk.t
place = inbox_desk.answer(desk)
retirement_notice(desk)

with st.container(horizontal=True, vertical_alignment="center"):
    if st.button(t("Look for new photos"), icon=":material/refresh:"):
        inbox_desk.look_for_photos(desk)
    if st.button(t("Read what is waiting"), icon=":material/play_arrow:"):
        inbox_desk.read_waiting(desk)
    count = inbox_desk.count_sections(desk)["failed"]
    label = t("Read all failed again ({count})", count=count)
    if st.button(label, key="read_failed", disabled=not count.number, icon=":material/replay:"):
        inbox_desk.read_failed(desk)
    with st.popover(t("Upload photos"), icon=":material/upload:"):
        uploading.upload(desk)
uploading.upload_report(desk)
inbox_desk.progress(desk)
inbox_desk.show(desk, place)
