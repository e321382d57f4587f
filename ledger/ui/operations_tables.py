"""The tables of the Operations page: by operator, by field, by error and by model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import pandas as pd
import streamlit as st

from ledger.errors import ConfigurationError
from ledger.extraction.models import load_models
from ledger.operations.decisions import Work
from ledger.operations.figures import Figures
from ledger.operations.readings import Readings
from ledger.ui.corrections_desk import FIELDS
from ledger.ui.operations_desk import interval_text, mean_text, rate_text
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts, mark, markdown_text

FIELD_NAMES = FIELDS | {"currency": mark("Currency"), "note": mark("Note")}


def operators(desk: Desk, found: Figures) -> None:
    """What each operator decided, and everybody together."""
    t = desk.t
    st.subheader(t("By operator"))
    if not found.work:
        st.info(t("Nobody has decided upon a receipt in these days. Who does so appears here at once."))
        return
    lines = [*found.work, replace(found.everybody, operator="")] if len(found.work) > 1 else found.work
    everybody = t("Everybody")
    edits = {work.operator: found.effort.edits_a_receipt(work.operator or None) for work in lines}
    table = {
        t("Operator"): [markdown_text(work.operator) or f"**{everybody}**" for work in lines],
        t("Confirmed"): [t.number(work.confirmed) for work in lines],
        t("Rejected"): [t.number(work.rejected) for work in lines],
        t("Confirmed as read"): [_rate(desk, work) for work in lines],
        t("Seconds, median"): [mean_text(desk, work.times.median, work.times.cases) for work in lines],
        t("Seconds, nine of ten"): [mean_text(desk, work.times.p90, work.times.cases) for work in lines],
        t("Edits a receipt"): [mean_text(desk, edits.get(work.operator), work.confirmed) for work in lines],
    }
    st.table(pd.DataFrame(table), hide_index=True, alt=t("By operator"))


def fields(desk: Desk, found: Figures) -> None:
    """Where the time goes."""
    t, took = desk.t, found.effort.fields()
    st.subheader(t("By field"))
    if not took:
        st.info(t("Once a receipt is confirmed, the time and the edits that each field took appear here."))
        return
    table = {
        t("Field"): [t(FIELD_NAMES.get(field.field, field.field)) for field in took],
        t("Seconds a receipt"): [t.tenths(field.seconds) for field in took],
        t("Edits a receipt"): [t.tenths(field.edits) for field in took],
        t("Receipts in which it was edited"): [rate_text(desk, field.edited) for field in took],
    }
    st.table(pd.DataFrame(table), hide_index=True, alt=t("By field"))
    st.caption(t("Newest confirmed receipts that were measured: {count}", count=t.number(found.effort.count)))


def failures(desk: Desk, found: Figures) -> None:
    """Why photos could not be read, each reason told by its newest case."""
    t = desk.t
    if not found.failures:
        return
    st.subheader(t("Why photos could not be read"))
    table = {
        t("Times"): [t.number(failure.count) for failure in found.failures],
        t("Newest"): [markdown_text(t.time(failure.at)) for failure in found.failures],
        t("Receipt"): [str(failure.receipt_id) for failure in found.failures],
        t("Why"): [t.stored_error(f.error_class, f.message, f.fields) for f in found.failures],
    }
    st.table(pd.DataFrame(table), hide_index=True, alt=t("Why photos could not be read"))
    inbox = t("See what failed in the inbox")
    st.page_link("pages/1_inbox.py", label=inbox, icon=":material/inbox:", query_params={"list": "failed"})


def models(desk: Desk, found: Figures) -> None:
    """What each model read, took and cost, and when it ends."""
    t = desk.t
    by_model = sorted(found.readings, key=lambda part: part.model)
    parts = {model: list(group) for model, group in groupby(by_model, key=lambda part: part.model)}
    if not parts:
        return
    st.subheader(t("By model"))
    table = {
        t("Model"): [markdown_text(model) for model in parts],
        t("Read"): [_sum(t, group, "count", failed=False) for group in parts.values()],
        t("Could not be read"): [_sum(t, group, "count", failed=True) for group in parts.values()],
        t("Tokens sent"): [_sum(t, group, "prompt_tokens") for group in parts.values()],
        t("of them cached"): [_sum(t, group, "cached_tokens") for group in parts.values()],
        t("Tokens answered"): [_sum(t, group, "completion_tokens") for group in parts.values()],
        t("Cost"): [t.dollars(sum(part.cost_microusd for part in group)) for group in parts.values()],
        t("Ends on"): [_end(desk, group[0]) for group in parts.values()],
    }
    st.table(pd.DataFrame(table), hide_index=True, alt=t("By model"))


def _rate(desk: Desk, work: Work) -> str:
    rate = work.first_pass
    if rate.interval is None:
        return interval_text(desk, rate)
    low, high = (desk.t.percent(end) for end in rate.interval)
    return f"{rate_text(desk, rate)} ({low}–{high})"


def _sum(t: Texts, parts: Sequence[Readings], name: str, *, failed: bool | None = None) -> str:
    counted = [part for part in parts if failed is None or failed == (part.error_class is not None)]
    return t.number(sum(getattr(part, name) for part in counted))


def _end(desk: Desk, part: Readings) -> str:
    if part.engine != "openai":
        return "—"
    try:
        ends = load_models(desk.services.settings.models_file).facts(part.model).ends
    except ConfigurationError:  # said where the settings are read
        return "—"
    return markdown_text(desk.t.date(ends)) if ends else desk.t("not announced")
