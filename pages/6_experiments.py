"""Experiments: settings compared on confirmed receipts; made, watched, read."""

import streamlit as st

from ledger.ui import experiment_form, experiment_list, experiment_report, experiment_watch, production_bar
from ledger.ui.datasets_desk import dataset_list, freeze_form, import_form
from ledger.ui.shell import open_desk

desk = open_desk()
t = desk.t
production_bar.show(desk)
opened = experiment_list.opened(desk)
if opened is not None:
    experiment_list.head(desk, opened)
    if experiment_watch.watch(desk, opened):
        experiment_report.show(desk, opened)
    st.stop()

section = experiment_list.chosen_section(desk)
if section == experiment_list.DATASETS:
    dataset_list(desk)
    frozen, imported = st.columns(2, gap="large")
    with frozen:
        freeze_form(desk)
    with imported:
        import_form(desk)
elif section == experiment_list.NEW:
    experiment_form.show(desk)
else:
    experiment_list.show(desk)
