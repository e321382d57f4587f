"""The banner above every page while the model that reads is about to end, or has ended."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.ui.shell import Desk
from ledger.ui.texts import mark

_ENDS: Final = mark("The model {model} ends on {date} (days left: {days}). Set LEDGER_MODEL={successor} before.")
_ENDED: Final = mark("The model {model} ended on {date}, so nothing is read any more. Set LEDGER_MODEL={successor}.")


def retirement_banner(desk: Desk) -> None:
    """Say when the model ends and what replaces it; nothing while that is far off."""
    t, end = desk.t, desk.services.retirement()
    if end is None:
        return
    names = {"model": end.model, "date": t.date(end.ends), "successor": end.successor or t("another model")}
    if end.days_left > 0:
        st.warning(t(_ENDS, **names, days=end.days_left), icon=":material/event_busy:")
    else:
        st.error(t(_ENDED, **names), icon=":material/event_busy:")
