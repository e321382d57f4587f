"""What the Confirmed page is made of: search, tables, files to take along, and the table of items to mend."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final, cast

import pandas as pd
import streamlit as st

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import ItemsChanged
from ledger.review.amend import amend
from ledger.review.confirmed import ConfirmedReceipt, Search, all_confirmed, search_confirmed
from ledger.review.document import FieldRefused
from ledger.review.editor import COLUMNS, categories, item_changes, items_frame
from ledger.review.export import csv_file, json_file
from ledger.review.queue import receipt_row
from ledger.ui.photos import photo_url
from ledger.ui.shell import Desk
from ledger.ui.texts import mark
from ledger.ui.undoing import reopen_button

BY_MEMBER: Final = "members"
VIEWS: Final = {"all": mark("All receipts"), BY_MEMBER: mark("By member and month")}
_LIMIT: Final = 200
_EDITION: Final = "items_edition"


def search_fields(desk: Desk) -> Search:
    """What the operator looks for."""
    t = desk.t
    text, since, until = st.columns([4, 2, 2], vertical_alignment="bottom")
    wanted = text.text_input(
        t("Search"), key="confirmed_text", placeholder=t("Shop, place or item"), icon=":material/search:"
    )
    first = since.date_input(t("From"), value=None, key="confirmed_since", format="YYYY-MM-DD")
    last = until.date_input(t("To"), value=None, key="confirmed_until", format="YYYY-MM-DD")
    return Search(wanted or "", first, last)


def find(desk: Desk, search: Search) -> list[ConfirmedReceipt]:
    """Receipts that match, newest day first; says so when there are more than are shown."""
    found = search_confirmed(desk.services.database, search, limit=_LIMIT + 1)
    if len(found) > _LIMIT:
        st.info(
            desk.t(
                "Only the newest {limit} are shown; the files have all. Narrow the search to see others.", limit=_LIMIT
            )
        )
    return found[:_LIMIT]


def empty(desk: Desk, search: Search) -> None:
    """Nothing was found, or nothing is there yet."""
    t = desk.t
    if search != Search():
        st.info(t("No confirmed receipt matches. Try fewer letters or a longer time."))
        return
    st.info(t("No receipt has been confirmed yet. Confirm the first one in review."))
    st.page_link("pages/2_review.py", label=t("Go to review"), icon=":material/fact_check:")


def downloads(desk: Desk, search: Search, shown: int) -> None:
    """Everything that matches as files, made when one is asked for."""
    count, as_json, as_csv = st.columns([6, 1, 1], vertical_alignment="center")
    count.caption(desk.t("Receipts: {count}", count=desk.t.number(shown)))
    for column, name, mime, writer in (
        (as_json, "JSON", "application/json", json_file),
        (as_csv, "CSV", "text/csv", csv_file),
    ):
        column.download_button(
            name,
            partial(_file, desk.services.database, search, writer),
            f"ledger.{name.lower()}",
            mime,
            on_click="ignore",
            icon=":material/download:",
            width="stretch",
        )


def _file(database: Database, search: Search, writer: Callable[[Iterable[ConfirmedReceipt]], Iterator[str]]) -> bytes:
    return b"".join(piece.encode() for piece in writer(all_confirmed(database, search)))


def receipt_table(desk: Desk, receipts: Sequence[ConfirmedReceipt]) -> ConfirmedReceipt | None:
    """The receipts; the chosen one."""
    t = desk.t
    frame = pd.DataFrame(
        {
            "#": [receipt.receipt_id for receipt in receipts],
            t("Date"): [receipt.document["date"] for receipt in receipts],
            t("Location"): [receipt.document["location"] for receipt in receipts],
            t("Items"): [len(receipt.document["items"]) for receipt in receipts],
            t("Total"): [t.money(r.document["total_amount"], r.document["currency"]) for r in receipts],
            t("Confirmed by"): [t("auto-confirm") if r.unattended else r.operator for r in receipts],
            t("Confirmed at"): [t.time(receipt.confirmed_at) for receipt in receipts],
        }
    )
    event = st.dataframe(
        frame,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="confirmed_table",
        column_config={
            "#": st.column_config.NumberColumn(width=60),
            t("Date"): st.column_config.TextColumn(width=110),
            t("Location"): st.column_config.TextColumn(width="large"),
            t("Items"): st.column_config.NumberColumn(width=70),
            t("Total"): st.column_config.TextColumn(width=120, alignment="right"),
            t("Confirmed by"): st.column_config.TextColumn(width=120),
            t("Confirmed at"): st.column_config.TextColumn(width=150),
        },
    )
    rows = cast("dict[str, Any]", event)["selection"]["rows"]
    return receipts[rows[0]] if rows and rows[0] < len(receipts) else None


def one_receipt(desk: Desk, receipt: ConfirmedReceipt) -> None:
    """One receipt's photo and JSON."""
    t = desk.t
    if receipt.photo_changed:
        st.warning(t("The photo in the store was changed after this receipt was confirmed."))
    if receipt.unattended:
        st.info(t("Nobody has looked at this receipt: it was confirmed without a person. Check it, or undo that."))
    photo, document = st.columns(2)
    row = receipt_row(desk.services.database, receipt.receipt_id)
    photo.link_button(t("Open the photo"), photo_url(desk.services, row), icon=":material/image:")
    photo.page_link(
        "pages/2_review.py",
        label=t("Show beside the form"),
        icon=":material/fact_check:",
        query_params={"receipt": str(receipt.receipt_id)},
    )
    with photo:
        reopen_button(desk, receipt.receipt_id, receipt.review_id)
    document.json(receipt.document)


