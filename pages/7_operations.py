"""Operations: how the desk works: what waits, what was read and decided, what that took and cost."""

import streamlit as st

from ledger.ui import auto_confirm_desk, operations_charts, operations_desk, operations_tables
from ledger.ui.retirement import retirement_banner
from ledger.ui.shell import open_desk

desk = open_desk()
t = desk.t
retirement_banner(desk)
operations_desk.what_waits(desk)
standing = auto_confirm_desk.banner(desk)
period = operations_desk.choose_period(desk)
if period is None:
    st.info(t("Choose the first and the last day."))
    st.stop()

figures = operations_desk.figures_of(desk, period)
operations_desk.tiles(desk, figures)
if not figures.readings and not figures.work:
    operations_desk.nothing_happened(desk)
    auto_confirm_desk.section(desk, standing)
    st.stop()

read, decided = st.columns(2)
with read:
    operations_charts.read_and_failed(desk, period, figures)
with decided:
    operations_charts.confirmed_and_rejected(desk, period, figures)
with st.container(key="tables"):
    by_operator, by_field = st.columns([7, 5])
with by_operator:
    operations_tables.operators(desk, figures)
with by_field:
    operations_tables.fields(desk, figures)
operations_tables.failures(desk, figures)
operations_charts.cost(desk, period, figures)
operations_tables.models(desk, figures)
auto_confirm_desk.section(desk, standing)
