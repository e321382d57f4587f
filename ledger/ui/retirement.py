"""The banner while the model that reads is about to end, or has ended."""

from __future__ import annotations

import streamlit as st

from ledger.ui.shell import Desk


def retirement_notice(desk: Desk) -> None:
    """The banner for those whom it concerns: who may change the settings, and everybody once nothing is read."""
    end, admins = desk.services.retirement(), desk.services.settings.admins
    if end is not None and (end.days_left < 0 or desk.operator in (admins or ())):
        retirement_banner(desk)


def retirement_banner(desk: Desk) -> None:
    """Say when the model ends and what replaces it; nothing while that is far off."""
    t, end = desk.t, desk.services.retirement()
    if end is None:
        return
    ended, date = end.days_left < 0, t.date(end.ends)
    if ended:
        said = t("The model {model} ended on {date}, so nothing is read any more.", model=end.model, date=date)
    else:
        said = t(
            "The model {model} ends on {date} (days left: {days}).", model=end.model, date=date, days=end.days_left
        )
    if end.successor:
        said += " " + _what_replaces_it(desk, end.successor)
    (st.error if ended else st.warning)(said, icon=":material/event_busy:")


def _what_replaces_it(desk: Desk, successor: str) -> str:
    if desk.services.production.chosen() is None:
        return desk.t("What replaces it: LEDGER_MODEL={successor}", successor=successor)
    return desk.t(
        "What replaces it: {successor}. The model was chosen on the desk, so LEDGER_MODEL does not change it: take that"
        " choice back, or make another.",
        successor=successor,
    )
