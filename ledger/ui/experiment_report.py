"""Reading an experiment: the answer in words, then figures, and the way to production and to files."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from ledger.database import Database
from ledger.experiments.figures import (
    ALWAYS_RIGHT,
    ARM,
    BROKEN,
    CONFUSIONS,
    COST,
    DIFFERENCE,
    FAILED,
    FIXED,
    FLIPS,
    TIME,
    VERDICT,
    VERDICTS,
    ArmFigures,
    Comparison,
    Figure,
    Report,
    Verdict,
)
from ledger.experiments.report import report_of
from ledger.experiments.scores import METRICS
from ledger.experiments.words import Arm, Experiment
from ledger.ui import experiment_changed, experiment_charts, production_bar
from ledger.ui.experiment_files import downloads
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts, markdown_text


def show(desk: Desk, of: Experiment) -> None:
    """Everything that was found, the answer first."""
    with st.spinner(desk.t("Counting …")):
        found = _report(desk.services.database, of)
    _leader(desk, found)
    _took(desk, found)
    if not any(arm.runs for arm in found.arms):
        return
    experiment_charts.metric_against_cost(desk, found)
    _arms_table(desk, found)
    experiment_changed.show(desk, found)
    _fields_table(desk, found)
    experiment_charts.confusions(desk, _chosen_arm(desk, found))
    production_bar.choose(desk, found)
    downloads(desk, found)


@st.cache_data(
    max_entries=20, show_spinner=False, hash_funcs={Database: Database.address, Experiment: lambda of: of.id}
)
def _report(database: Database, of: Experiment) -> Report:
    """Made once: what is over does not change, and each click draws the page anew."""
    return report_of(database, of)


def _leader(desk: Desk, found: Report) -> None:
    t = desk.t
    told = any(comparison.verdict != Verdict.CANNOT_TELL for comparison in found.comparisons)
    box = st.success if told else st.info
    first, *more = found.leader
    box(f"**{t.note(first)}**", icon=":material/balance:")
    for note in more:
        st.caption(t.note(note))


def _took(desk: Desk, found: Report) -> None:
    """What it cost in money and time."""
    t, of = desk.t, found.experiment
    costs = [figures.cost_microusd * figures.runs for figures in found.arms if figures.cost_microusd is not None]
    told = [t("{runs} runs", runs=t.number(sum(figures.runs for figures in found.arms)))]
    if costs:
        told.append(t("spent: {cost}", cost=t.dollars(round(sum(costs)))))
    if of.started_at and of.ended_at:
        told.append(t("from the first run to the last: {time}", time=t.duration(of.ended_at - of.started_at)))
    st.caption(" · ".join(told))


def _chosen_arm(desk: Desk, found: Report) -> ArmFigures:
    t = desk.t
    st.subheader(t(CONFUSIONS))
    name = st.selectbox(
        t(ARM), options=[figures.arm.name for figures in found.arms], key=f"confusions_of_{found.experiment.id}"
    )
    return next(figures for figures in found.arms if figures.arm.name == name)


def _arms_table(desk: Desk, found: Report) -> None:
    """Each arm on a line: the primary metric, the verdict, what it fixed and broke, what it costs and takes."""
    t = desk.t
    st.subheader(t("Arms"))
    metric = found.experiment.metric
    against = {comparison.arm.id: comparison for comparison in found.comparisons}
    table = {
        t(ARM): [_arm_name(t, figures, found) for figures in found.arms],
        t(METRICS[metric].label): [figure_text(t, metric, figures.metrics.get(metric)) for figures in found.arms],
        t(VERDICT): [_verdict(t, against.get(figures.arm.id)) for figures in found.arms],
        t(DIFFERENCE): [_difference(t, metric, against.get(figures.arm.id)) for figures in found.arms],
        f"{t(FIXED)} / {t(BROKEN)}": [_changed(t, against.get(figures.arm.id)) for figures in found.arms],
        t(ALWAYS_RIGHT): [figure_text(t, "all_right", figures.always_right) for figures in found.arms],
        t(FLIPS): [figure_text(t, "all_right", figures.flips) for figures in found.arms],
        t(FAILED): [_failed(t, figures) for figures in found.arms],
        t(COST): [_cost(t, figures) for figures in found.arms],
        t(TIME): [_seconds(t, figures) for figures in found.arms],
    }
    st.table(pd.DataFrame(table), hide_index=True, alt=t("Arms"))
    if any(figures.shared for figures in found.arms):
        st.caption(
            t(
                "Repetitions came out of one request, so they may resemble each other more than separate ones: read"
                " “{always}” and “{sometimes}” with that in mind.",
                always=t(ALWAYS_RIGHT),
                sometimes=t(FLIPS),
            )
        )


def _fields_table(desk: Desk, found: Report) -> None:
    t = desk.t
    st.subheader(t("By field"))
    names = [name for name in METRICS if name != found.experiment.metric]
    table = {t("Metric"): [t(METRICS[name].label) for name in names]} | {
        markdown_text(figures.arm.name): [figure_text(t, name, figures.metrics.get(name)) for name in names]
        for figures in found.arms
    }
    st.table(pd.DataFrame(table), hide_index=True, alt=t("By field"))
    st.caption(
        t("These describe and do not decide: of a dozen metrics one differs by chance. In brackets: where it lies.")
    )


def figure_text(t: Texts, metric: str, figure: Figure | None) -> str:
    """A figure with its interval, as its metric is written."""
    if figure is None or figure.value is None:
        return "—"
    write = t.percent if METRICS[metric].is_share else t.hundredths
    if figure.low is None or figure.high is None:
        return write(figure.value)
    return f"{write(figure.value)} ({write(figure.low)}–{write(figure.high)})"


def _arm_name(t: Texts, figures: ArmFigures, found: Report) -> str:
    name, baseline = markdown_text(figures.arm.name), t("baseline")
    return f"{name} ({baseline})" if _is_baseline(figures.arm, found) else name


def _is_baseline(arm: Arm, found: Report) -> bool:
    return arm.id == found.experiment.baseline.id


def _verdict(t: Texts, against: Comparison | None) -> str:
    if against is None:
        return "—"
    word = t(VERDICTS[against.verdict])
    return word if against.verdict == Verdict.CANNOT_TELL else f"**{word}**"


def _difference(t: Texts, metric: str, against: Comparison | None) -> str:
    """Of the primary metric against the baseline, and where it lies for all arms together."""
    return "—" if against is None else figure_text(t, metric, against.difference)


def _changed(t: Texts, against: Comparison | None) -> str:
    return "—" if against is None else f"{t.number(against.fixed)} / {t.number(against.broken)}"


def _failed(t: Texts, figures: ArmFigures) -> str:
    failed = sum(figures.failures.values())
    return t.number(failed) if not failed else f"{t.number(failed)} ({_kinds(figures.failures)})"


def _kinds(failures: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in failures.items())


def _cost(t: Texts, figures: ArmFigures) -> str:
    return "—" if figures.cost_microusd is None else t.dollars(round(figures.cost_microusd))


def _seconds(t: Texts, figures: ArmFigures) -> str:
    if figures.latency_ms is None or figures.slow_ms is None:
        return "—"
    return f"{t.tenths(figures.latency_ms / 1000)} ({t.tenths(figures.slow_ms / 1000)})"
