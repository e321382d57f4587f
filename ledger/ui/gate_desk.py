"""The gate of a draft: run it, watch it, read what it decides, promote; and what a promotion kept of its promise."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import ExperimentError, PromptError
from ledger.experiments.datasets import cases_of, dataset_versions
from ledger.experiments.plan import MOST_REPETITIONS
from ledger.experiments.stored import create
from ledger.experiments.words import Experiment, Split
from ledger.extraction.models import load_models
from ledger.prompts.activation import Active
from ledger.prompts.families import family_of
from ledger.prompts.words import StoredPrompt
from ledger.tuning.gate import Gate, gate_plan, gates_of, is_blind, judged
from ledger.tuning.promise import MOST_PAIRS, Promise, promise
from ledger.tuning.promotion import SHORTEST_REASON, promote
from ledger.ui import experiment_watch
from ledger.ui.experiment_arms import has_key
from ledger.ui.experiment_form import what_it_takes
from ledger.ui.shell import Desk
from ledger.ui.texts import markdown_text

_MICROUSD: Final = 1_000_000
_SECONDS_KEPT: Final = 120


def show(desk: Desk, draft: StoredPrompt) -> None:
    """The gate of a version that is not active."""
    t, services = desk.t, desk.services
    family = family_of(services.asked_of_models().model)
    active = desk.services.prompts.active(family)
    if draft.version == active:
        return
    st.subheader(t("Gate: is it better than what is asked now?"))
    st.caption(
        t(
            "The draft and the active prompt read the same receipts of a test split, which nothing in the draft was"
            " made from. It can be promoted when it is better, and worse in nothing."
        )
    )
    of_this = gates_of(services.database, draft, family, active)
    if not of_this:
        _form(desk, draft, active)
        return
    if not experiment_watch.watch(desk, of_this[0]):
        return
    with st.spinner(t("Scoring and comparing …")):
        found = _judged(services.database, of_this[0])
    _decision(desk, found)
    _promote(desk, draft, family, found)
    with st.expander(t("Run the gate again, on other receipts")):
        _form(desk, draft, active)


@st.cache_data(
    max_entries=20, show_spinner=False, hash_funcs={Database: Database.address, Experiment: lambda of: of.id}
)
def _judged(database: Database, of: Experiment) -> Gate:
    """Made once: what is over does not change, and each click draws the page anew."""
    return judged(database, of)


def _form(desk: Desk, draft: StoredPrompt, active: str) -> None:
    t, services = desk.t, desk.services
    versions = [each for each in dataset_versions(services.database) if each.tests and is_blind(draft, each)]
    if not versions:
        _no_receipts(desk)
        _promote(desk, draft, family_of(services.asked_of_models().model), None)
        return
    chosen, often, cap = st.columns([3, 1, 1], vertical_alignment="bottom")
    version = chosen.selectbox(
        t("Dataset version"),
        options=versions,
        format_func=lambda each: t("{name}: {count} to test", name=each.name, count=t.number(each.tests)),
        key="gate_dataset",
    )
    repetitions = often.number_input(
        t("Repetitions"), min_value=1, max_value=MOST_REPETITIONS, value=3, key="gate_repetitions"
    )
    dollars = cap.number_input(
        t("Budget, US dollars"), min_value=0.0, value=None, step=1.0, key="gate_budget", placeholder=t("none")
    )
    budget = None if dollars is None else round(dollars * _MICROUSD)
    plan = gate_plan(draft, active, version, services.asked_of_models(), repetitions=int(repetitions))
    plan = replace(plan, budget_microusd=budget)
    models = load_models(services.settings.models_file)
    what_it_takes(desk, plan, cases_of(services.database, version, Split.TEST), models)
    if not has_key(desk):
        st.warning(t("A gate needs a model, and no key is set: OPENAI_API_KEY."), icon=":material/key_off:")
        return
    if st.button(t("Run the gate"), type="primary", icon=":material/play_arrow:"):
        try:
            experiment_id, _ = create(services.database, plan, models, desk.operator, utc_now(), services.prompts)
        except (ExperimentError, PromptError) as wrong:
            st.error(t.error(wrong))
            return
        services.start_experiment(experiment_id)
        st.rerun()


def _no_receipts(desk: Desk) -> None:
    t = desk.t
    st.info(
        t(
            "There is no dataset version with a test split that this draft was not made from. Freeze confirmed receipts"
            " first, then make a draft: what is to be judged must not have seen the test."
        )
    )
    st.page_link("pages/6_experiments.py", label=t("Freeze confirmed receipts"), icon=":material/ac_unit:")


def _decision(desk: Desk, found: Gate) -> None:
    t = desk.t
    told = st.success if found.passed else st.warning
    for note in found.why:
        told(t.note(note), icon=":material/verified:" if found.passed else ":material/front_hand:")
    for note in found.report.leader:
        st.caption(t.note(note))
    if not found.passed:
        st.caption(
            t(
                "To test with more receipts, freeze another dataset version and make the draft anew: what was frozen"
                " after it may hold receipts that it was made from."
            )
        )
    st.page_link(
        "pages/6_experiments.py",
        label=t("The whole report of the experiment"),
        icon=":material/science:",
        query_params={"experiment": str(found.experiment.id)},
    )


def _promote(desk: Desk, draft: StoredPrompt, family: str, found: Gate | None) -> None:
    """Promote what passed; what did not, with a written reason."""
    t = desk.t
    reason = None
    if found is None or not found.passed:
        with st.expander(t("Promote it all the same")):
            reason = st.text_area(
                t("Why it goes live without the gate's consent, in at least {least} characters", least=SHORTEST_REASON),
                key=f"override_{draft.id}",
                max_chars=500,
            )
            short = len(reason.strip()) < SHORTEST_REASON
            pressed = st.button(t("Promote with this reason"), icon=":material/publish:", disabled=short)
    else:
        pressed = st.button(
            t("Promote {name} for {family}", name=draft.name, family=family), type="primary", icon=":material/publish:"
        )
    if not pressed:
        return
    try:
        promote(desk.services.prompts, draft.version, family, found, desk.operator, override=reason)
    except PromptError as error:
        st.error(t.error(error))
        return
    st.toast(t("From now on {family} is asked with {name}.", family=family, name=draft.name))
    st.rerun()


def kept_promises(desk: Desk) -> None:
    """For each promoted prompt how often its readings are right so far, beside what its gate promised."""
    for active in desk.services.prompts.history():
        if active.ended_at is None:
            _kept(desk, active)


@st.cache_data(
    ttl=_SECONDS_KEPT,
    max_entries=20,
    show_spinner=False,
    hash_funcs={Database: Database.address, Active: lambda active: active.id},
)
def _promise(database: Database, active: Active) -> Promise:
    """Some minutes old at most: it is made of whole receipts, and each click draws the page anew."""
    return promise(database, active)


def _kept(desk: Desk, active: Active) -> None:
    t = desk.t
    with st.spinner(t("Looking at what was read with it …")):
        found = _promise(desk.services.database, active)
    if found.kept.share is None or found.kept.interval is None:
        told = t("{count} receipts confirmed since: too few to tell.", count=t.number(found.kept.cases))
        st.caption(f"{markdown_text(active.version)}: {told}")
        return
    low, high = found.kept.interval
    sentence = t(
        "{version}: {share} of {count} receipts were right as they were read ({low} to {high}).",
        version=active.version,
        share=t.percent(found.kept.share),
        count=t.number(found.kept.cases),
        low=t.percent(low),
        high=t.percent(high),
    )
    if found.kept.cases == MOST_PAIRS:
        sentence += " " + t("Older ones are not looked at.")
    if found.promised is not None:
        sentence += " " + t("Promised: {share}.", share=t.percent(found.promised))
    if not found.falls_short:
        st.caption(sentence)
        return
    short = t("It falls short of its promise: take it back, or look at what is corrected now.")
    st.warning(f"{sentence} {short}", icon=":material/trending_down:")
