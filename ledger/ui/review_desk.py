"""The receipt on an operator's desk: opened, drafted, decided. Between the Review page and the review stage."""

from __future__ import annotations

import logging
from typing import Final

import streamlit as st

from ledger.errors import DatabaseError, DocumentInvalid, LedgerError, ReviewError
from ledger.extraction.pipeline import utc_now
from ledger.review import confirm, queue
from ledger.review.document import decimals, from_form
from ledger.ui.components.review_form import Action, Denial, Draft, FormData
from ledger.ui.opened_receipt import Opened, open_receipt
from ledger.ui.photos import photo_url
from ledger.ui.shell import Desk
from ledger.ui.texts import form_labels, mark

log = logging.getLogger(__name__)

_OPENED: Final = "opened"
_CLOSED: Final = "closed_here"
_DONE: Final = "last_action"

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
    if asked.isdecimal() and (opened is None or opened.receipt.id != int(asked)):
        return _put(open_receipt(desk, int(asked)))
    return opened or open_next(desk)


def open_next(desk: Desk, skip: int | None = None) -> Opened | None:
    """Put the next receipt of the queue on the desk; None when nothing waits."""
    found = queue.next_receipts(desk.services.database, 1, skip)
    return _put(open_receipt(desk, found[0].id) if found else None)


def preload_urls(desk: Desk, opened: Opened) -> list[str]:
    """Photos that come next, so that they are there before they are asked for."""
    try:
        return [photo_url(row) for row in queue.next_receipts(desk.services.database, 2, opened.receipt.id)]
    except DatabaseError:
        return []


def keep_draft(desk: Desk, opened: Opened, draft: Draft | None) -> None:
    """Store what was typed. While that is not possible the browser keeps it, and says so."""
    if draft is None or draft["receipt_id"] != opened.receipt.id or draft["t"] <= opened.saved_ms or opened.closed:
        return
    try:
        _save(desk, draft)
    except LedgerError as error:
        log.warning("draft of receipt %s not stored: %s", opened.receipt.id, error)
        return
    opened.saved_ms = draft["t"]
    if draft["load"] == opened.load:
        # The form may be mounted again, after a look at another page; then it is filled from here.
        opened.document = draft["document"]
        opened.acked_seq, opened.acked_at = draft["seq"], desk.t.clock(utc_now())


def decide(desk: Desk, opened: Opened, action: Action) -> bool:
    """Carry out what the operator decided, once. False when the form has to show why it was not done."""
    if action["id"] == st.session_state.get(_DONE):
        return False
    st.session_state[_DONE] = action["id"]
    try:
        _carry_out(desk, action)
    except DocumentInvalid as error:
        opened.denied = _denial(desk, action, error)
        return True
    except (ReviewError, DatabaseError) as error:
        opened.denied = {"id": action["id"], "message": desk.t.plain.error(error), "problems": []}
        return True
    _leave(desk, action)
    return True


def form_data(desk: Desk, opened: Opened) -> FormData:
    """All that the form is told."""
    currency = opened.document["currency"]
    return {
        "receipt_id": opened.receipt.id,
        "reading_id": opened.reading_id,
        "load": opened.load,
        "document": opened.document,
        "model": opened.model,
        "saved_ms": opened.saved_ms,
        "acked_seq": opened.acked_seq,
        "acked_at": opened.acked_at,
        "denied": opened.denied,
        "closed": st.session_state.get(_CLOSED, []),
        "categories": desk.t.categories(),
        "reasons": [{"value": code, "label": desk.t(text)} for code, text in REASONS.items()],
        "currency": currency,
        "decimals": decimals(currency),
        "readonly": opened.closed,
        "labels": form_labels(desk.t),
    }


def _put(opened: Opened | None) -> Opened | None:
    # The address follows the desk, or a reload would bring back the receipt before.
    st.session_state[_OPENED] = opened
    if opened is not None:
        st.query_params["receipt"] = str(opened.receipt.id)
    elif "receipt" in st.query_params:
        del st.query_params["receipt"]
    return opened


def _save(desk: Desk, draft: Draft) -> None:
    queue.save_draft(
        desk.services.database,
        draft["receipt_id"],
        draft["document"],
        extraction_id=draft["reading_id"],
        operator=desk.operator,
        client_ms=draft["t"],
        now=utc_now(),
    )


def _carry_out(desk: Desk, sent: Action) -> None:
    database, now = desk.services.database, utc_now()
    action = confirm.Action(sent["id"], sent["receipt_id"], sent["reading_id"], desk.operator, now)
    if sent["kind"] == "confirm":
        confirm.confirm(database, action, from_form(sent["document"]))
    elif sent["kind"] == "reject":
        reason = sent["reason"]
        confirm.reject(database, action, reason["code"], reason["text"])
    else:
        _skip(desk, sent)


def _skip(desk: Desk, sent: Action) -> None:
    try:
        _save(desk, sent)
        queue.postpone(desk.services.database, sent["receipt_id"], utc_now())
    except ReviewError as error:
        # A receipt that somebody closed meanwhile can be left all the same.
        log.info("skipping receipt %s: %s", sent["receipt_id"], error)


def _leave(desk: Desk, action: Action) -> None:
    kind, number = action["kind"], action["receipt_id"]
    done = {
        "confirm": mark("Receipt {number} confirmed."),
        "reject": mark("Receipt {number} rejected."),
        "skip": mark("Skipped."),
    }
    st.toast(desk.t(done[kind], number=number))
    if kind != "skip":
        st.session_state[_CLOSED] = [*st.session_state.get(_CLOSED, []), number][-20:]
    try:
        open_next(desk, skip=number)
    except DatabaseError:
        _put(None)


def _denial(desk: Desk, action: Action, error: DocumentInvalid) -> Denial:
    problems = error.fields["problems"]
    assert isinstance(problems, tuple)
    why = [{"field": problem.field, "why": desk.t.plain(problem.sentence, value=problem.value)} for problem in problems]
    return {"id": action["id"], "message": why[0]["why"], "problems": why}  # type: ignore[typeddict-item]
