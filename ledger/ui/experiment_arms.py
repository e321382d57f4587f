"""The arms of an experiment in the making: proposed for a question, then edited in a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from ledger.experiments import arms
from ledger.experiments.words import Arm
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.models import DETAILS, EFFORTS, ModelTable
from ledger.extraction.pictures.preparation import PREPARATIONS
from ledger.ui.shell import Desk
from ledger.ui.texts import mark

SWEEP: Final = mark("Temperature sweep")
SUCCESSOR: Final = mark("Replace the retiring model")
PREPARATION: Final = mark("Picture preparation")
PROMPTS: Final = mark("Prompt A or B")
OFFLINE: Final = mark("Offline baseline")
OWN: Final = mark("Own arms")
QUESTIONS: Final = (SWEEP, SUCCESSOR, PREPARATION, PROMPTS, OFFLINE, OWN)

_COLUMNS: Final = {
    "name": mark("Name (empty: what sets it apart)"),
    "engine": mark("Engine"),
    "model": mark("Model"),
    "temperature": mark("Temperature"),
    "reasoning_effort": mark("Effort"),
    "detail": mark("Detail"),
    "preparation": mark("Preparation"),
    "prompt_version": mark("Prompt"),
}


def choose_question(desk: Desk, base: ReadingSettings, models: ModelTable) -> str:
    """What is to be found out. Without a key the offline engine is what can be asked, so it is proposed."""
    t = desk.t
    first = SWEEP if has_key(desk) else OFFLINE
    question = st.pills(t("Question"), options=QUESTIONS, format_func=t, default=first, key="question", required=True)
    if question == SUCCESSOR and models.facts(base.model).successor is None:
        st.caption(t("Nothing is named in place of {model}, so type the other model yourself.", model=base.model))
    if question == PROMPTS and len(desk.services.prompts.choices()) < 2:
        st.caption(t("There is only one prompt so far: there is nothing to compare it with."))
    if question == OFFLINE:
        st.caption(
            t(
                "The engine on this machine reads a picture the same way each time: it is run once, has no temperature"
                " and costs nothing."
            )
        )
    return str(question)


def has_key(desk: Desk) -> bool:
    """Whether a model can be asked at all."""
    return desk.services.settings.openai_api_key is not None


def arms_table(desk: Desk, question: str, base: ReadingSettings, models: ModelTable) -> tuple[Arm, ...]:
    """The arms proposed for the question as a table to be edited; its first row is the baseline."""
    t, proposed = desk.t, _proposed(desk, question, base, models)
    st.caption(t("The first row is the baseline: the others are compared with it."))
    edited = st.data_editor(
        pd.DataFrame([_as_row(arm) for arm in proposed], columns=list(_COLUMNS)),
        num_rows="dynamic",
        hide_index=True,
        column_config=_column_config(desk),
        placeholder="—",
        key=f"arms_{question}",
    )
    rows: Sequence[dict[Any, Any]] = edited.to_dict("records")
    made = (_as_arm({str(name): value for name, value in row.items()}, base) for row in rows)
    named = arms.numbered(made, t.plain)
    st.caption(t("Arms: {arms}", arms=" · ".join(arm.name for arm in named)))
    return named


def _proposed(desk: Desk, question: str, base: ReadingSettings, models: ModelTable) -> tuple[Arm, ...]:
    prompts = desk.services.prompts.choices()
    # What is read with now is the baseline.
    prompts.sort(key=lambda version: version != base.prompt_version)
    own = Arm(0, "", arms.OPENAI, base)
    makers: dict[str, Callable[[], tuple[Arm, ...]]] = {
        SWEEP: lambda: arms.temperature_sweep(base),
        SUCCESSOR: lambda: arms.successor_compared(base, models),
        PREPARATION: lambda: arms.preparations_compared(base),
        PROMPTS: lambda: arms.prompts_compared(base, prompts),
        OFFLINE: lambda: arms.numbered([arms.offline_arm(), *([own] if has_key(desk) else [])]),
        OWN: lambda: arms.numbered([own]),
    }
    return makers[question]()


def _column_config(desk: Desk) -> dict[str, Any]:
    labels = {name: desk.t(label) for name, label in _COLUMNS.items()}
    config: dict[str, Any] = {name: st.column_config.TextColumn(label) for name, label in labels.items()}
    config["engine"] = st.column_config.SelectboxColumn(labels["engine"], options=list(arms.ENGINES), required=True)
    config["temperature"] = st.column_config.NumberColumn(
        labels["temperature"], min_value=0, max_value=2, step=0.05, format="%.2f"
    )
    options = {
        "reasoning_effort": EFFORTS,
        "detail": DETAILS,
        "preparation": PREPARATIONS,
        "prompt_version": desk.services.prompts.choices(),
    }
    chosen = {name: st.column_config.SelectboxColumn(labels[name], options=[*own]) for name, own in options.items()}
    return config | chosen


def _as_row(arm: Arm) -> dict[str, Any]:
    settings = arm.settings.as_json()
    return {"name": "", "engine": arm.engine} | {name: settings[name] for name in list(_COLUMNS)[2:]}


def _as_arm(row: dict[str, Any], base: ReadingSettings) -> Arm:
    """The arm of a row; what stands empty is not asked for."""
    told = {name: None if value is None or pd.isna(value) or value == "" else value for name, value in row.items()}
    name, engine = str(told.pop("name") or ""), str(told.pop("engine") or arms.OPENAI)
    if engine == arms.OFFLINE:
        offline = arms.offline_arm()
        return Arm(0, name or offline.name, engine, _with(offline.settings, temperature=told["temperature"]))
    told["model"], told["preparation"] = told["model"] or "", told["preparation"] or "none"
    return Arm(0, name, engine, _with(base, **told))


def _with(settings: ReadingSettings, **changes: Any) -> ReadingSettings:
    return ReadingSettings(**(settings.as_json() | changes))
