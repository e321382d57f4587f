"""Corrections: what the model read and what people made of it, newest first."""

import streamlit as st

from ledger.corrections.summary import counts_by_field, recent_corrections
from ledger.ui import export_button
from ledger.ui.corrections_desk import FIELDS, correction_table
from ledger.ui.shell import open_desk

desk = open_desk()
t = desk.t
counts = counts_by_field(desk.services.database)
if not counts:
    st.info(t("No corrections yet. Each difference between a reading and what was confirmed appears here."))
    st.page_link("pages/2_review.py", label=t("Go to review"), icon=":material/fact_check:")
    st.stop()

chosen = st.pills(
    t("Field"),
    options=list(counts),
    format_func=lambda field: f"{t(FIELDS[field])} · {t.number(counts[field])}",
    key="correction_field",
)
correction_table(desk, recent_corrections(desk.services.database, chosen))
export_button.show(desk)
