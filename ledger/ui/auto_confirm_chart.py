"""The curve of auto-confirm: how many receipts a threshold lets through, and how wrong they may be."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from ledger.auto_confirm.threshold import Choice
from ledger.ui.shell import Desk

_HEIGHT: Final = 320
_GOOD: Final = "#2f8f76"
_OPEN: Final = "#8a8f98"
_BAD: Final = "#c8613a"


def curve(desk: Desk, choice: Choice) -> None:
    """Each threshold as a point: its share of receipts, and the upper limit of the error among them."""
    t = desk.t.plain
    kept, failed, shown = t("keeps the bound"), t("does not, or comes after one"), t("too few to be tested")
    rows = [
        {
            "share": choice.share(step),
            "upper": step.upper,
            "risk": step.threshold,
            "wrong": f"{step.wrong} / {step.receipts}",
            "kind": kept if step.passed else failed if step.tested else shown,
        }
        for step in choice.steps
    ]
    chosen = choice.chosen
    share = f"{choice.share(chosen):.0%}" if chosen else "—"
    label = t("Share of receipts confirmed without a person")
    st.vega_lite_chart(
        spec=_spec(desk, rows, choice.bound, {kept: _GOOD, failed: _BAD, shown: _OPEN}, label),
        height=_HEIGHT,
        alt=f"{label}: {share}",
        width="stretch",
    )


def _spec(desk: Desk, rows: list[dict[str, Any]], bound: float, colours: dict[str, str], label: str) -> dict[str, Any]:
    t = desk.t.plain
    upper = t("At most so many wrong")
    most = max(2 * bound, *(min(row["upper"], 5 * bound) for row in rows))
    x = {"field": "share", "type": "quantitative", "title": label, "axis": {"format": ".0%"}}
    y = {"field": "upper", "type": "quantitative", "title": upper, "axis": {"format": ".1%"}}
    kind = {"field": "kind", "type": "nominal", "title": None, "sort": list(colours)}
    scale = {"domain": list(colours), "range": list(colours.values())}
    told = [
        x | {"format": ".1%"},
        y | {"format": ".2%"},
        {"field": "risk", "title": t("Risk up to"), "format": ".4f"},
        {"field": "wrong", "title": t("Wrong ones")},
    ]
    points = {
        "mark": {"type": "point", "filled": True, "size": 70, "clip": True},
        "encoding": {
            "x": x | {"scale": {"domain": [0, 1]}},
            "y": y | {"scale": {"domain": [0, most]}},
            "color": kind | {"scale": scale, "legend": {"orient": "top", "labelLimit": 300}},
            "tooltip": told,
        },
    }
    line = {"mark": {"type": "line", "color": _OPEN, "clip": True}, "encoding": {"x": x, "y": y}}
    limit = {
        "data": {"values": [{"bound": bound}]},
        "mark": {"type": "rule", "strokeDash": [6, 4], "color": _BAD},
        "encoding": {"y": {"field": "bound", "type": "quantitative"}},
    }
    return {"data": {"values": rows}, "layer": [line, points, limit]}
