"""The receipt on an operator's desk: opened, drafted, decided. Between the Review page and the review stage."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from ledger.errors import DatabaseError, DocumentInvalid, LedgerError, ReviewError
from ledger.extraction.pipeline import utc_now
from ledger.receipt import OPEN_STATUSES, Receipt, ReceiptStatus, from_contract
from ledger.review import confirm, queue
from ledger.review.document import FormDocument, decimals, from_form, to_form
from ledger.tables import ReceiptRow
from ledger.ui.components.review_form import Action, Denial, Draft, FormData
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


@dataclass(slots=True)
class Opened:
    """What a session keeps of the receipt on the desk. It outlives an outage of the database."""

    receipt: ReceiptRow
    reading_id: int | None
    document: FormDocument
    model: FormDocument | None
    saved_ms: int
    reader: str
    notices: list[str]
    load: str = field(default_factory=lambda: uuid.uuid4().hex)
    acked_seq: int = 0
    acked_at: str = ""
    denied: Denial | None = None

    @property
    def closed(self) -> bool:
        """True when there is nothing left to decide."""
        return self.receipt.status not in OPEN_STATUSES


def current(desk: Desk) -> Opened | None:
    """The receipt on the desk: the one in the address, else the one already open, else the next of the queue."""
    opened: Opened | None = st.session_state.get(_OPENED)
    asked = st.query_params.get("receipt", "")
    if asked.isdecimal() and (opened is None or opened.receipt.id != int(asked)):
        return _put(_open(desk, int(asked)))
    return opened or open_next(desk)


def open_next(desk: Desk, skip: int | None = None) -> Opened | None:
    """Put the next receipt of the queue on the desk; None when nothing waits."""
    found = queue.next_receipts(desk.services.database, 1, skip)
    return _put(_open(desk, found[0].id) if found else None)


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
        opened.denied = {"id": action["id"], "message": desk.t.error(error), "problems": []}
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


def _open(desk: Desk, receipt_id: int) -> Opened:
    found = queue.open_receipt(desk.services.database, receipt_id)
    model = to_form(found.model) if found.model else None
    reading_id = found.reading.id if found.reading else None
    document, saved_ms = model or to_form(Receipt()), 0
    if found.draft is not None:
        document, saved_ms = _as_form(found.draft.document), found.draft.client_ms
    if found.review is not None and found.review.document is not None:
        contract = dict(found.review.document)
        document = to_form(from_contract(contract, contract.pop("currency")))
    return Opened(found.row, reading_id, document, model, saved_ms, _reader(desk, found), _notices(desk, found))


def _as_form(document: dict[str, object]) -> FormDocument:
    return document  # type: ignore[return-value]  # stored as the form sent it, shown as the form sent it


def _reader(desk: Desk, found: queue.OpenReceipt) -> str:
    if found.reading is None:
        return desk.t("not read")
    parts = [found.reading.model, f"{found.reading.latency_ms / 1000:.1f} s"]
    if found.reading.temperature is not None:
        parts.insert(1, f"T {found.reading.temperature:g}")
    return " · ".join(parts)


def _notices(desk: Desk, found: queue.OpenReceipt) -> list[str]:
    """What an operator should know before starting, in sentences."""
    t, notices = desk.t, []
    if found.row.status in (ReceiptStatus.CONFIRMED, ReceiptStatus.REJECTED):
        notices.append(
            t("This receipt is already {status}. It is shown, not changed.", status=t.status(found.row.status))
        )
    if found.failure is not None:
        run = found.failure
        notices.append(t.stored_error(run.error_class, run.error_message, run.error_fields or {}))
    if found.model is not None and found.model.is_blank:
        notices.append(t("No receipt was found in this picture. Reject it, or type what you see."))
    if found.reading is not None:
        notices += [_note(desk, **note) for note in found.reading.notes or []]
        notices += [_problem(desk, problem) for problem in found.reading.problems or []]
    return notices


def _note(desk: Desk, sentence: str, fields: dict[str, str]) -> str:
    return desk.t(sentence).format(**fields)


def _problem(desk: Desk, problem: dict[str, str]) -> str:
    field = desk.t.field(problem["field"])
    return desk.t("The model's value for {field} was left out: {value}", field=field, value=problem["value"])


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
    why = [{"field": problem.field, "why": desk.t(problem.sentence, value=problem.value)} for problem in problems]
    return {"id": action["id"], "message": why[0]["why"], "problems": why}  # type: ignore[typeddict-item]
