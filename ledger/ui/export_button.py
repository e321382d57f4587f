"""Corrections to take along: which form, which days, masked or not, and the way to the file, see export_route."""

from __future__ import annotations

import streamlit as st

from ledger.exports.formats import FORMATS
from ledger.ui.export_route import export_url
from ledger.ui.shell import Desk


def show(desk: Desk) -> None:
    """A form, and its file without receipts that prompts are judged on. The command has more to choose."""
    t = desk.t
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            t("Export corrections"),
            list(FORMATS),
            format_func=lambda name: t(FORMATS[name].what),
            key="export_format",
            width=420,
        )
        masked = not st.checkbox(t("Names and numbers unmasked"), key="export_unmasked", width="content")
        address = export_url(desk.services, name, masked=masked)
        st.link_button(t("Download"), address, icon=":material/download:", key="export_download")
    said = [t("Receipts of test splits are left out.")]
    if FORMATS[name].pictures:
        command = f"python -m ledger export {name} --pictures embed"
        said.append(
            t("Pictures are named by their address; a command puts them into the file: {command}", command=command)
        )
    st.caption(" ".join(said))
