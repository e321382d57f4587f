"""Review: the photo beside what was read from it; an operator mends, confirms and gets the next one."""

import streamlit as st

from ledger.ui import claiming, deciding, drafting, past_bar, review_desk
from ledger.ui.action_line import action_line
from ledger.ui.ahead import NOTHING, look_ahead
from ledger.ui.components.ahead import ahead
from ledger.ui.components.photo_viewer import photo_viewer
from ledger.ui.components.review_form import latest, review_form
from ledger.ui.empty import nothing_to_review
from ledger.ui.form_data import form_data
from ledger.ui.photos import photo_data
from ledger.ui.shell import open_desk
from ledger.ui.texts import viewer_labels
from ledger.ui.undoing import last_decisions_popover, reopen_button

desk = open_desk()
opened = review_desk.current(desk)
sent = latest("review_form")
if opened is not None:
    opened = claiming.answer(desk, opened, sent.claim)
    opened = drafting.keep_draft(desk, opened, sent.draft)
    # Before anything is drawn, so that one run carries a decision out and shows the next receipt.
    if sent.action and deciding.decide(desk, opened, sent.action):
        opened = review_desk.settled(desk)
if opened is None:
    last_decisions_popover(desk)
    nothing_to_review(desk)
    st.stop()

opened = review_desk.follow(desk, opened)
left, right = st.columns(2, gap="small")
with left:
    photo_viewer(photo_data(desk.services, opened), labels=viewer_labels(desk.t), key="photo_viewer")
with right, st.container(gap="xsmall"):
    action_line(desk, opened)
    if hint := opened.judged.hint(desk.t, opened.receipt):
        st.caption(f":material/photo_camera: {hint}")
    past_bar.look_alike_line(desk, opened)
    for notice in opened.notices:
        st.warning(notice, icon=":material/info:")
    if opened.outdated:
        st.warning(desk.t(opened.outdated), icon=":material/history:")
    mine = opened.holder is None
    if opened.superseded and mine and st.button(desk.t("Use the new reading"), icon=":material/refresh:"):
        review_desk.use_new_reading(desk, opened)
        st.rerun()
    if opened.closed:
        with st.container(horizontal=True):
            if st.button(desk.t("Next receipt"), icon=":material/arrow_forward:"):
                review_desk.open_next(desk, skip=opened.receipt.id)
                st.rerun()
            reopen_button(desk, opened.receipt.id)
    result = review_form(form_data(desk, opened), key="review_form")

# The first event of a session that knew nothing of the form, after a restart of the server, arrives only here.
if result.action and deciding.decide(desk, opened, result.action):
    st.rerun()

# Last of all, because preparing the next receipt must not keep this one waiting.
ahead(NOTHING if opened.closed else look_ahead(desk, opened), key="ahead")
