"""Examples of what was read wrong: the place on the photo beside both values, and the way to the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from ledger.errors import LedgerError
from ledger.inbox.images import open_photo, upright_image
from ledger.inbox.object_store import photo_name
from ledger.services import Services
from ledger.tables import ExtractionRow, ReceiptRow
from ledger.tuning.examples import Example
from ledger.ui.corrections_desk import value_text
from ledger.ui.cutting import cut
from ledger.ui.plain_table import show_table
from ledger.ui.shell import Desk
from ledger.ui.side_by_side import marked

_SMALL: Final = 200
"""Pixels across of a photo on which nothing is pointed at."""


def show(desk: Desk, examples: Sequence[Example], of: str) -> None:
    """The examples of one thing, the newest open; a closed one fetches no photo. `of` tells one thing from another."""
    t = desk.t
    for number, each in enumerate(examples):
        label = t("Receipt {receipt_id}: {field}", receipt_id=each.receipt_id, field=_field(desk, each))
        key = f"example_{of}_{each.receipt_id}_{each.field}_{each.item_index}"
        with st.expander(label, expanded=number == 0, key=key, on_change="rerun") as opened:
            if opened.open:
                _one(desk, each, key)


def _one(desk: Desk, each: Example, key: str) -> None:
    t, plain = desk.t, desk.t.plain
    picture, values = st.columns([3, 2])
    with picture:
        _crop(desk, each, key)
    with values:
        read, right = (value_text(desk, value, "—") for value in (each.read, each.right))
        left, other = marked(right, read)
        show_table(_field(desk, each), [plain("confirmed"), plain("as read")], [[left, other]])
        address = {"receipt": str(each.receipt_id)}
        st.page_link(
            "pages/2_review.py", label=t("Show beside the form"), icon=":material/fact_check:", query_params=address
        )


def _field(desk: Desk, each: Example) -> str:
    t = desk.t.plain
    if each.field == "item" and each.item_index is not None:
        return t("{field}, row {row}", field=t("Whole item"), row=each.item_index + 1)
    name = each.field.removeprefix("item.")
    return t.field(name if each.item_index is None else f"items.{each.item_index}.{name}")


def _crop(desk: Desk, each: Example, key: str) -> None:
    t = desk.t
    try:
        with st.spinner(t("Looking for the place …")):
            shown, same = _cut(desk.services, each.receipt_id, each.extraction_id, each.quad)
    except LedgerError as error:
        st.warning(t.error(error))
        return
    if same and each.quad is not None:
        st.image(shown, width="stretch", alt=t("The place on the photo"))
        return
    if same:
        _whole(desk, shown, key, t("The place was not found, so the whole picture is shown."))
    else:
        _whole(desk, shown, key, t("The photo was replaced since it was read."))


def _whole(desk: Desk, shown: bytes, key: str, why: str) -> None:
    """All of a photo, small: which receipt it is can be seen, and what is to be read opens large."""
    t = desk.t
    st.caption(why)
    large = st.toggle(t("Show it large"), key=f"large_{key}")
    st.image(shown, width="stretch" if large else _SMALL, alt=t("The whole photo"))


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Services: id})
def _cut(services: Services, receipt_id: int, extraction_id: int, quad: list[list[int]] | None) -> tuple[bytes, bool]:
    """What is shown, and whether that is the photo that was read."""
    key, etag, turns, places = _reading(services, receipt_id, extraction_id)
    fetched = services.store.fetch(key)
    same = fetched.etag == etag
    placed = places if same and places and quad else None
    photo = open_photo(fetched.data, photo_name(key))
    upright = upright_image(photo, placed["quarter_turns"] if placed else turns)
    size = tuple(placed["size"]) if placed else upright.size
    return cut(upright, [quad] if placed and quad else [], size), same


def _reading(
    services: Services, receipt_id: int, extraction_id: int
) -> tuple[str, str | None, int, dict[str, Any] | None]:
    """Key of the photo, ETag of the one that was read, how it is turned now, and the places on it."""
    with services.database.read() as session:
        receipt, run = session.get_one(ReceiptRow, receipt_id), session.get_one(ExtractionRow, extraction_id)
        return receipt.object_key, run.etag, receipt.quarter_turns, run.places
