"""Watching an experiment: how far it is, what it costs, and what can be done: start, pause, go on, cancel."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.clock import utc_now
from ledger.experiments import standing
from ledger.experiments.stored import Progress, experiment, progress
from ledger.experiments.turnstile import BUDGET_REACHED
from ledger.experiments.words import Experiment, ExperimentStatus
from ledger.ui.experiment_list import STATUSES
from ledger.ui.shell import Desk, guarded_fragment

_WATCHED: Final = "experiment_watched"
_MICROUSD: Final = 1_000_000


def watch(desk: Desk, of: Experiment) -> bool:
    """Show how far it is, looking again by itself; whether all is in that will come, so that it can be read."""
    st.session_state[_WATCHED] = of.id
    if of.is_over and not progress(desk.services.database, of, utc_now()).is_held:
        return True
    _watch(desk)
    return False


@guarded_fragment(run_every="2s")
def _watch(desk: Desk) -> None:
    t, services = desk.t, desk.services
    of = experiment(services.database, st.session_state[_WATCHED])
    found = progress(services.database, of, utc_now())
    if of.is_over and not found.is_held:
        st.rerun()
    share = found.done / found.planned if found.planned else 0.0
    of_all = t(
        "{state}: {done} of {planned} runs",
        state=t(STATUSES[of.status]),
        done=t.number(found.done),
        planned=t.number(found.planned),
    )
    st.progress(min(share, 1.0), of_all)
    st.caption(" · ".join(_facts(desk, of, found)))
    if of.status == ExperimentStatus.PAUSED and of.reason:
        st.warning(t.note(of.reason), icon=":material/pause_circle:")
    if of.status == ExperimentStatus.RUNNING and not found.is_held:
        st.warning(t("No process runs it any more. Go on: what is in is not paid again."), icon=":material/warning:")
    if not of.is_over:
        _buttons(desk, of, found)
    if of.status == ExperimentStatus.RUNNING:
        st.info(
            t(
                "The verdict is told when all runs are in. Who looks earlier, and again and again, finds differences"
                " that are none."
            ),
            icon=":material/hourglass_top:",
        )


def _facts(desk: Desk, of: Experiment, found: Progress) -> list[str]:
    t = desk.t
    spent = t.dollars(found.spent_microusd)
    told = [
        t("failed: {count}", count=t.number(found.failed)),
        t("spent: {cost}", cost=spent)
        if of.budget_microusd is None
        else t("spent: {cost} of {budget}", cost=spent, budget=t.dollars(of.budget_microusd)),
    ]
    if found.a_minute is not None:
        told.append(t("{count} runs a minute", count=t.number(round(found.a_minute))))
    elif of.status == ExperimentStatus.RUNNING and found.is_held:
        told.append(t("the first answers are awaited"))
    if found.left is not None:
        told.append(t("about {time} left", time=t.duration(found.left)))
    if of.status != ExperimentStatus.RUNNING and found.is_held:
        told.append(t("the last answers are still coming in"))
    return told


def _buttons(desk: Desk, of: Experiment, found: Progress) -> None:
    t, services = desk.t, desk.services
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if of.status == ExperimentStatus.RUNNING and found.is_held:
            if st.button(t("Pause"), icon=":material/pause:"):
                standing.pause(services.database, of.id)
                st.rerun(scope="fragment")
        elif not found.is_held:
            _start(desk, of)
        with st.popover(t("Cancel"), icon=":material/cancel:"):
            st.write(t("What is in stays and is told; nothing more is run, and it cannot be started again."))
            if st.button(t("Cancel the experiment"), type="primary"):
                standing.cancel(services.database, of.id, utc_now())
                st.rerun()


def _start(desk: Desk, of: Experiment) -> None:
    """The button that starts it or goes on; where the budget is used up, with another budget."""
    t = desk.t
    budget = of.budget_microusd
    if of.reason is not None and of.reason.sentence == BUDGET_REACHED and budget is not None:
        dollars = st.number_input(
            t("Budget, US dollars"),
            min_value=0.0,
            value=2 * budget / _MICROUSD,
            format="%.2f",
            key=f"raised_budget_{of.id}",
        )
        budget = round(dollars * _MICROUSD)
    label = t("Start") if of.status == ExperimentStatus.CREATED else t("Go on")
    if st.button(label, type="primary", icon=":material/play_arrow:"):
        desk.services.start_experiment(of.id, budget)
        st.rerun(scope="fragment")
