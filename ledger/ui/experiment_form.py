"""Making an experiment: receipts, arms and numbers, what that will take, and what it can tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import streamlit as st

from ledger.clock import utc_now
from ledger.errors import ExperimentError, MissingKey
from ledger.experiments.arms import OPENAI
from ledger.experiments.datasets import cases_of, dataset_versions
from ledger.experiments.foresight import CANNOT_TELL, chance, foreseen, needed
from ledger.experiments.plan import MOST_IN_FLIGHT, MOST_REPETITIONS, Plan, check, estimate
from ledger.experiments.scores import METRICS
from ledger.experiments.stored import create, past_of
from ledger.experiments.words import Arm, Case, DatasetVersion, Split
from ledger.extraction.models import ModelTable, load_models
from ledger.ui.experiment_arms import arms_table, choose_question, has_key
from ledger.ui.experiment_list import SPLITS, nothing_frozen, open_one
from ledger.ui.shell import Desk

_ALL: Final = "all"
_MICROUSD: Final = 1_000_000
_MADE: Final = "experiment_made"
_DOUBLE_CLICK: Final = dt.timedelta(seconds=10)
"""The same plan within this time is the same click: nobody pays twice for an impatient finger."""


def show(desk: Desk) -> None:
    """The whole form. Nothing is stored before one of its two buttons is pressed."""
    t, services = desk.t, desk.services
    versions = dataset_versions(services.database)
    if not versions:
        nothing_frozen(desk)
        return
    models, base = load_models(services.settings.models_file), services.asked_of_models()
    version, split = _receipts(desk, versions)
    cases = cases_of(services.database, version, split)
    question = choose_question(desk, base, models)
    plan = _numbers(desk, question, version, split, arms_table(desk, question, base, models))
    try:
        notes = check(plan, len(cases), models)
    except ExperimentError as wrong:
        st.error(t.error(wrong))
        return
    for note in notes:
        st.warning(t.note(note), icon=":material/info:")
    if not has_key(desk) and any(arm.engine == OPENAI for arm in plan.arms):
        st.warning(t.error(MissingKey()), icon=":material/key_off:")
    what_it_takes(desk, plan, cases, models)
    _buttons(desk, plan, models)


def _receipts(desk: Desk, versions: Sequence[DatasetVersion]) -> tuple[DatasetVersion, Split | None]:
    t = desk.t
    first, second = st.columns([3, 2], vertical_alignment="bottom")
    version = first.selectbox(
        t("Dataset version"),
        options=versions,
        format_func=lambda v: f"{v.name} · {t.number(v.cases)}",
        key="experiment_dataset",
    )
    split = second.segmented_control(
        t("Receipts"),
        options=[_ALL, *Split],
        format_func=lambda split: t(SPLITS[_split(split)]),
        key="experiment_split",
        default=_ALL,
        required=True,
        help=t("A prompt that was tuned on the tune split is judged on the test split."),
    )
    return version, _split(split)


def _split(chosen: str | None) -> Split | None:
    return None if chosen in (None, _ALL) else Split(chosen)


def _numbers(desk: Desk, question: str, version: DatasetVersion, split: Split | None, made: tuple[Arm, ...]) -> Plan:
    t = desk.t
    name, metric = st.columns([3, 2], vertical_alignment="bottom")
    day = t.date(utc_now().date())
    called = name.text_input(
        t("Name"), value=f"{t(question)} · {day}", max_chars=128, key=f"experiment_name_{question}"
    )
    decides = metric.selectbox(
        t("Primary metric"),
        options=list(METRICS),
        format_func=lambda metric: t(METRICS[metric].label),
        key="experiment_metric",
        help=t("The one that decides. It is chosen before the first run; the others describe."),
    )
    often, shared, budget, at_once = st.columns([2, 3, 2, 2], vertical_alignment="bottom")
    repetitions = often.number_input(
        t("Repetitions"), min_value=1, max_value=MOST_REPETITIONS, value=3, key="experiment_repetitions"
    )
    together = shared.toggle(
        t("Buy repetitions in one request"),
        key="experiment_shared",
        help=t(
            "The picture is paid once. Answers of one request may resemble each other more than separate ones; the"
            " report says so."
        ),
    )
    dollars = budget.number_input(
        t("Budget, US dollars"), min_value=0.0, value=None, step=1.0, key="experiment_budget", placeholder=t("none")
    )
    in_flight = at_once.number_input(
        t("Requests at the same time"), min_value=1, max_value=MOST_IN_FLIGHT, value=4, key="experiment_in_flight"
    )
    return Plan(
        name=called,
        dataset_version_id=version.id,
        arms=made,
        split=split,
        metric=decides,
        repetitions=int(repetitions),
        shared_requests=together,
        in_flight=int(in_flight),
        seed=version.id,
        budget_microusd=None if dollars is None else round(dollars * _MICROUSD),
    )


def what_it_takes(desk: Desk, plan: Plan, cases: Sequence[Case], models: ModelTable) -> None:
    """Say what a plan will take, and what it can tell."""
    t = desk.t
    past = past_of(desk.services.database, [arm.settings.model for arm in plan.arms])
    found = estimate(plan, cases, models, past)
    cost = t("cost not known") if found.cost_microusd is None else t.dollars(found.cost_microusd)
    st.info(
        t(
            "{runs} runs over {receipts} receipts in {requests} requests: about {cost} and {time}.",
            runs=t.number(found.runs),
            receipts=t.number(len(cases)),
            requests=t.number(found.requests),
            cost=cost,
            time=t.duration(dt.timedelta(seconds=max(found.seconds, 1))),
        ),
        icon=":material/payments:",
    )
    notes = list(foreseen(plan, len(cases), found))
    for note in notes:
        st.warning(t.note(note), icon=":material/lightbulb:")
    if len(plan.arms) > 1 and CANNOT_TELL not in [note.sentence for note in notes]:
        st.caption(_what_it_can_tell(desk, plan, len(cases)))


def _what_it_can_tell(desk: Desk, plan: Plan, receipts: int) -> str:
    return desk.t(
        "A setting that fixes 4 of 100 receipts and breaks 1 would be noticed with these receipts in {share} of"
        " experiments. It takes {needed} receipts to notice it in four of five.",
        share=desk.t.percent(chance(plan, receipts)),
        needed=desk.t.number(needed(plan)),
    )


def _buttons(desk: Desk, plan: Plan, models: ModelTable) -> None:
    t, services = desk.t, desk.services
    with st.container(horizontal=True):
        started = st.button(t("Start"), type="primary", icon=":material/play_arrow:")
        kept = st.button(t("Keep without starting"), icon=":material/save:")
    if not (started or kept):
        return
    if (made := st.session_state.get(_MADE)) and made[0] == plan and utc_now() - made[2] < _DOUBLE_CLICK:
        open_one(made[1])
    experiment_id, _ = create(services.database, plan, models, desk.operator, utc_now(), services.prompts)
    st.session_state[_MADE] = plan, experiment_id, utc_now()
    if started:
        services.start_experiment(experiment_id)
    open_one(experiment_id)
