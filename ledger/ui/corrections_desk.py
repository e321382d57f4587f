"""The table of the Corrections page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from ledger.corrections.summary import StoredCorrection
from ledger.ui.shell import Desk
from ledger.ui.texts import mark

FIELDS: Final = {
    "date": mark("Date"),
    "location": mark("Location"),
    "total_amount": mark("Total"),
    "currency": mark("Currency"),
    "item": mark("Whole item"),
    "item.name": mark("Item name"),
    "item.price": mark("Item price"),
    "item.count": mark("Item count"),
    "item.category": mark("Item category"),
}

_WIDTHS: Final = (96, 215, 215, 110, 64, 84, 56, 130, 84, 130)
"""Of the columns in pixels, so that all of them stand on a laptop's screen; a wider one gives each more."""


def correction_table(desk: Desk, corrections: Sequence[StoredCorrection]) -> None:
    """Model value -> human value, with who read and who corrected."""
    t = desk.t
    frame = pd.DataFrame(
        {
            t("Field"): [t(FIELDS[c.field]) for c in corrections],
            t("Model value"): [value_text(desk, c.model_value, "—") for c in corrections],
            t("Human value"): [value_text(desk, c.human_value, t("removed")) for c in corrections],
            t("Confirmed before"): [value_text(desk, c.previous_value, "") for c in corrections],
            t("Receipt"): [c.receipt_id for c in corrections],
            t("Model"): [c.model or "—" for c in corrections],
            t("Temperature"): ["—" if c.temperature is None else f"{c.temperature:g}" for c in corrections],
            t("Prompt version"): [c.prompt_version or "—" for c in corrections],
            t("Operator"): [c.operator for c in corrections],
            t("When"): [t.time(c.created_at) for c in corrections],
        }
    )
    columns = {name: st.column_config.Column(width=width) for name, width in zip(frame.columns, _WIDTHS, strict=True)}
    st.dataframe(frame, hide_index=True, height="content", column_config=columns)


def value_text(desk: Desk, value: Any, nothing: str) -> str:
    """A stored value as people read it; a whole item on one line."""
    if value is None:
        return nothing
    if isinstance(value, dict):
        parts = (value.get("name"), value.get("count"), value.get("price"), value.get("category"))
        return " · ".join(str(part) for part in parts if part is not None)
    return desk.t.number(value) if isinstance(value, int) else str(value)
