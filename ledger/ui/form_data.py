"""What the review form is told: the document, what is doubted of it, and what can be chosen."""

from __future__ import annotations

from typing import Final

from ledger.money import decimals
from ledger.review.document import CURRENCIES
from ledger.ui.components.review_form import Currency, FormData
from ledger.ui.deciding import closed_here
from ledger.ui.opened_receipt import Opened
from ledger.ui.shell import Desk
from ledger.ui.texts import form_labels, mark

REASONS: Final = {
    "not_a_receipt": mark("Not a receipt"),
    "unreadable": mark("Unreadable"),
    "duplicate": mark("Duplicate"),
    "other": mark("Other"),
}


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
        "closed": closed_here(),
        "categories": desk.t.categories(),
        "reasons": [{"value": code, "label": desk.t(text)} for code, text in REASONS.items()],
        "currencies": _currencies(opened),
        "readonly": opened.closed,
        "labels": form_labels(desk.t),
    }


def _currencies(opened: Opened) -> list[Currency]:
    own = [opened.document["currency"], *([opened.model["currency"]] if opened.model else [])]
    return [{"value": value, "decimals": decimals(value)} for value in dict.fromkeys([*CURRENCIES, *own])]
