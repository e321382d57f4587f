"""A receipt as it is laid on an operator's desk: what the form begins with, and what is to be known before starting."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from ledger.clock import utc_now
from ledger.notes import Note
from ledger.receipt import OPEN_STATUSES, Receipt
from ledger.review import queue
from ledger.review.confirm import confirmed_receipt
from ledger.review.document import FormDocument, to_form
from ledger.review.shop_items import KnownName, similar_names
from ledger.tables import ReceiptRow
from ledger.ui.components.form_messages import Asking, Conflict, Denial
from ledger.ui.judged import Judged
from ledger.ui.shell import Desk
from ledger.ui.texts import mark, stored_words


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody else's claim on the receipt, or nobody's where this opening lost its own and it is free since."""

    operator: str
    until: dt.datetime | None
    """When it ends unless it is renewed; None when nobody holds the receipt."""
    same_person: bool
    """The operator's own opening elsewhere: it may be gone on with here."""


@dataclass(slots=True)
class Opened:
    """What a session keeps of the receipt on the desk. It outlives an outage of the database."""

    receipt: ReceiptRow
    reading_id: int | None
    """Reading that `model` shows and that corrections are computed against."""
    origin_id: int | None
    """Reading that the text began from; None when it was typed by hand."""
    newest_id: int | None
    """Newest reading when the desk last looked."""
    document: FormDocument
    model: FormDocument | None
    reader: str
    notices: list[str]
    judged: Judged
    """What is known of the reading that `model` shows."""
    outdated: str = ""
    """Why the text may be older than what was read, to be translated; empty when it is not."""
    revision: int = 0
    """Revision of the stored draft that this form stands on; 0 when there is none."""
    saved_ms: int = 0
    saved_client: str = ""
    saved_operator: str = ""
    typed: bool = False
    """True when there is a text of a person, stored or not."""
    unsure: bool = False
    """True when a draft was sent to the database and no answer came: it may be stored."""
    fresh: bool = False
    """True when an earlier text was put aside on purpose: the browser drops its backup of it."""
    opened_at: dt.datetime = field(default_factory=utc_now)
    load: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Names this opening: to the form that it fills, and to the database as the token of its claim."""
    version: int = 0
    """The receipt's version under this opening's claim; 0 when it never held one."""
    holder: Holder | None = None
    """Who holds the receipt instead of this opening."""
    left: bool = False
    """True while another page is looked at, and nobody holds the receipt."""
    acked_seq: int = 0
    acked_at: str = ""
    denied: Denial | None = None
    asking: Asking | None = None
    conflict: Conflict | None = None
    language: str = ""
    """The language of what is said here in sentences."""
    similar: dict[str, list[KnownName]] = field(default_factory=dict)
    """For item names of the reading, those of the same shop that they may be a slip of."""

    def claim_on(self, receipt_id: int) -> tuple[str, int] | tuple[None, None]:
        """Token and version for what a form sends; a form of another receipt was filled before a restart."""
        return (self.load, self.version) if receipt_id == self.receipt.id else (None, None)

    @property
    def closed(self) -> bool:
        """True when there is nothing left to decide."""
        return self.receipt.status not in OPEN_STATUSES

    @property
    def backup_key(self) -> str:
        """Names this photo in every browser: a receipt's number is another photo's in another database."""
        return f"{self.receipt.object_hash}:{self.receipt.etag}"

    @property
    def superseded(self) -> bool:
        """True when a reading waits that this text did not begin from."""
        return self.typed and not self.closed and self.newest_id not in (None, self.origin_id)


def open_receipt(desk: Desk, receipt_id: int) -> Opened:
    """What the form begins with: the document as confirmed, else the draft, else what the model read, else nothing."""
    found = queue.open_receipt(desk.services.database, receipt_id)
    opened = _begin(desk, found)
    if found.review is not None and found.review.document is not None:
        opened.document = to_form(confirmed_receipt(found.review), found.review.note)
    elif found.draft is not None:
        _take_up(opened, found)
    elif found.reading is not None and not opened.closed:
        opened.outdated = outdated(found, found.reading.id, found.reading.etag)
    opened.similar = _similar(desk, opened)
    return opened


def tell_again(desk: Desk, opened: Opened) -> None:
    """Say what is known of the receipt in the language that the desk has by now."""
    found = queue.open_receipt(desk.services.database, opened.receipt.id)
    opened.notices, opened.reader = _notices(desk, found), _reader(desk, found)
    opened.language = desk.t.language


def look_again(desk: Desk, opened: Opened) -> None:
    """Say what became of the photo and its reading while somebody types; the text stays as it is."""
    found = queue.open_receipt(desk.services.database, opened.receipt.id)
    sentence = outdated(found, opened.newest_id, opened.receipt.etag)
    if found.row.etag != opened.receipt.etag or not opened.outdated:
        opened.outdated = sentence
    opened.receipt, opened.notices = found.row, _notices(desk, found)
    opened.newest_id = found.reading.id if found.reading else None


def outdated(found: queue.OpenReceipt, seen_id: int | None, seen_etag: str | None) -> str:
    """Why a text that began from this reading of this photo is not of the newest, to be translated; else empty."""
    if seen_etag is not None and seen_etag != found.row.etag:
        return mark("The photo was replaced after this text was written. Compare the text with the photo.")
    if found.reading is not None and found.reading.id != seen_id:
        return mark("The photo was read again after this text was written.")
    return ""


def _begin(desk: Desk, found: queue.OpenReceipt) -> Opened:
    model = to_form(found.model) if found.model else None
    reading_id = found.reading.id if found.reading else None
    document = model or to_form(Receipt())
    return Opened(
        found.row,
        reading_id,
        reading_id,
        reading_id,
        document,
        model,
        _reader(desk, found),
        _notices(desk, found),
        Judged.of(found.reading),
        language=desk.t.language,
    )


def _take_up(opened: Opened, found: queue.OpenReceipt) -> None:
    """Go on with the draft, beside the reading that it began from."""
    draft, origin = found.draft, found.origin
    assert draft is not None
    opened.document, opened.typed, opened.origin_id = _as_form(draft.document), True, draft.extraction_id
    opened.revision, opened.saved_ms = draft.revision, draft.client_ms
    opened.saved_client, opened.saved_operator = draft.client_id, draft.operator
    opened.outdated = outdated(found, draft.extraction_id, origin.etag if origin else None)
    if origin is None or origin.etag == found.row.etag:  # the reading of another photo says nothing about this one
        opened.reading_id, opened.judged = draft.extraction_id, Judged.of(origin)
        opened.model = to_form(Receipt.model_validate(origin.document)) if origin and origin.document else None


def _as_form(document: dict[str, object]) -> FormDocument:
    # Stored as the form sent it, shown as the form sent it. A form of an earlier version had no note.
    return {"note": "", **document}  # type: ignore[typeddict-item]  # a draft of before may lack keys


def _similar(desk: Desk, opened: Opened) -> dict[str, list[KnownName]]:
    """The shop is the one that is typed or was read, or another reading of it: its name may be misread too."""
    if opened.closed or opened.model is None:
        return {}
    others = [other.text for other in opened.judged.alternatives.get("location", ())]
    places = [opened.document["location"], opened.model["location"], *others]
    return similar_names(desk.services.database, places, [item["name"] for item in opened.model["items"]])


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
    if found.row.status not in OPEN_STATUSES:
        notices.append(_decision(desk, found))
    if found.failure is not None:
        run = found.failure
        notices.append(t.stored_error(run.error_class, run.error_message, run.error_fields or {}))
    if found.model is not None and found.model.is_blank:
        notices.append(t("No receipt was found in this picture. Reject it, or type what you see."))
    if found.reading is not None:
        notices += [t.note(Note(**note)) for note in found.reading.notes or []]
        notices += [_problem(desk, problem) for problem in found.reading.problems or []]
    return notices


def _decision(desk: Desk, found: queue.OpenReceipt) -> str:
    """Who decided about a closed receipt, and when."""
    t, status = desk.t, desk.t.status(found.row.status)
    if found.review is None:
        return t("This receipt is already {status}. It is shown, not changed.", status=status)
    return t(
        "{operator} decided at {time}: {status}. The receipt is shown, not changed.",
        operator=found.review.operator,
        time=t.time(found.review.created_at),
        status=status,
    )


def _problem(desk: Desk, problem: dict[str, Any]) -> str:
    return desk.t(
        "The model's value for {field} was left out: '{value}'. {why}",
        field=desk.t.plain.field(problem["field"]),
        value=problem["value"],
        why=stored_words(problem["why"]),
    )
