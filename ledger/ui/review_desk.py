"""The receipt on an operator's desk: opened, drafted, decided. Between the Review page and the review stage."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Final

import streamlit as st

from ledger.clock import utc_now
from ledger.errors import (
    DatabaseError,
    DocumentInvalid,
    DraftConflict,
    LedgerError,
    ReceiptClosed,
    ReceiptNotFound,
    ReviewError,
)
from ledger.money import decimals
from ledger.receipt import OPEN_STATUSES
from ledger.review import confirm, queue
from ledger.review.document import CURRENCIES, from_form
from ledger.tables import ReceiptRow
from ledger.ui.components.review_form import Action, Currency, Denial, Draft, FormData, Problem
from ledger.ui.opened_receipt import Opened, look_again, open_receipt
from ledger.ui.photos import photo_url
from ledger.ui.shell import Desk
from ledger.ui.texts import form_labels, mark

log = logging.getLogger(__name__)

_OPENED: Final = "opened"
_CLOSED: Final = "closed_here"
_DONE: Final = "last_action"
_LOADS: Final = "loads"

REASONS: Final = {
    "not_a_receipt": mark("Not a receipt"),
    "unreadable": mark("Unreadable"),
    "duplicate": mark("Duplicate"),
    "other": mark("Other"),
}


def current(desk: Desk) -> Opened | None:
    """The receipt on the desk: the one in the address, else the one already open, else the next of the queue."""
    opened: Opened | None = st.session_state.get(_OPENED)
    asked = st.query_params.get("receipt", "")
    if asked.isdecimal() and len(asked) < 19 and (opened is None or opened.receipt.id != int(asked)):
        return _put(open_receipt(desk, int(asked)))
    if opened is None or (opened.closed and not asked):
        return open_next(desk)
    return _put(opened)


def open_next(desk: Desk, skip: int | None = None) -> Opened | None:
    """Put the next receipt of the queue on the desk; None when nothing waits."""
    found = queue.next_receipts(desk.services.database, 1, skip, operator=desk.operator)
    return _put(open_receipt(desk, found[0].id) if found else None)


def preload_urls(desk: Desk, opened: Opened) -> list[str]:
    """Photos that come next, so that they are there before they are asked for."""
    try:
        found = queue.next_receipts(desk.services.database, 2, opened.receipt.id, operator=desk.operator)
    except DatabaseError:
        return []
    return [photo_url(row) for row in found]


def keep_draft(desk: Desk, opened: Opened, draft: Draft | None) -> Opened:
    """Store what was typed and return what is on the desk then. Only what was stored is acknowledged."""
    if draft is None or opened.closed or not _is_new(opened, draft):
        return opened
    opened.typed = True
    try:
        _save(desk, opened, draft)
    except ReceiptClosed:
        return reopen(desk, opened)
    except DraftConflict as error:
        opened.conflict = {"seq": draft["seq"], "message": desk.t.error(error)}
    except LedgerError as error:
        opened.unsure = True
        log.warning("draft of receipt %s not stored: %s", opened.receipt.id, error)
    return opened


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
        return _put(open_receipt(desk, opened.receipt.id)) or opened
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


def decide(desk: Desk, opened: Opened, action: Action) -> bool:
    """Carry out what the operator decided, once. False when this was done already, in an earlier run."""
    click = (action["id"], action["attempt"])
    if click == st.session_state.get(_DONE):
        return False
    st.session_state[_DONE] = click
    try:
        _carry_out(desk, opened, action)
    except DocumentInvalid as error:
        opened.denied = _denial(desk, action, error)
    except ReceiptClosed:
        reopen(desk, opened)
    except (ReviewError, DatabaseError) as error:
        _deny(desk, opened, action, error)
    else:
        _leave(desk, opened, action)
    return True


def form_data(desk: Desk, opened: Opened) -> FormData:
    """All that the form is told."""
    return {
        "receipt_id": opened.receipt.id,
        "reading_id": opened.reading_id,
        "load": opened.load,
        "document": opened.document,
        "model": opened.model,
        "doubts": {} if opened.closed else opened.judged.worth_a_look(desk.t.plain),
        "lost": opened.judged.lost,
        "backup_key": opened.backup_key,
        "photo": opened.receipt.etag,
        "fresh": opened.fresh,
        "revision": opened.revision,
        "saved_ms": opened.saved_ms,
        "saved_client": opened.saved_client,
        "saved_operator": opened.saved_operator,
        "acked_seq": opened.acked_seq,
        "acked_at": opened.acked_at,
        "conflict": opened.conflict,
        "denied": opened.denied,
        "closed": st.session_state.get(_CLOSED, []),
        "categories": desk.t.categories(),
        "reasons": [{"value": code, "label": desk.t(text)} for code, text in REASONS.items()],
        "currencies": _currencies(opened),
        "readonly": opened.closed,
        "labels": form_labels(desk.t),
    }


def _currencies(opened: Opened) -> list[Currency]:
    own = [opened.document["currency"], *([opened.model["currency"]] if opened.model else [])]
    return [{"value": value, "decimals": decimals(value)} for value in dict.fromkeys([*CURRENCIES, *own])]


def _put(opened: Opened | None) -> Opened | None:
    # The address follows the desk, or a reload would bring back the receipt before.
    st.session_state[_OPENED] = opened
    if opened is not None:
        st.session_state[_LOADS] = {*st.session_state.get(_LOADS, ()), opened.load}
        st.query_params["receipt"] = str(opened.receipt.id)
    elif "receipt" in st.query_params:
        del st.query_params["receipt"]
    return opened


def _is_new(opened: Opened, draft: Draft) -> bool:
    """True for a text that was not stored yet, of this form or of one that a server before this one had filled."""
    if draft["receipt_id"] != opened.receipt.id:
        return False
    if draft["load"] == opened.load:
        return draft["seq"] > opened.acked_seq
    of_a_form_before = draft["load"] in st.session_state.get(_LOADS, ())
    stored = draft["client_id"] == opened.saved_client and draft["t"] <= opened.saved_ms
    return not of_a_form_before and not stored


def _same(row: ReceiptRow, opened: Opened) -> bool:
    return (row.extraction_id, row.etag) == (opened.newest_id, opened.receipt.etag)


def _save(desk: Desk, opened: Opened, draft: Draft) -> None:
    """Store a text and remember that it is stored. Raises as `save_draft` does."""
    mine, now = draft["load"] == opened.load, utc_now()
    opened.revision = queue.save_draft(
        desk.services.database,
        draft["receipt_id"],
        draft["document"],
        extraction_id=draft["reading_id"],
        operator=desk.operator,
        client_id=draft["client_id"],
        client_ms=draft["t"],
        now=now,
        seen_revision=opened.revision if mine else 0,
        same_browser=opened.unsure or not mine,
    )
    # The form may be mounted again, after a look at another page; then it is filled from here.
    opened.document, opened.typed, opened.unsure, opened.conflict = draft["document"], True, False, None
    opened.saved_ms, opened.saved_client, opened.saved_operator = draft["t"], draft["client_id"], desk.operator
    if mine:
        opened.acked_seq, opened.acked_at = draft["seq"], desk.t.clock(now)


def _carry_out(desk: Desk, opened: Opened, sent: Action) -> None:
    database, now = desk.services.database, utc_now()
    action = confirm.Action(sent["id"], sent["receipt_id"], sent["reading_id"], desk.operator, now, sent["photo"])
    if sent["kind"] == "confirm":
        confirm.confirm(database, action, from_form(sent["document"]))
    elif sent["kind"] == "reject":
        reason = sent["reason"]
        confirm.reject(database, action, reason["code"], reason["text"])
    else:
        _skip(desk, opened, sent)


def _skip(desk: Desk, opened: Opened, sent: Action) -> None:
    try:
        # What nobody typed is no draft: it would stand before every later reading.
        if sent["seq"] > (opened.acked_seq if sent["load"] == opened.load else 0):
            with suppress(DraftConflict):  # the text stays in the browser
                _save(desk, opened, sent)
        queue.postpone(desk.services.database, sent["receipt_id"], utc_now())
    except (ReceiptClosed, ReceiptNotFound) as error:
        # A receipt that somebody closed meanwhile can be left all the same.
        log.info("skipping receipt %s: %s", sent["receipt_id"], error)


def _leave(desk: Desk, opened: Opened, action: Action) -> None:
    kind, number = action["kind"], action["receipt_id"]
    done = {
        "confirm": mark("Receipt {number} confirmed."),
        "reject": mark("Receipt {number} rejected."),
        "skip": mark("Skipped."),
    }
    st.toast(desk.t(done[kind], number=number))
    if kind != "skip" and number == opened.receipt.id:
        st.session_state[_CLOSED] = [*st.session_state.get(_CLOSED, []), opened.backup_key][-20:]
    try:
        open_next(desk, skip=number)
    except DatabaseError:
        _put(None)


def _deny(desk: Desk, opened: Opened, action: Action, error: LedgerError) -> None:
    """Say why it was not done; with an outage it may have been done all the same, so the click stays the same one."""
    if action["load"] != opened.load:  # the form that sent it is gone, and with it the place for its denial
        opened.notices.append(desk.t.error(error))
        return
    opened.document, opened.typed = action["document"], True
    opened.denied = {
        "id": action["id"],
        "attempt": action["attempt"],
        "message": desk.t.error(error),
        "problems": [],
        "unsure": isinstance(error, DatabaseError),
    }


def _denial(desk: Desk, action: Action, error: DocumentInvalid) -> Denial:
    problems = error.fields["problems"]
    assert isinstance(problems, tuple)
    why = [Problem(field=each.field, why=desk.t.plain(each.sentence, value=each.value)) for each in problems]
    return {
        "id": action["id"],
        "attempt": action["attempt"],
        "message": why[0]["why"],
        "problems": why,
        "unsure": False,
    }
