"""Corrections to take along: which form, which days, masked or not, and the file, made when it is asked for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from ledger.bootstrap import Services, build_export
from ledger.exports.files import zipped
from ledger.exports.formats import FORMATS, Format
from ledger.exports.wanted import Wanted
from ledger.ui.shell import Desk

_MIMES: Final = {".jsonl": "application/x-ndjson", ".csv": "text/csv", ".parquet": "application/vnd.apache.parquet"}
_ZIP: Final = "application/zip"


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
        form = FORMATS[name]
        st.download_button(
            t("Download"),
            partial(_file, desk.services, form, masked),
            f"{Path(form.file).stem}.zip" if form.several else form.file,
            _ZIP if form.several else _MIMES[Path(form.file).suffix],
            on_click="ignore",
            icon=":material/download:",
            key="export_download",
        )
    said = [t("Receipts of test splits are left out.")]
    if form.pictures:
        command = f"python -m ledger export {name} --pictures embed"
        said.append(
            t("Pictures are named by their address; a command puts them into the file: {command}", command=command)
        )
    st.caption(" ".join(said))


def _file(services: Services, form: Format, masked: bool) -> bytes:
    source = build_export(services, Wanted(), masked=masked)
    source.file = form.file
    if form.several:
        return zipped(form.write(source), Path(form.file).stem)
    return b"".join(data for _, data in form.write(source))
