"""What the model was shown of a photo, made again from the photo as it lies in the store."""

from __future__ import annotations

import streamlit as st

from ledger.errors import LedgerError, PhotoReplaced, ReceiptNotFound
from ledger.extraction.pictures.seeing import see_again
from ledger.extraction.pictures.sight import Part
from ledger.inbox.images import open_photo
from ledger.inbox.object_store import photo_name
from ledger.review.queue import receipt_row
from ledger.ui.shell import Desk


def show_seen(desk: Desk, reading_id: int) -> None:
    """Open a dialog with the pictures of one reading, each at its own size, and what they cost."""

    @st.dialog(desk.t("What the model saw"), width="large")
    def dialog() -> None:
        with st.spinner(desk.t("The pictures are being made again…")):
            try:
                parts = seen_parts(desk, reading_id)
            except LedgerError as error:
                st.error(desk.t.error(error))
                return
        with st.container(horizontal_alignment="center"):
            for number, part in enumerate(parts, 1):
                st.caption(_describe(desk, number, len(parts), part), width="content")
                st.image(part.jpeg, width=part.width)

    dialog()


def seen_parts(desk: Desk, reading_id: int) -> tuple[Part, ...]:
    """The pictures that a reading was made from.

    Raises PhotoReplaced when the photo is another one by now, and what the store and the database raise.
    """
    services = desk.services
    reading = services.reader.run_of(reading_id)
    if reading is None or reading.sight is None:
        raise ReceiptNotFound(receipt_id=reading_id)
    key = receipt_row(services.database, reading.receipt_id).object_key
    photo = open_photo(services.store.fetch(key).data, photo_name(key))
    if photo.sha256 != reading.image_sha256:
        raise PhotoReplaced(name=photo.name)
    return see_again(photo, reading.sight, upscaler=services.settings.upscaler_file).parts


def _describe(desk: Desk, number: int, count: int, part: Part) -> str:
    t = desk.t
    size = t("{width} × {height} pixels, {size} KB", width=part.width, height=part.height, size=len(part.jpeg) // 1024)
    if count == 1:
        return size
    place = t("Part {number} of {count}", number=number, count=count)
    return f"{place} · {size}"
