"""The parts of a page, of which one is shown: chosen by a click, or by the address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ledger.ui.shell import Desk


def choose_section(desk: Desk, sections: Mapping[str, str], key: str, parameter: str | None = None) -> str:
    """The part that is wanted, the first one at first; `sections` are their labels by name.

    With a `parameter` it is as the address says until somebody chooses, and the address follows.
    """
    t, first = desk.t, next(iter(sections))
    asked = st.query_params.get(parameter, first) if parameter else first
    st.session_state.setdefault(key, asked if asked in sections else first)
    chosen = st.segmented_control(
        t("Part of the page"),
        options=list(sections),
        format_func=lambda section: t(sections[section]),
        key=key,
        required=True,
        label_visibility="collapsed",
    )
    if parameter and chosen != first:
        st.query_params[parameter] = str(chosen)
    elif parameter and parameter in st.query_params:
        del st.query_params[parameter]
    return str(chosen)
