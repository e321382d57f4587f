"""Decisions: what an operator confirms, rejects or skips is carried out, or said why not; then the next one comes."""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import suppress
from zoneinfo import ZoneInfo

import streamlit as st

from ledger.checks import Finding
from ledger.clock import utc_now
from ledger.errors import (
    ClaimLost,
    DatabaseError,
    DocumentInvalid,
    DraftConflict,
    LedgerError,
    ReceiptClosed,
    ReceiptNotFound,
    ReviewError,
)
from ledger.receipt import Receipt
from ledger.review import confirm, queue
from ledger.review.asking import digest, warnings
from ledger.review.document import from_form, parse_note
from ledger.review.effort import clean_effort, clean_seconds
from ledger.review.postponing import moment
from ledger.ui import drafting, review_desk, undoing
from ledger.ui.components.form_messages import Action, Denial, Problem
from ledger.ui.opened_receipt import Opened
from ledger.ui.shell import Desk
from ledger.ui.texts import ZONE, mark
from ledger.ui.work import work

log = logging.getLogger(__name__)


class Unanswered(Exception):
    """Something on the receipt has to be asked about before it is confirmed."""

    def __init__(self, found: tuple[Finding, ...]) -> None:
        super().__init__(found)
        self.found = found


def closed_here() -> list[str]:
    """Backup keys of the receipts that this session has decided upon."""
    return work().closed


def answered() -> str:
    """The last decision that this session has carried out or refused, as the form names it; empty before the first."""
    return ":".join(str(part) for part in work().answered or ())


def decide(desk: Desk, opened: Opened, action: Action) -> bool:
    """Carry out what the operator decided, once. False when this was done already, in an earlier run."""
    click = (action["id"], action["attempt"])
    if click == work().done:
        return False
    work().done = click
    try:
        _carry_out(desk, opened, action)
    except DocumentInvalid as error:
        opened.denied = _denial(desk, action, error)
    except Unanswered as error:
        _ask(desk, opened, action, error.found)
    except ReceiptClosed:
        review_desk.reopen(desk, opened)
    except (ReviewError, DatabaseError) as error:
        _deny(desk, opened, action, error)
    else:
        _leave(desk, opened, action, click)
    work().answered = click
    return True


def _carry_out(desk: Desk, opened: Opened, sent: Action) -> None:
    database, now = desk.services.database, utc_now()
    token, version = opened.claim_on(sent["receipt_id"])
    action = confirm.Action(
        sent["id"],
        sent["receipt_id"],
        sent["reading_id"],
        desk.operator,
        now,
        sent["photo"],
        token,
        version,
        seconds=_seconds(opened, sent, now),
        effort=clean_effort(sent.get("effort")),
    )
    if sent["kind"] == "confirm":
        receipt = from_form(sent["document"])
        undoing.remember(confirm.confirm(database, action, receipt, _remarks(opened, receipt, sent, now)))
    elif sent["kind"] == "reject":
        reason = sent["reason"]
        with suppress(ReceiptClosed):  # by this same click, perhaps, of which no answer came
            _keep_text(desk, opened, sent)
        undoing.remember(confirm.reject(database, action, reason["code"], reason["text"]))
    elif sent["kind"] == "postpone":
        _postpone(desk, opened, sent, now)
    elif sent["kind"] == "undo":
        with suppress(ReceiptClosed, ReceiptNotFound):
            _keep_text(desk, opened, sent)
        undoing.undo_last(desk)
    else:
        _skip(desk, opened, sent)


def _remarks(opened: Opened, receipt: Receipt, sent: Action, now: dt.datetime) -> confirm.Remarks:
    """What was said beside the receipt. Raises Unanswered when there are warnings that the reason does not answer."""
    note = parse_note(sent["document"].get("note", ""))
    discount = opened.judged.discount if opened.receipt.id == sent["receipt_id"] else 0
    found = warnings(receipt, now.astimezone(ZoneInfo(ZONE)).date(), discount)
    reason = sent.get("reason")
    if found and (reason is None or sent.get("about") != digest(found)):
        raise Unanswered(found)
    if not found or reason is None:
        return confirm.Remarks(note)
    return confirm.Remarks(note, tuple(one.note for one in found), reason["code"], reason["text"])


def _ask(desk: Desk, opened: Opened, action: Action, found: tuple[Finding, ...]) -> None:
    """Tell the form what is worth asking; it comes back with a reason, or the operator mends it."""
    if action["load"] != opened.load:
        opened.notices += [desk.t.note(one.note) for one in found]
        return
    told = [Problem(field=one.fields[0], why=desk.t.plain.note(one.note)) for one in found]
    opened.document, opened.typed = action["document"], True
    opened.asking = {"id": action["id"], "attempt": action["attempt"], "about": digest(found), "warnings": told}


def _seconds(opened: Opened, sent: Action, now: dt.datetime) -> float | None:
    """From opening to decision; None for a receipt that this session opened before a restart or has left."""
    here = sent["receipt_id"] == opened.receipt.id
    return clean_seconds((now - opened.opened_at).total_seconds()) if here else None


def _keep_text(desk: Desk, opened: Opened, sent: Action) -> None:
    # What nobody typed is no draft: it would stand before every later reading.
    if sent["seq"] > (opened.acked_seq if sent["load"] == opened.load else 0):
        with suppress(ClaimLost, DraftConflict):  # the text stays in the browser
            drafting.save(desk, opened, sent)


def _skip(desk: Desk, opened: Opened, sent: Action) -> None:
    try:
        _keep_text(desk, opened, sent)
        token, _ = opened.claim_on(sent["receipt_id"])
        queue.skip(desk.services.database, sent["receipt_id"], desk.operator, utc_now(), token=token)
    except (ReceiptClosed, ReceiptNotFound) as error:
        # A receipt that somebody closed meanwhile can be left all the same.
        log.info("skipping receipt %s: %s", sent["receipt_id"], error)


def _postpone(desk: Desk, opened: Opened, sent: Action, now: dt.datetime) -> None:
    until = moment(sent["until"], now, ZoneInfo(ZONE))
    _keep_text(desk, opened, sent)
    token, _ = opened.claim_on(sent["receipt_id"])
    queue.postpone(desk.services.database, sent["receipt_id"], until, desk.operator, now, token=token)


def _leave(desk: Desk, opened: Opened, action: Action, click: tuple[str, int]) -> None:
    """Go on to the next receipt. What the session must know of the decision comes first, see `work`."""
    kind, number = action["kind"], action["receipt_id"]
    if kind == "undo":
        return
    decided = kind in ("confirm", "reject")
    if decided and number == opened.receipt.id:
        work().close(opened.backup_key)
    work().answered = click
    if number != opened.receipt.id:  # decided upon once more, of which the answer was lost: the next one is here
        return
    work().opened, work().left = None, number
    try:
        review_desk.open_next(desk, skip=number)
    except DatabaseError:
        review_desk.put(None)
    done = {
        "confirm": mark("Receipt {number} confirmed."),
        "reject": mark("Receipt {number} rejected."),
        "skip": mark("Skipped."),
        "postpone": mark("Receipt {number} postponed."),
    }
    st.toast(" ".join([desk.t(done[kind], number=number), *([desk.t("Alt+Z undoes it.")] if decided else [])]))


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
