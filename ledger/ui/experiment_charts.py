"""The charts of an experiment: what each arm gets right and what it costs, and which jamo it confuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from ledger.experiments.figures import CONFUSIONS, ArmFigures, Report
from ledger.experiments.scores import METRICS
from ledger.ui.shell import Desk

_ROW: Final = 40
"""Pixels of an arm's line."""
_AXIS: Final = 60
"""Pixels of the axis below the lines, with its title."""
_GREEN: Final = "#2f8f76"
_BASELINE: Final = "#5b7fc7"
_MOST_JAMO: Final = 14
_MICROUSD: Final = 1_000_000
_COLOUR: Final = {
    "field": "kind",
    "type": "nominal",
    "legend": None,
    "scale": {"domain": ["baseline", "arm"], "range": [_BASELINE, _GREEN]},
}


def metric_against_cost(desk: Desk, found: Report) -> None:
    """Each arm's primary metric with its interval, and beside it what a run costs; the baseline in its own colour."""
    t, metric = desk.t.plain, METRICS[found.experiment.metric]
    rows = [_point(figures, found) for figures in found.arms]
    height = _AXIS + _ROW * len(rows)
    left, right = st.columns([7, 3])
    told = ", ".join(f"{row['arm']} {row['value']:.3f}" for row in rows if row["value"] is not None)
    label = t(metric.label)
    left.vega_lite_chart(
        spec=_intervals(rows, label, is_share=metric.is_share), height=height, alt=f"{label}: {told}", width="stretch"
    )
    costs = ", ".join(f"{row['arm']} ${row['cost']:.4f}" for row in rows if row["cost"] is not None)
    label = t("Cost of a run, US dollars")
    right.vega_lite_chart(spec=_costs(rows, label), height=height, alt=f"{label}: {costs}", width="stretch")


def _point(figures: ArmFigures, found: Report) -> dict[str, Any]:
    figure = figures.metrics.get(found.experiment.metric)
    cost = figures.cost_microusd
    return {
        "arm": figures.arm.name,
        "value": figure.value if figure else None,
        "low": figure.low if figure else None,
        "high": figure.high if figure else None,
        "cost": None if cost is None else cost / _MICROUSD,
        "kind": "baseline" if figures.arm.id == found.experiment.baseline.id else "arm",
    }


def _intervals(rows: list[dict[str, Any]], label: str, *, is_share: bool) -> dict[str, Any]:
    y = {"field": "arm", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 220}}
    form = {"format": ".0%"} if is_share else {}
    x = {"field": "value", "type": "quantitative", "title": label, "axis": form, "scale": {"zero": False}}
    ends = {"x": x | {"field": "low"}, "x2": {"field": "high"}}
    interval = {"mark": {"type": "rule", "strokeWidth": 3}, "encoding": {"y": y, "color": _COLOUR} | ends}
    point = {"mark": {"type": "point", "filled": True, "size": 120}, "encoding": {"y": y, "x": x, "color": _COLOUR}}
    return {"data": {"values": rows}, "layer": [interval, point]}


def _costs(rows: list[dict[str, Any]], label: str) -> dict[str, Any]:
    dollars = {"field": "cost", "type": "quantitative", "title": label, "axis": {"format": "$.4f", "tickCount": 3}}
    y = {"field": "arm", "type": "nominal", "sort": None, "axis": None}
    return {
        "data": {"values": rows},
        "mark": {"type": "bar", "height": {"band": 0.5}},
        "encoding": {"y": y, "x": dollars, "color": _COLOUR},
    }


def confusions(desk: Desk, figures: ArmFigures) -> None:
    """The matrix of what was read for what, of the most frequent."""
    t = desk.t.plain
    if not figures.confusions:
        st.info(t("This arm took no jamo for another in what it read."))
        return
    jamo_matrix(desk, [(each.right, each.read, each.count) for each in figures.confusions])


def jamo_matrix(desk: Desk, confusions: Sequence[tuple[str, str, int]]) -> None:
    """Right and read jamo with how often, of the most frequent, which come first."""
    t = desk.t.plain
    nothing = t("nothing")
    shown = [(right or nothing, read or nothing, count) for right, read, count in confusions[:_MOST_JAMO]]
    rows = [{"right": right, "read": read, "count": count} for right, read, count in shown]
    slips = ", ".join(f"{right}→{read} {count}" for right, read, count in shown)
    title = t(CONFUSIONS)
    large = {"labelFontSize": 15, "labelAngle": 0, "domain": False, "ticks": False}
    right = {"field": "right", "type": "nominal", "title": t("on the receipt"), "axis": large}
    read = {"field": "read", "type": "nominal", "title": t("as read"), "axis": large}
    count = {"field": "count", "type": "quantitative", "legend": None, "scale": {"scheme": "tealblues"}}
    square = {"mark": "rect", "encoding": {"x": read, "y": right, "color": count}}
    number = {"mark": {"type": "text", "color": "black"}, "encoding": {"x": read, "y": right, "text": count}}
    st.vega_lite_chart(
        spec={"data": {"values": rows}, "layer": [square, number]},
        height=_AXIS + 30 * len({row["right"] for row in rows}),
        alt=f"{title}: {slips}",
        width=160 + 44 * len({row["read"] for row in rows}),
    )
