"""How often receipts have to be corrected: in which fields, and where that differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from ledger.corrections.diff import FIELDS
from ledger.operations.measures import FEWEST, Rate
from ledger.tuning.examples import Example
from ledger.tuning.insight import Insight
from ledger.tuning.rates import DIMENSIONS
from ledger.ui import correction_examples
from ledger.ui.corrections_desk import FIELDS as FIELD_NAMES
from ledger.ui.operations_desk import interval_text, rate_text
from ledger.ui.shell import Desk
from ledger.ui.texts import mark

_WORDS: Final = (
    *(mark("Shop"), mark("Category"), mark("Model"), mark("Prompt version"), mark("Temperature"), mark("Engine")),
    mark("Week"),
)
NAMES: Final = dict(zip(DIMENSIONS, _WORDS, strict=True))
ANY: Final = mark("Any field")
_MOST: Final = 15
"""Values that a chart shows, those with most receipts; weeks: the newest."""
_ROW: Final = 30
_AXIS: Final = 60
_GREEN: Final = "#2f8f76"


def tiles(desk: Desk, found: Insight) -> None:
    """What it is made of, and how much had to be corrected at all."""
    t = desk.t
    looked, corrected, most, slips = st.columns(4)
    looked.metric(t("Receipts looked at"), t.number(found.receipts))
    _rate(desk, corrected, t("Receipts with a correction"), found.corrected)
    field = max(FIELDS, key=lambda name: found.fields[name].hits)
    if found.fields[field].hits:
        _rate(desk, most, t("Corrected most: {field}", field=t(FIELD_NAMES[field])), found.fields[field])
    slips.metric(t("Structural slips"), t.number(sum(slip.count for slip in found.slips)))


def _rate(desk: Desk, place: st.delta_generator.DeltaGenerator, label: str, rate: Rate) -> None:
    told = interval_text(desk, rate)
    value = rate_text(desk, rate) if rate.share is not None else "—"
    place.metric(label, value, delta=told or None, delta_color="off", delta_arrow="off")


def by_field(desk: Desk, found: Insight) -> None:
    """Receipts with a correction of each field, the most frequent first."""
    t = desk.t.plain
    st.subheader(t("By field"))
    often = sorted(FIELDS, key=lambda name: -found.fields[name].hits)
    _bars(desk, t("By field"), {t(FIELD_NAMES[name]): found.fields[name] for name in often})
    told = [name for name in often if found.fields[name].interval]
    _examples(desk, "field", {t(FIELD_NAMES[name]): found.examples.get(("", "", name), []) for name in told})


def by_dimension(desk: Desk, found: Insight) -> None:
    """The same for parts of the receipts, of all fields or of one."""
    t = desk.t
    st.subheader(t("Where that differs"))
    first, second = st.columns(2)
    dimension = first.selectbox(
        t("By what"), options=list(NAMES), format_func=lambda name: t(NAMES[str(name)]), key="insight_dimension"
    )
    field = second.selectbox(
        t("Field"),
        options=[ANY, *FIELDS],
        format_func=lambda name: t(FIELD_NAMES.get(str(name), ANY)),
        key="insight_field",
    )
    rates = {
        _value(desk, dimension, value): part.corrected if field == ANY else part.fields[field]
        for value, part in found.parts[dimension].items()
    }
    told = {name: rate for name, rate in rates.items() if rate.cases >= FEWEST}
    if not told:
        st.info(t("No part has the {count} receipts that it takes to tell a rate.", count=FEWEST))
        return
    shown = dict(list(told.items())[-_MOST:] if dimension == "week" else list(told.items())[:_MOST])
    _bars(desk, t.plain(NAMES[dimension]), shown)
    values = {_value(desk, dimension, value): value for value in found.parts[dimension]}
    of = "" if field == ANY else field
    examples = {name: found.examples.get((dimension, values[name], of), []) for name in shown}
    _examples(desk, f"{dimension}_{of}", examples)
    if left := len(rates) - len(shown):
        st.caption(t("Left out, with fewer receipts: {count}", count=t.number(left)))


def _examples(desk: Desk, of: str, found: Mapping[str, Sequence[Example]]) -> None:
    """The examples of the bar that is chosen; none at first, because each fetches a photo."""
    t = desk.t
    told = [name for name, examples in found.items() if examples]
    if not told:
        return
    chosen = st.selectbox(
        t("Examples of a line"),
        options=told,
        index=None,
        placeholder=t("Choose a line of the chart"),
        key=f"examples_of_{of}",
    )
    if chosen is not None:
        correction_examples.show(desk, found[chosen], f"rate_{of}_{told.index(chosen)}")


def _value(desk: Desk, dimension: str, value: str) -> str:
    t = desk.t.plain
    if not value:
        return t("unreadable") if dimension in ("shop", "category") else t("nothing")
    return t.category(value) if dimension == "category" else value


def _bars(desk: Desk, title: str, rates: Mapping[str, Rate]) -> None:
    """A bar for each, with the interval as a whisker and the receipts in its name."""
    t = desk.t.plain
    rows = [_row(desk, name, rate) for name, rate in rates.items() if rate.interval]
    if not rows:
        st.info(desk.t("A rate takes {count} receipts.", count=FEWEST))
        return
    y = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 360}}
    axis = {"format": ".0%", "tickCount": 5}
    x = {"field": "share", "type": "quantitative", "title": t("Receipts with a correction"), "axis": axis}
    tip = [{"field": "name", "title": title}, {"field": "told", "title": t("Interval")}]
    bar = {"mark": {"type": "bar", "height": {"band": 0.6}, "opacity": 0.75, "color": _GREEN}}
    ends = {"x": x | {"field": "low"}, "x2": {"field": "high"}}
    whisker = {"mark": {"type": "rule", "strokeWidth": 2, "color": "#c8613a"}}
    layers: list[dict[str, Any]] = [
        bar | {"encoding": {"y": y, "x": x, "tooltip": tip}},
        whisker | {"encoding": {"y": y, "tooltip": tip} | ends},
    ]
    told = ", ".join(row["name"] for row in rows)
    st.vega_lite_chart(
        spec={"data": {"values": rows}, "layer": layers},
        height=_AXIS + _ROW * len(rows),
        alt=f"{title}: {told}",
        width="stretch",
    )


def _row(desk: Desk, name: str, rate: Rate) -> dict[str, Any]:
    low, high = rate.interval or (0.0, 0.0)
    t = desk.t.plain
    counted = t("{hits} of {cases}", hits=t.number(rate.hits), cases=t.number(rate.cases))
    label = f"{name} · {rate_text(desk, rate)} ({counted})"
    return {"name": label, "share": rate.share, "low": low, "high": high, "told": interval_text(desk, rate)}
