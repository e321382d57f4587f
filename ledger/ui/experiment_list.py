"""The way through the Experiments page: its sections, the list, and the one that is open."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.errors import ExperimentNotFound
from ledger.experiments.datasets import dataset_versions
from ledger.experiments.scores import METRICS
from ledger.experiments.stored import experiment, experiments, runs_in
from ledger.experiments.words import Experiment, ExperimentStatus, Split
from ledger.ui.sections import choose_section
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts, mark, markdown_text

LIST: Final = "list"
NEW: Final = "new"
DATASETS: Final = "datasets"
SECTIONS: Final = {LIST: mark("Experiments"), NEW: mark("New experiment"), DATASETS: mark("Dataset versions")}

_PAGE: Final = "pages/6_experiments.py"
_OPEN: Final = "experiment"
_SECTION: Final = "experiment_section"

STATUSES: Final = {
    ExperimentStatus.CREATED: mark("not started"),
    ExperimentStatus.RUNNING: mark("running"),
    ExperimentStatus.PAUSED: mark("paused"),
    ExperimentStatus.FINISHED: mark("finished"),
    ExperimentStatus.CANCELLED: mark("cancelled"),
}
SPLITS: Final = {
    None: mark("all receipts"),
    Split.TUNE: mark("tune split"),
    Split.TEST: mark("test split"),
}


def opened(desk: Desk) -> Experiment | None:
    """The experiment that the address names."""
    asked = st.query_params.get(_OPEN)
    if asked is None:
        return None
    try:
        return experiment(desk.services.database, int(asked))
    except (ValueError, ExperimentNotFound):
        st.warning(desk.t.error(ExperimentNotFound(experiment_id=asked)))
        return None


def open_one(experiment_id: int) -> None:
    """Go to an experiment; the run ends."""
    st.query_params[_OPEN] = str(experiment_id)
    st.rerun()


def chosen_section(desk: Desk) -> str:
    """Which part of the page is wanted."""
    return choose_section(desk, SECTIONS, _SECTION)


def show(desk: Desk) -> None:
    """All experiments, newest first, or what to do when there is none."""
    t = desk.t
    found = experiments(desk.services.database)
    if not found:
        _none_yet(desk)
        return
    widths = [5, 3, 3, 3, 2]
    for place, text in zip(st.columns(widths), _HEAD, strict=True):
        place.caption(t(text))
    done = runs_in(desk.services.database, found)
    for each in found:
        _row(desk, each, done[each.id], widths)


_HEAD: Final = (mark("Name"), mark("State"), mark("Receipts"), mark("Primary metric"), mark("Made"))


def _row(desk: Desk, each: Experiment, done: int, widths: list[int]) -> None:
    t = desk.t
    name, state, receipts, metric, made = st.columns(widths, vertical_alignment="center")
    address = {**st.query_params.to_dict(), _OPEN: str(each.id)}
    name.page_link(_PAGE, label=_title(each), query_params=address)
    state.write(f"{t(STATUSES[each.status])} · {t.number(done)}/{t.number(each.planned)}")
    receipts.write(dataset_text(t, each))
    metric.write(t(METRICS[each.metric].label))
    made.write(t.time(each.created_at))


def _title(of: Experiment) -> str:
    """Its name and number: names may be alike, and the command line asks for the number."""
    return f"{markdown_text(of.name)} · {of.id}"


def dataset_text(t: Texts, of: Experiment) -> str:
    """Which receipts it is about."""
    return f"{markdown_text(of.dataset.name)} ({t(SPLITS[of.split])})"


def head(desk: Desk, of: Experiment) -> None:
    """What is open, and the way back."""
    t = desk.t
    back = {name: value for name, value in st.query_params.to_dict().items() if name != _OPEN}
    st.page_link(_PAGE, label=t("All experiments"), icon=":material/arrow_back:", query_params=back)
    st.subheader(_title(of))
    told = [
        dataset_text(t, of),
        t("primary metric: {metric}", metric=t(METRICS[of.metric].label)),
        t("repetitions: {count}", count=of.repetitions),
        t("by {operator}, {time}", operator=of.operator, time=t.time(of.created_at)),
    ]
    st.caption(" · ".join(told))


def _none_yet(desk: Desk) -> None:
    """Three steps lead to the first verdict; the one that is next has its button."""
    t = desk.t
    st.subheader(t("Which setting reads receipts best?"))
    st.write(
        t(
            "Confirmed receipts are frozen as a dataset version, settings read them again, and the desk says of each"
            " setting: better, worse, or cannot tell yet, and how many receipts it would take."
        )
    )
    if dataset_versions(desk.services.database):
        _way(t("Make the first experiment"), NEW)
    else:
        _way(t("Freeze confirmed receipts"), DATASETS)


def nothing_frozen(desk: Desk) -> None:
    """There is nothing to compare settings on yet."""
    st.info(desk.t("There is no dataset version yet: confirmed receipts have to be frozen first."))
    _way(desk.t("Freeze confirmed receipts"), DATASETS)


def _way(label: str, section: str) -> None:
    st.button(label, type="primary", on_click=_go_to, args=(section,), icon=":material/arrow_forward:")


def _go_to(section: str) -> None:
    st.session_state[_SECTION] = section
