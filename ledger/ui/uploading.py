"""Photos put into the store by hand: checked at once, so that what cannot be read, or could be better, is said now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from ledger.clock import utc_now
from ledger.errors import LedgerError
from ledger.extraction.judging import measured
from ledger.inbox.guideline import hints
from ledger.inbox.putting import put_photo
from ledger.notes import Note
from ledger.ui.shell import Desk
from ledger.ui.texts import markdown_text

TYPES: Final = ("jpg", "jpeg", "heic", "heif", "png", "webp")
_UPLOADED: Final = "upload_report"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of one photo: why it was refused, or what would make a better one."""

    name: str
    refused: LedgerError | None = None
    hints: tuple[Note, ...] = ()


def upload(desk: Desk) -> None:
    """Put photos into the store. Each is checked first, so that what cannot be read is said here and now."""
    t = desk.t
    with st.form("upload", clear_on_submit=True, border=False):
        files = st.file_uploader(t("Photos (JPEG, PNG, WebP, HEIC)"), type=TYPES, accept_multiple_files=True)
        sent = st.form_submit_button(t("Upload and read"), type="primary")
    if sent:
        st.session_state[_UPLOADED] = [_store_one(desk, file.name, file.getvalue()) for file in files]
        desk.services.read_due()


def upload_report(desk: Desk) -> None:
    """What became of the last upload. It stays until the next one: the list below changes under it meanwhile."""
    report: list[Uploaded] | None = st.session_state.get(_UPLOADED)
    if report is None:
        return
    for each in report:
        if each.refused:
            st.error(desk.t.error(each.refused))
    stored = sum(each.refused is None for each in report)
    if stored:
        st.success(desk.t("Photos uploaded: {count}. They are being read.", count=stored))
    elif not report:
        st.info(desk.t("Choose at least one photo first."))
    hints_of = [f"- {markdown_text(each.name)}: {desk.t.note(hint)}" for each in report for hint in each.hints]
    if hints_of:
        st.info("\n".join(hints_of), icon=":material/photo_camera:")


def _store_one(desk: Desk, name: str, data: bytes) -> Uploaded:
    services = desk.services
    try:
        _, photo = put_photo(services.database, services.store, name, data, utc_now())
    except LedgerError as error:
        return Uploaded(name, refused=error)
    measures = measured(photo, None)
    return Uploaded(name, hints=hints(measures) if measures else ())
