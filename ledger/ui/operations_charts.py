"""The charts of the Operations page. Each is told in words too, for people who do not see it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from ledger.clock import utc_now
from ledger.operations.decisions import AUTO_CONFIRMED, CONFIRMED, REJECTED
from ledger.operations.figures import Figures
from ledger.operations.period import Period
from ledger.ui.shell import Desk

_HEIGHT: Final = 280
_GOOD: Final = "#2f8f76"
_BAD: Final = "#c8613a"
_BY_ITSELF: Final = "#5b7fc7"
_MODELS: Final = ("#2f8f76", "#5b7fc7", "#b58a2b", "#9b5fb0", "#c8613a")
"""Seen apart from each other and from both backgrounds, by people who do not tell red from green as well."""

Counts = Mapping[tuple[dt.datetime, str], float]
"""By (begin of the slot, kind)."""


def read_and_failed(desk: Desk, period: Period, found: Figures) -> None:
    """Readings over time."""
    t, counts = desk.t, Counter[tuple[dt.datetime, str]]()
    good, bad = t("Read"), t("Could not be read")
    for part in found.readings:
        counts[part.begin, bad if part.error_class else good] += part.count
    st.subheader(t("Read per hour") if _by_hour(period) else t("Read per day"))
    if not counts:
        st.info(t("No photo was read in these days."))
        return
    _bars(desk, period, counts, {good: _GOOD, bad: _BAD}, t("Readings"))


def confirmed_and_rejected(desk: Desk, period: Period, found: Figures) -> None:
    """Decisions over time."""
    t = desk.t
    kinds = {CONFIRMED: t("Confirmed"), REJECTED: t("Rejected")}
    if found.auto_confirmed:
        kinds |= {AUTO_CONFIRMED: t("Confirmed without a person")}
    counts = {(slot, kinds[decision]): count for (slot, decision), count in found.decisions.items()}
    st.subheader(t("Decided per hour") if _by_hour(period) else t("Decided per day"))
    if not counts:
        st.info(t("No receipt was confirmed or rejected in these days."))
        return
    colours = dict(zip(kinds.values(), (_GOOD, _BAD, _BY_ITSELF), strict=False))
    _bars(desk, period, counts, colours, t("Receipts"))


def cost(desk: Desk, period: Period, found: Figures) -> None:
    """What the models cost over time, and what of it is counted."""
    t, spent = desk.t, Counter[tuple[dt.datetime, str]]()
    for part in found.readings:
        if part.cost_microusd:
            spent[part.begin, part.model] += part.cost_microusd
    st.subheader(t("Cost per hour") if _by_hour(period) else t("Cost per day"))
    if not spent:
        st.info(t("Nothing that was read in these days has a price: the offline engine costs nothing."))
        return
    models = sorted({model for _, model in spent})
    dollars = {key: value / 1_000_000 for key, value in spent.items()}
    colours = {model: _MODELS[i % len(_MODELS)] for i, model in enumerate(models)}
    _bars(desk, period, dollars, colours, t("US dollars"))
    st.caption(
        t(
            "In all {cost}. Counted is what the service reported for each reading, failed ones and repeated ones too,"
            " at the price known when it was read.",
            cost=t.dollars(found.cost_microusd),
        )
    )
    if unpriced := sum(part.unpriced for part in found.readings):
        st.caption(t("Readings whose price is not known, which are not counted: {count}", count=t.number(unpriced)))


def _bars(desk: Desk, period: Period, counts: Counts, colours: Mapping[str, str], what: str) -> None:
    t, slots = desk.t.plain, period.slots(utc_now())
    when = t("Hour") if _by_hour(period) else t("Day")
    rows = [
        {"when": _slot_text(desk, period, start), "kind": kind, "count": counts.get((start, kind), 0)}
        for start in slots
        for kind in colours
    ]
    totals = [f"{kind} {_amount(desk, rows, kind)}" for kind in colours]
    st.vega_lite_chart(
        spec=_spec(rows, colours, when, what), height=_HEIGHT, alt=f"{what}: {', '.join(totals)}", width="stretch"
    )


def _spec(rows: list[dict[str, Any]], colours: Mapping[str, str], when: str, what: str) -> dict[str, Any]:
    """Stacked bars. The slots are written as words, so that no clock of the browser has a say in them."""
    x = {"field": "when", "type": "ordinal", "sort": None, "title": when}
    y = {"field": "count", "type": "quantitative", "title": what}
    kind = {"field": "kind", "type": "nominal", "title": None, "sort": list(colours)}
    return {
        "data": {"values": rows},
        "mark": {"type": "bar"},
        "encoding": {
            "x": x | {"axis": {"labelAngle": 0, "labelOverlap": True}},
            "y": y | {"axis": {"tickMinStep": 1} if all(row["count"] % 1 == 0 for row in rows) else {}},
            "color": kind
            | {
                "scale": {"domain": list(colours), "range": list(colours.values())},
                "legend": {"orient": "top", "labelLimit": 240},
            },
            "tooltip": [x, kind, y],
        },
    }


def _amount(desk: Desk, rows: list[dict[str, Any]], kind: str) -> str:
    total = sum(row["count"] for row in rows if row["kind"] == kind)
    return desk.t.number(total) if isinstance(total, int) else f"{total:.4f}"


def _by_hour(period: Period) -> bool:
    return period.slot < dt.timedelta(days=1)


def _slot_text(desk: Desk, period: Period, start: dt.datetime) -> str:
    if not _by_hour(period):
        return desk.t.short_day(start)
    hour = desk.t.hour(start)
    return hour if period.first == period.last else f"{desk.t.short_day(start)} {hour}"
