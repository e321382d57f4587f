"""A receipt as it is laid on an operator's desk: what the form begins with, and what is to be known before starting."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from ledger.receipt import OPEN_STATUSES, Receipt, ReceiptStatus, from_contract
from ledger.review import queue
from ledger.review.document import FormDocument, to_form
from ledger.tables import ReceiptRow
from ledger.ui.components.review_form import Denial
from ledger.ui.shell import Desk


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


def open_receipt(desk: Desk, receipt_id: int) -> Opened:
    """What the form begins with: the document as confirmed, else the draft, else what the model read, else nothing."""
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
    return desk.t(sentence, **fields)


def _problem(desk: Desk, problem: dict[str, str]) -> str:
    field = desk.t.field(problem["field"])
    return desk.t("The model's value for {field} was left out: {value}", field=field, value=problem["value"])
