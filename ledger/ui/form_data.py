"""What the review form is told: the document, what is doubted of it, and what can be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from ledger.clock import utc_now
from ledger.money import decimals
from ledger.receipt import Category
from ledger.review.document import CURRENCIES
from ledger.review.postponing import usual_times
from ledger.ui.components.form_messages import Choice, Currency, FormData, ReceiptData, Spellings
from ledger.ui.deciding import answered, closed_here
from ledger.ui.holder import claim_data, holder_data
from ledger.ui.opened_receipt import Opened
from ledger.ui.shell import Desk
from ledger.ui.suggestions import doubts, suggestions
from ledger.ui.texts import LANGUAGES, ZONE, Texts, form_labels, mark

REASONS: Final = {
    "not_a_receipt": mark("Not a receipt"),
    "unreadable": mark("Unreadable"),
    "duplicate": mark("Duplicate"),
    "other": mark("Other"),
}
OVERRIDE_REASONS: Final = {
    "as_printed": mark("As printed on the receipt"),
    "discount": mark("A discount or a tax is not listed"),
    "other": mark("Other"),
}
TIMES: Final = {
    "hour": mark("In an hour"),
    "afternoon": mark("This afternoon at 14:00"),
    "tomorrow": mark("Tomorrow at 09:00"),
    "monday": mark("Next Monday at 09:00"),
}
_COLUMNS: Final = ("name", "count", "price", "category")
_OTHER_HEADINGS: Final = {
    "name": ("name", "description", "품명", "상품명", "이름"),
    "count": ("qty", "quantity", "개수"),
    "price": ("amount", "가격"),
}
"""What spreadsheets call the columns besides our own words."""


def form_data(desk: Desk, opened: Opened) -> FormData:
    """All that the form is told."""
    return {
        **receipt_data(desk, opened),
        "answered": answered(),
        "closed": closed_here(),
        "categories": desk.t.categories(),
        "reasons": _choices(desk, REASONS),
        "override_reasons": _choices(desk, OVERRIDE_REASONS),
        "postpone": _times(desk),
        "spellings": spellings(),
        "labels": form_labels(desk.t),
    }


def receipt_data(desk: Desk, opened: Opened) -> ReceiptData:
    """What the form is told of one receipt."""
    return {
        "receipt_id": opened.receipt.id,
        "reading_id": opened.reading_id,
        "load": opened.load,
        "document": opened.document,
        "model": opened.model,
        "doubts": doubts(desk.t.plain, opened),
        "suggestions": suggestions(desk.t.plain, opened),
        "lost": opened.judged.lost,
        "discount": opened.judged.discount,
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
        "asking": opened.asking,
        "currencies": _currencies(opened),
        "readonly": opened.closed or opened.holder is not None,
        "claim": claim_data(opened),
        "holder": holder_data(desk, opened),
    }


@cache
def spellings() -> Spellings:
    """How a cell of a spreadsheet may name a category or head a column, in every language."""
    columns = {other: column for column, others in _OTHER_HEADINGS.items() for other in others}
    categories = {category.value: category.value for category in Category}
    for language in LANGUAGES:
        t = Texts(language)
        columns |= {t.field(column).lower(): column for column in _COLUMNS}
        categories |= {t.category(category).lower(): category.value for category in Category}
    return {"categories": categories, "columns": columns}


def _choices(desk: Desk, texts: Mapping[str, str]) -> list[Choice]:
    return [{"value": code, "label": desk.t.plain(text)} for code, text in texts.items()]


def _times(desk: Desk) -> list[Choice]:
    usual = usual_times(utc_now(), ZoneInfo(ZONE))
    return [*_choices(desk, {code: TIMES[code] for code in usual}), {"value": "at", "label": desk.t("At another time")}]


def _currencies(opened: Opened) -> list[Currency]:
    own = [opened.document["currency"], *([opened.model["currency"]] if opened.model else [])]
    return [{"value": value, "decimals": decimals(value)} for value in dict.fromkeys([*CURRENCIES, *own])]
