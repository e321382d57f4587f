"""The setting that photos are read with: chosen from an experiment, said on a banner, taken back with one click."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ledger.experiments.arms import OPENAI
from ledger.experiments.figures import Report
from ledger.extraction.extractor import ReadingSettings
from ledger.prompts.families import family_of
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts


def show(desk: Desk) -> None:
    """Say what was chosen, by whom and why, with the way back; nothing while the configured setting holds."""
    t, production = desk.t, desk.services.production
    chosen = production.chosen()
    if chosen is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="production_bar"):
        st.write(
            t(
                "Photos are read with {setting} since {time}, chosen by {operator} from experiment {experiment}.",
                setting=setting_text(t, production.with_active_prompt(chosen.settings)),
                time=t.time(chosen.created_at),
                operator=chosen.operator,
                experiment=chosen.reason.get("name", "—"),
            )
        )
        if st.button(t("Back to the setting before"), icon=":material/undo:"):
            if production.take_back(chosen.id, desk.operator):
                st.toast(t("The setting before holds again."))
            st.rerun()


def choose(desk: Desk, found: Report) -> None:
    """Make an arm's setting the one that photos are read with; who does so without a verdict is told."""
    t, services = desk.t, desk.services
    model_arms = [figures.arm for figures in found.arms if figures.arm.engine == OPENAI]
    if not model_arms:
        return
    st.subheader(t("Make it the production setting"))
    if services.extractor.engine != OPENAI:
        st.info(t("This desk reads with the offline engine, which has no setting to choose."))
        return
    better = [comparison.arm.name for comparison in found.comparisons if comparison.verdict == "better"]
    name = st.selectbox(
        t("Arm"),
        options=[arm.name for arm in model_arms],
        index=_first_of(better, [arm.name for arm in model_arms]),
        key=f"production_of_{found.experiment.id}",
    )
    arm = next(arm for arm in model_arms if arm.name == name)
    _tell_of_prompt(desk, arm.settings)
    wanted, current = replace(arm.settings, prompt_version=None), services.production.current()
    if wanted == replace(current, prompt_version=None):
        st.info(t("Photos are read with this setting already."))
        return
    if name not in better:
        st.caption(t("No verdict says that it is better than the baseline: you may choose it all the same."))
    if st.button(t("Read with {setting} from now on", setting=setting_text(t, wanted)), type="primary"):
        against = next((each for each in found.comparisons if each.arm.id == arm.id), None)
        reason = {
            "experiment": found.experiment.id,
            "name": found.experiment.name,
            "arm": arm.name,
            "verdict": against.verdict.value if against else "baseline",
        }
        services.production.choose(arm.settings, reason, desk.operator)
        st.toast(t("From now on photos are read with this setting. The way back stands at the top of this page."))
        st.rerun()


def setting_text(t: Texts, settings: ReadingSettings) -> str:
    """A setting in one line, to fill a blank: the model, and what is asked of it."""
    told = [settings.model]
    if settings.temperature is not None:
        told.append(t.plain("temperature {temperature}", temperature=settings.temperature))
    told += [value for value in (settings.reasoning_effort, settings.preparation) if value not in (None, "none")]
    if settings.prompt_version:
        told.append(settings.prompt_version)
    return ", ".join(told)


def _tell_of_prompt(desk: Desk, settings: ReadingSettings) -> None:
    """Say that a setting is chosen without its prompt, where that is not the one that its model is asked with."""
    active = desk.services.prompts.active(family_of(settings.model))
    if settings.prompt_version not in (None, active):
        st.caption(
            desk.t(
                "This arm was asked with the prompt {prompt}. A setting takes no prompt along: prompts are promoted on"
                " the Prompts page, one for each family of models.",
                prompt=settings.prompt_version,
            )
        )


def _first_of(wanted: list[str], names: list[str]) -> int:
    return next((names.index(name) for name in wanted if name in names), 0)
