"""The parts of the Corrections page, and the days that they tell of."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.corrections.summary import counts_by_field, recent_corrections
from ledger.operations.period import Period
from ledger.tables import CorrectionRow
from ledger.ui import confusions_desk, export_button, insight_desk, lexicon_desk
from ledger.ui.corrections_desk import FIELDS, correction_table
from ledger.ui.insight_kept import insight_into
from ledger.ui.operations_desk import choose_period
from ledger.ui.sections import choose_section
from ledger.ui.shell import Desk
from ledger.ui.texts import mark

RATES, CONFUSIONS, SLIPS, LEXICON, EACH = "rates", "confusions", "slips", "lexicon", "each"
SECTIONS: Final = {
    RATES: mark("How often"),
    CONFUSIONS: mark("What for what"),
    SLIPS: mark("Slips"),
    LEXICON: mark("Lexicon"),
    EACH: mark("Each correction"),
}
_SECTION: Final = "corrections_section"
_PART: Final = "part"


def show(desk: Desk) -> None:
    """The part that is wanted, for the days that are wanted."""
    section = choose_section(desk, SECTIONS, _SECTION, _PART)
    if section == LEXICON:
        lexicon_desk.show(desk)
        return
    period = choose_period(desk, "corrections", default="30 days")
    if period is None:
        st.info(desk.t("Choose the first and the last day."))
    elif section == EACH:
        _each(desk, period)
    else:
        _insight(desk, period, section)


def _insight(desk: Desk, period: Period, section: str) -> None:
    kept = insight_into(desk, period)
    if not kept.insight.receipts:
        _nothing(desk)
        return
    if section == RATES:
        insight_desk.tiles(desk, kept.insight)
        insight_desk.by_field(desk, kept.insight)
        insight_desk.by_dimension(desk, kept.insight)
    elif section == CONFUSIONS:
        confusions_desk.confusions(desk, kept.insight)
    else:
        confusions_desk.slips(desk, kept.insight)
    told = desk.t(
        "Looked at {time}: {count} receipts.", time=desk.t.clock(kept.at), count=desk.t.number(kept.insight.receipts)
    )
    if kept.newest is not None:
        count = desk.t.number(kept.newest)
        told += " " + desk.t("There are more: the newest {count} decisions were looked at.", count=count)
    st.caption(told)


def _nothing(desk: Desk) -> None:
    t = desk.t
    st.info(
        t(
            "In these days nobody confirmed a receipt that a model or an engine had read. Choose more days, or confirm"
            " receipts: each difference between a reading and what was confirmed is counted here."
        )
    )
    st.page_link("pages/2_review.py", label=t("Go to review"), icon=":material/fact_check:")


def _each(desk: Desk, period: Period) -> None:
    """Single corrections, newest first."""
    t, database, within = desk.t, desk.services.database, period.covers(CorrectionRow.created_at)
    counts = counts_by_field(database, within)
    if not counts:
        st.info(
            t("No corrections in these days. Each difference between a reading and what was confirmed appears here.")
        )
        st.page_link("pages/2_review.py", label=t("Go to review"), icon=":material/fact_check:")
        return
    chosen = st.pills(
        t("Field"),
        options=list(counts),
        format_func=lambda field: f"{t(FIELDS[field])} · {t.number(counts[field])}",
        key="correction_field",
    )
    correction_table(desk, recent_corrections(database, chosen, within))
    export_button.show(desk)