def edit_items(desk: Desk, receipts: Sequence[ConfirmedReceipt]) -> None:
    """All items of the found receipts; names and categories may be changed, each change becomes a correction."""
    t = desk.t
    frame = items_frame(receipts)
    if frame.empty:
        st.info(t("These receipts have no items."))
        return
    # The table starts afresh when other receipts are found or changes were stored: edits belong to the rows shown.
    key = f"items_{st.session_state.get(_EDITION, 0)}_{hash(tuple(frame['receipt_id']))}"
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        column_order=COLUMNS,
        num_rows="fixed",
        disabled=["receipt_id", "date", "location", "count", "price"],
        column_config=_item_columns(desk),
    )
    edited = st.session_state[key]["edited_rows"]
    save, undo, _ = st.columns([2, 2, 6])
    label = t("Save changes ({count})", count=len(edited)) if edited else t("Save changes")
    if save.button(label, type="primary", disabled=not edited, width="stretch"):
        _store(desk, frame, edited)
    if undo.button(t("Discard changes"), disabled=not edited, width="stretch"):
        _start_afresh()


def _item_columns(desk: Desk) -> dict[str, Any]:
    t, column = desk.t, st.column_config
    return {
        "receipt_id": column.NumberColumn("#", width=60),
        "date": column.TextColumn(t("Date")),
        "location": column.TextColumn(t("Location")),
        "name": column.TextColumn(t("Item"), max_chars=255, required=True, width="large"),
        "count": column.NumberColumn(t("Count")),
        "price": column.NumberColumn(t("Price"), format="localized"),
        "category": column.SelectboxColumn(
            t("Category"), options=categories(), format_func=desk.t.category, required=True
        ),
    }


def _store(desk: Desk, frame: pd.DataFrame, edited: dict[int, dict[str, Any]]) -> None:
    t = desk.t
    try:
        changes = item_changes(frame, edited)
        count = amend(
            desk.services.database, changes, action_id=uuid.uuid4().hex, operator=desk.operator, now=utc_now()
        )
    except FieldRefused as refused:
        st.error(t(refused.sentence, value=refused.value))
        return
    except ItemsChanged as error:
        st.error(t.error(error))
        return
    st.toast(t("Changes stored: {count}. Each is a correction.", count=count), icon=":material/check:")
    _start_afresh()


def _start_afresh() -> None:
    st.session_state[_EDITION] = st.session_state.get(_EDITION, 0) + 1
    st.rerun()
