"""Decisions: what an operator confirms, rejects or skips is carried out, or said why not; then the next one comes."""

from __future__ import annotations

import datetime as dt
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
from ledger.review import confirm, queue
from ledger.review.document import from_form
from ledger.review.effort import clean_effort, clean_seconds
from ledger.ui import drafting, review_desk
from ledger.ui.components.review_form import Action, Denial, Problem
from ledger.ui.opened_receipt import Opened
from ledger.ui.shell import Desk
from ledger.ui.texts import mark

log = logging.getLogger(__name__)

_CLOSED: Final = "closed_here"
_DONE: Final = "last_action"


def closed_here() -> list[str]:
    """Backup keys of the receipts that this session has decided upon."""
    return list(st.session_state.get(_CLOSED, []))


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
        review_desk.reopen(desk, opened)
    except (ReviewError, DatabaseError) as error:
        _deny(desk, opened, action, error)
    else:
        _leave(desk, opened, action)
    return True


def _carry_out(desk: Desk, opened: Opened, sent: Action) -> None:
    database, now = desk.services.database, utc_now()
    action = confirm.Action(
        sent["id"],
        sent["receipt_id"],
        sent["reading_id"],
        desk.operator,
        now,
        sent["photo"],
        seconds=_seconds(opened, sent, now),
        effort=clean_effort(sent.get("effort")),
    )
    if sent["kind"] == "confirm":
        confirm.confirm(database, action, from_form(sent["document"]))
    elif sent["kind"] == "reject":
        reason = sent["reason"]
        confirm.reject(database, action, reason["code"], reason["text"])
    else:
        _skip(desk, opened, sent)


def _seconds(opened: Opened, sent: Action, now: dt.datetime) -> float | None:
    """From opening to decision; None for a receipt that this session opened before a restart or has left."""
    here = sent["receipt_id"] == opened.receipt.id
    return clean_seconds((now - opened.opened_at).total_seconds()) if here else None


def _skip(desk: Desk, opened: Opened, sent: Action) -> None:
    try:
        # What nobody typed is no draft: it would stand before every later reading.
        if sent["seq"] > (opened.acked_seq if sent["load"] == opened.load else 0):
            with suppress(DraftConflict):  # the text stays in the browser
                drafting.save(desk, opened, sent)
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
        st.session_state[_CLOSED] = [*closed_here(), opened.backup_key][-20:]
    try:
        review_desk.open_next(desk, skip=number)
    except DatabaseError:
        review_desk.put(None)


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
