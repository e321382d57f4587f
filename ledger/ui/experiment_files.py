"""The report as files to take along."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from ledger.database import Database
from ledger.experiments.figures import Report
from ledger.experiments.report import all_changed
from ledger.experiments.report_files import report_html, report_markdown, runs_csv
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts

_FORMATS: Final = {"html": "text/html", "md": "text/markdown", "csv": "text/csv"}


def downloads(desk: Desk, found: Report) -> None:
    """One button a format; a file is made when it is asked for."""
    t = desk.t
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("Take the report along:"), width="content")
        for name, mime in _FORMATS.items():
            st.download_button(
                {"html": "HTML", "md": "Markdown", "csv": "CSV"}[name],
                partial(_file, desk.services.database, found, name, t.plain),
                f"experiment-{found.experiment.id}.{name}",
                mime,
                on_click="ignore",
                icon=":material/download:",
                key=f"report_{name}",
            )


def _file(database: Database, found: Report, name: str, t: Texts) -> bytes:
    if name == "csv":
        return "".join(runs_csv(database, found.experiment)).encode()
    changed = all_changed(database, found)
    if name == "html":
        return report_html(found, t.note, changed, language=t.language).encode()
    return report_markdown(found, t.note, changed).encode()
