"""The receipt on an operator's desk: which one it is, what comes next, and what became of it meanwhile."""

from __future__ import annotations

import logging
from typing import Final

import streamlit as st

from ledger.errors import DatabaseError, LedgerError, ReviewError
from ledger.receipt import OPEN_STATUSES
from ledger.review import queue
from ledger.tables import ReceiptRow
from ledger.ui.opened_receipt import Opened, look_again, open_receipt
from ledger.ui.photos import photo_url
from ledger.ui.shell import Desk

log = logging.getLogger(__name__)

_OPENED: Final = "opened"
_LOADS: Final = "loads"


def current(desk: Desk) -> Opened | None:
    """The receipt on the desk: the one in the address, else the one already open, else the next of the queue."""
    opened: Opened | None = st.session_state.get(_OPENED)
    asked = st.query_params.get("receipt", "")
    if asked.isdecimal() and len(asked) < 19 and (opened is None or opened.receipt.id != int(asked)):
        return put(open_receipt(desk, int(asked)))
    if opened is None or (opened.closed and not asked):
        return open_next(desk)
    return put(opened)


def open_next(desk: Desk, skip: int | None = None) -> Opened | None:
    """Put the next receipt of the queue on the desk; None when nothing waits."""
    found = queue.next_receipts(desk.services.database, 1, skip, operator=desk.operator)
    return put(open_receipt(desk, found[0].id) if found else None)


def preload_urls(desk: Desk, opened: Opened) -> list[str]:
    """Photos that come next, so that they are there before they are asked for."""
    try:
        found = queue.next_receipts(desk.services.database, 2, opened.receipt.id, operator=desk.operator)
    except DatabaseError:
        return []
    return [photo_url(desk.services, row) for row in found]


def follow(desk: Desk, opened: Opened) -> Opened:
    """What is on the desk, after a look at what became of the receipt meanwhile: decided, read, photo replaced."""
    try:
        row = queue.receipt_row(desk.services.database, opened.receipt.id)
        if opened.closed or (row.status in OPEN_STATUSES and _same(row, opened)):
            return opened
        if row.status in OPEN_STATUSES and opened.typed:
            look_again(desk, opened)
            return opened
    except LedgerError as error:
        log.warning("receipt %s not looked at again: %s", opened.receipt.id, error)
        return opened
    return reopen(desk, opened)


def reopen(desk: Desk, opened: Opened) -> Opened:
    """Fill the desk anew with the same receipt, as it stands now."""
    try:
        return put(open_receipt(desk, opened.receipt.id)) or opened
    except LedgerError as error:
        log.warning("receipt %s not opened again: %s", opened.receipt.id, error)
        return opened


def use_new_reading(desk: Desk, opened: Opened) -> None:
    """Put what was typed aside for good and begin from the newest reading."""
    try:
        queue.discard_draft(desk.services.database, opened.receipt.id)
    except DatabaseError as error:
        st.toast(desk.t.error(error))
        return
    except ReviewError as error:
        log.info("draft of receipt %s not discarded: %s", opened.receipt.id, error)
    reopen(desk, opened).fresh = True


def was_filled_here(load: str) -> bool:
    """Whether this session has filled a form under that `load`."""
    return load in st.session_state.get(_LOADS, ())


def put(opened: Opened | None) -> Opened | None:
    """Lay a receipt on the desk, or nothing."""
    # The address follows the desk, or a reload would bring back the receipt before.
    st.session_state[_OPENED] = opened
    if opened is not None:
        st.session_state[_LOADS] = {*st.session_state.get(_LOADS, ()), opened.load}
        st.query_params["receipt"] = str(opened.receipt.id)
    elif "receipt" in st.query_params:
        del st.query_params["receipt"]
    return opened


def _same(row: ReceiptRow, opened: Opened) -> bool:
    return (row.extraction_id, row.etag) == (opened.newest_id, opened.receipt.etag)
