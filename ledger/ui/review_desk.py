"""The receipt on an operator's desk: which one it is, what comes next, and what became of it meanwhile."""

from __future__ import annotations

import logging
from typing import Final

import streamlit as st

from ledger.clock import utc_now
from ledger.errors import DatabaseError, LedgerError, ReceiptClosed, ReceiptHeld, ReviewError
from ledger.receipt import OPEN_STATUSES
from ledger.review import claims, drafts, queue
from ledger.tables import ReceiptRow
from ledger.ui.following import new_token, next_claim, upcoming
from ledger.ui.holder import holder_of
from ledger.ui.opened_receipt import Opened, look_again, open_receipt
from ledger.ui.photos import photo_url
from ledger.ui.shell import Desk

log = logging.getLogger(__name__)

CLOSED: Final = "closed_here"
"""Where a session keeps the backup keys of the receipts that it has decided upon."""
_OPENED: Final = "opened"
_LOADS: Final = "loads"


def current(desk: Desk) -> Opened | None:
    """The receipt on the desk: the one in the address, else the one already open, else the next of the queue."""
    opened = on_desk()
    asked = st.query_params.get("receipt", "")
    if asked.isdecimal() and len(asked) < 19 and (opened is None or opened.receipt.id != int(asked)):
        let_go(desk)  # as after the browser's back
        return put(_open(desk, int(asked)))
    if opened is None or (opened.closed and not asked):
        return open_next(desk)
    return put(opened)


def open_next(desk: Desk, skip: int | None = None) -> Opened | None:
    """Claim the next receipt of the queue and put it on the desk; None when nothing waits."""
    claim = next_claim(desk, skip)
    return put(_hold(open_receipt(desk, claim.receipt_id), claim) if claim else None)


def preload_urls(desk: Desk, opened: Opened) -> list[str]:
    """Photos that come next, so that they are there before they are asked for."""
    try:
        found = upcoming(desk, 2, skip=opened.receipt.id)
    except DatabaseError:
        return []
    return [photo_url(desk.services, row) for row in found]


def follow(desk: Desk, opened: Opened) -> Opened:
    """What is on the desk, after a look at what became of the receipt meanwhile: decided, read, photo replaced."""
    try:
        row = queue.receipt_row(desk.services.database, opened.receipt.id)
        opened.holder, opened.left = holder_of(desk, opened, row), False
        if opened.closed or (row.status in OPEN_STATUSES and _same(row, opened)):
            return opened
        if row.status in OPEN_STATUSES and opened.typed:
            look_again(desk, opened)
            return opened
    except LedgerError as error:
        log.warning("receipt %s not looked at again: %s", opened.receipt.id, error)
        return opened
    return reopen(desk, opened)


def reopen(desk: Desk, opened: Opened, *, take_over: bool = False) -> Opened:
    """Fill the desk anew with the same receipt, as it stands now, and hold it if it is free or taken over."""
    try:
        return put(_open(desk, opened.receipt.id, take_over)) or opened
    except LedgerError as error:
        log.warning("receipt %s not opened again: %s", opened.receipt.id, error)
        return opened


def open_again(desk: Desk, receipt_id: int) -> Opened | None:
    """Put a receipt on the desk whose decision was undone; what this session closed of it counts no more."""
    let_go(desk)
    opened = _open(desk, receipt_id)
    st.session_state[CLOSED] = [key for key in st.session_state.get(CLOSED, []) if key != opened.backup_key]
    return put(opened)


def use_new_reading(desk: Desk, opened: Opened) -> None:
    """Put what was typed aside for good and begin from the newest reading."""
    try:
        drafts.discard_draft(
            desk.services.database, opened.receipt.id, operator=desk.operator, now=utc_now(), token=opened.load
        )
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


def on_desk() -> Opened | None:
    """The receipt that this session has open, whichever page is looked at."""
    opened: Opened | None = st.session_state.get(_OPENED)
    return opened


def let_go(desk: Desk) -> None:
    """Let others have the receipt on the desk; its draft and its form stay as they are, to be gone on with if it is
    still free then.
    """
    opened = on_desk()
    if opened is None or opened.closed or opened.left or not opened.version:
        return
    opened.left = True
    try:
        claims.release(desk.services.database, opened.receipt.id, opened.load)
    except LedgerError as error:
        log.warning("receipt %s not let go of: %s", opened.receipt.id, error)


def _open(desk: Desk, receipt_id: int, take_over: bool = False) -> Opened:
    """Open this one receipt and hold it. What somebody else holds is shown, and what is closed needs no holding."""
    database, token = desk.services.database, new_token()
    try:
        claim = claims.claim(database, receipt_id, desk.operator, token, utc_now(), take_over=take_over)
    except (ReceiptHeld, ReceiptClosed):
        return open_receipt(desk, receipt_id)
    return _hold(open_receipt(desk, receipt_id), claim)


def _hold(opened: Opened, claim: claims.Claim) -> Opened:
    opened.load, opened.version = claim.token, claim.version
    return opened


def _same(row: ReceiptRow, opened: Opened) -> bool:
    return (row.extraction_id, row.etag) == (opened.newest_id, opened.receipt.etag)
