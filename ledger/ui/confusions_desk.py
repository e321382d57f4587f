"""What was read for what, and which slips a rule names; a chosen line shows its examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from ledger.operations.measures import Rate
from ledger.tuning.insight import Insight, SyllableConfusion
from ledger.tuning.slips import RULES
from ledger.tuning.tallies import Confusion, SlipFound
from ledger.ui import correction_examples
from ledger.ui.experiment_charts import jamo_matrix
from ledger.ui.operations_desk import interval_text, rate_text
from ledger.ui.shell import Desk
from ledger.ui.texts import mark

WORDS, SYLLABLES, JAMO = "words", "syllables", "jamo"
KINDS: Final = {WORDS: mark("Words"), SYLLABLES: mark("Syllables"), JAMO: mark("Jamo")}
_MOST: Final = 100
_HEAD: Final = 38
_LINE: Final = 35
_HIGHEST: Final = 290
"""Pixels of the table, so that an example stands on the screen with it."""
_SHOPS: Final = 3
"""Shops that a line names; of the others it says how many."""


def confusions(desk: Desk, found: Insight) -> None:
    """Words, syllables or jamo that were taken for others, the most frequent first."""
    t = desk.t
    st.session_state.setdefault("confusions_of", WORDS)
    kind = st.segmented_control(
        t("What was taken for what"),
        options=list(KINDS),
        format_func=lambda each: t(KINDS[each]),
        key="confusions_of",
        required=True,
    )
    lines = _lines(found, str(kind))
    if not lines:
        st.info(
            t("In these days nothing was taken for something like it. Texts that share less than half do not count.")
        )
        return
    if kind == JAMO:
        jamo_matrix(desk, [(each.right, each.read, each.count) for each in lines])
    _chosen(desk, f"confusions_{kind}", _table(desk, lines), lines)


def _lines(found: Insight, kind: str) -> Sequence[Confusion]:
    lists: Mapping[str, Sequence[Confusion]] = {WORDS: found.words, SYLLABLES: found.syllables, JAMO: found.jamo}
    return lists[kind][:_MOST]


def _table(desk: Desk, lines: Sequence[Confusion]) -> dict[str, list[Any]]:
    t = desk.t.plain
    nothing = t("nothing")
    columns: dict[str, list[Any]] = {
        t("As confirmed"): [each.right or nothing for each in lines],
        t("As read"): [each.read or nothing for each in lines],
        t("Times"): [each.count for each in lines],
        t("Receipts"): [each.receipts for each in lines],
    }
    stood = [each.stood for each in lines if isinstance(each, SyllableConfusion)]
    if stood:
        shares = [Rate(each.count, max(each.count, times)) for each, times in zip(lines, stood, strict=True)]
        columns[t("of all times it stands there")] = [rate_text(desk, share) for share in shares]
    return columns | {t("Shops"): [shops_text(desk, each.shops) for each in lines]}


def slips(desk: Desk, found: Insight) -> None:
    """Slips by their rule, the most frequent first."""
    t = desk.t.plain
    if not found.slips:
        st.info(t("In these days no rule found a slip: nothing was put in another place than it belongs."))
        return
    lines = found.slips
    rates = [Rate(each.receipts, found.receipts) for each in lines]
    table: dict[str, list[Any]] = {
        t("Slip"): [t(RULES[each.rule]) for each in lines],
        t("Times"): [each.count for each in lines],
        t("Receipts with it"): [rate_text(desk, rate) for rate in rates],
        t("Interval"): [interval_text(desk, rate) for rate in rates],
        t("Shops"): [shops_text(desk, each.shops) for each in lines],
    }
    _chosen(desk, "slips", table, lines)


def shops_text(desk: Desk, shops: Mapping[str, int]) -> str:
    """Where it happens most, and in how many others."""
    t = desk.t.plain
    often = sorted(shops, key=lambda shop: (-shops[shop], shop))
    told = ", ".join(f"{shop or t('unreadable')} {shops[shop]}" for shop in often[:_SHOPS])
    more = len(often) - _SHOPS
    return t("{shops} and {count} more", shops=told, count=more) if more > 0 else told


def _chosen(
    desk: Desk, key: str, table: Mapping[str, Sequence[Any]], lines: Sequence[Confusion] | Sequence[SlipFound]
) -> None:
    """The table, and below it the examples of the line that is chosen; at first that is the first one."""
    t = desk.t
    chosen = st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        height=min(_HEAD + _LINE * len(lines), _HIGHEST),
    )
    rows = chosen["selection"]["rows"]
    line = lines[rows[0] if rows and rows[0] < len(lines) else 0]
    name = RULES[line.rule] if isinstance(line, SlipFound) else None
    told = t(name) if name else _arrow(desk, line)
    st.subheader(t("Examples of {what}", what=told))
    st.caption(t("Choose a line above to see others."))
    correction_examples.show(desk, line.examples, f"{key}_{told}")


def _arrow(desk: Desk, line: Confusion | SlipFound) -> str:
    assert isinstance(line, Confusion)
    nothing = desk.t("nothing")
    return f"{line.right or nothing} → {line.read or nothing}"
