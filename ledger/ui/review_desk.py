"""The receipt on an operator's desk: which one it is, what comes next, and what became of it meanwhile."""

from __future__ import annotations

import logging

import streamlit as st

from ledger.clock import utc_now
from ledger.errors import DatabaseError, LedgerError, ReceiptClosed, ReceiptHeld, ReviewError
from ledger.receipt import OPEN_STATUSES
from ledger.review import claims, drafts, queue
from ledger.tables import ReceiptRow
from ledger.ui.following import followed, new_token, next_claim, upcoming
from ledger.ui.holder import holder_of
from ledger.ui.opened_receipt import Opened, look_again, open_receipt, tell_again
from ledger.ui.shell import Desk
from ledger.ui.work import Held, work

log = logging.getLogger(__name__)


def current(desk: Desk) -> Opened | None:
    """The receipt on the desk: the one in the address, else the one already open, else the next of the queue."""
    opened, asked = work().opened, _asked()
    if asked.isdecimal() and len(asked) < 19 and (opened is None or opened.receipt.id != int(asked)):
        let_go(desk)  # as after the browser's back
        return put(_open(desk, int(asked)))
    if opened is None or (opened.closed and not asked):
        return open_next(desk)
    return put(opened)


def settled(desk: Desk) -> Opened | None:
    """What is on the desk once something was decided. Nothing is asked of the address, which this run may have changed
    before the browser's followed: an event that it sends until then still names the receipt that was left.
    """
    return on_desk() or open_next(desk)


def _asked() -> str:
    """The receipt in the address, unless it is the one that was just left: the browser's address follows later."""
    asked = st.query_params.get("receipt", "")
    if asked and asked == str(work().left):
        return ""
    if asked:
        work().left = None
    return asked


def open_next(desk: Desk, skip: int | None = None) -> Opened | None:
    """Put the next receipt of the queue on the desk: the one that is held ahead, else another; None when none waits."""
    return put(_take_held(desk, skip) or _claim_next(desk, skip))


def hold_next(desk: Desk, opened: Opened) -> Held | None:
    """Hold what comes after the receipt on the desk, so that it can be prepared; None when nothing waits."""
    key = desk.t.language, desk.operator, followed()
    held = work().held
    if held is None or held.key != key or held.opened.receipt.id == opened.receipt.id:
        _let_go_of_held(desk, opened.receipt.id)
        found = _claim_next(desk, opened.receipt.id, ahead=True)
        later = upcoming(desk, skip=opened.receipt.id) if found else None
        work().held = held = Held(found, key, later) if found else None
    return held


def follow(desk: Desk, opened: Opened) -> Opened:
    """What is on the desk, after a look at what became of the receipt meanwhile: decided, read, photo replaced."""
    try:
        row = queue.receipt_row(desk.services.database, opened.receipt.id)
        opened.holder, opened.left = holder_of(desk, opened, row), False
        if opened.language != desk.t.language:
            tell_again(desk, opened)
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
    work().closed = [key for key in work().closed if key != opened.backup_key]
    return put(opened)


def use_new_reading(desk: Desk, opened: Opened) -> None:
    """Put what was typed aside for good and begin from the newest reading."""
    try:
        drafts.discard_draft(
            desk.services.database,
            opened.receipt.id,
            operator=desk.operator,
            now=utc_now(),
            seen_revision=opened.revision,
            token=opened.load,
            version=opened.version,
        )
    except DatabaseError as error:
        st.toast(desk.t.error(error))
        return
    except ReviewError as error:
        log.info("draft of receipt %s not discarded: %s", opened.receipt.id, error)
    reopen(desk, opened).fresh = True


def was_filled_here(load: str) -> bool:
    """Whether this session has filled a form under that `load`."""
    return load in work().loads


def put(opened: Opened | None) -> Opened | None:
    """Lay a receipt on the desk, or nothing."""
    # The address follows the desk, or a reload would bring back the receipt before.
    work().opened = opened
    if opened is not None:
        work().filled(opened.load)
        st.query_params["receipt"] = str(opened.receipt.id)
    elif "receipt" in st.query_params:
        del st.query_params["receipt"]
    return opened


def on_desk() -> Opened | None:
    """The receipt that this session has open, whichever page is looked at."""
    return work().opened


def let_go(desk: Desk) -> None:
    """Let others have the receipt on the desk; its draft and its form stay as they are, to be gone on with if it is
    still free then.
    """
    opened = on_desk()
    _let_go_of_held(desk, opened.receipt.id if opened else None)
    if opened is None or opened.closed or opened.left or not opened.version:
        return
    opened.left = True
    _release(desk, opened)


def _let_go_of_held(desk: Desk, on_desk_id: int | None) -> None:
    """Let others have what is held ahead. What is on the desk by now is another claim of the same receipt."""
    held, work().held = work().held, None
    if held is not None and held.opened.receipt.id != on_desk_id:
        _release(desk, held.opened)


def _release(desk: Desk, opened: Opened) -> None:
    try:
        claims.release(desk.services.database, opened.receipt.id, opened.load)
    except LedgerError as error:
        log.warning("receipt %s not let go of: %s", opened.receipt.id, error)


def _claim_next(desk: Desk, skip: int | None, *, ahead: bool = False) -> Opened | None:
    claim = next_claim(desk, skip, ahead=ahead)
    return _hold(open_receipt(desk, claim.receipt_id), claim) if claim else None


def _take_held(desk: Desk, skip: int | None) -> Opened | None:
    """The receipt that this session holds ahead, unless somebody who had nothing else to do has taken it."""
    held, work().held = work().held, None
    if held is None or held.opened.receipt.id == skip:
        return None
    opened, now = held.opened, utc_now()
    if not claims.open_held(desk.services.database, opened.receipt.id, opened.load, now):
        return None
    opened.opened_at = now
    return opened


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
