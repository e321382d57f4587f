"""What the screens say, in Korean and English: texts, dates and amounts as each language writes them."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Final

from babel.dates import format_date, format_datetime, format_time, get_timezone
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from ledger.errors import LedgerError, error_classes
from ledger.receipt import Category, ReceiptStatus
from ledger.review.document import decimals
from ledger.ui.components import photo_viewer, review_form
from ledger.ui.components.review_form import Choice

LANGUAGES: Final = {"ko": "한국어", "en": "English"}
ZONE: Final = "Asia/Seoul"
"""Where the operators work; times are stored in UTC and shown in this zone."""

_CATALOGS: Final = Path(__file__).parent / "locale"


def mark(text: str) -> str:
    """The text as it is. Put around a literal that is translated later, so that the extractor of texts finds it."""
    return text


STATUSES: Final = {
    ReceiptStatus.PENDING: mark("waiting to be read"),
    ReceiptStatus.EXTRACTED: mark("ready for review"),
    ReceiptStatus.FAILED: mark("failed"),
    ReceiptStatus.IN_REVIEW: mark("in review"),
    ReceiptStatus.CONFIRMED: mark("confirmed"),
    ReceiptStatus.REJECTED: mark("rejected"),
}
FIELDS: Final = {
    "date": mark("Date"),
    "location": mark("Location"),
    "total_amount": mark("Total"),
    "currency": mark("Currency"),
    "name": mark("Item"),
    "price": mark("Price"),
    "count": mark("Count"),
    "category": mark("Category"),
}
CATEGORIES: Final = {
    Category.FOOD: mark("Food"),
    Category.GROOMING: mark("Grooming"),
    Category.MEDICAL: mark("Medical"),
    Category.LEISURE: mark("Leisure"),
    Category.SUPPLIES: mark("Supplies"),
    Category.OTHER: mark("Other"),
}


class Texts:
    """Translates the English of the code. A text without translation is shown in English rather than not at all."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalog = _catalog(language)

    def __call__(self, text: str, **fields: object) -> str:
        """The text in this language, its {blanks} filled."""
        found = self._catalog.get(text) or text
        return found.format(**fields) if fields else found

    def error(self, error: LedgerError) -> str:
        """The sentence of an error."""
        fields = {name: self._blank(name, value) for name, value in error.fields.items()}
        return self(type(error).sentence).format(**fields)

    def _blank(self, name: str, value: object) -> object:
        return self.status(value) if name == "status" and isinstance(value, ReceiptStatus) else value

    def stored_error(self, error_class: str | None, message: str | None, fields: dict[str, str]) -> str:
        """The sentence of an error stored with a reading; the stored English one if its blanks changed since."""
        known = error_classes().get(error_class or "")
        try:
            return self(known.sentence).format(**fields) if known else message or ""
        except (KeyError, IndexError):
            return message or ""

    def status(self, status: str) -> str:
        """A receipt's status."""
        return self(STATUSES[ReceiptStatus(status)])

    def field(self, path: str) -> str:
        """A field's name from its path: `items.2.price` is the price of the third row."""
        name = self(FIELDS[path.rpartition(".")[2]])
        row = path.split(".")[1] if path.startswith("items.") else ""
        return self("{field}, row {row}", field=name, row=int(row) + 1) if row else name

    def category(self, value: object) -> str:
        """A category."""
        return self(CATEGORIES[Category(str(value))])

    def categories(self) -> list[Choice]:
        """The categories as a list to choose from."""
        return [{"value": value.value, "label": self.category(value)} for value in CATEGORIES]

    def clock(self, moment: dt.datetime) -> str:
        """The time of day to the second, in the operators' zone."""
        return format_time(moment, format="HH:mm:ss", tzinfo=get_timezone(ZONE), locale=self.language)

    def date(self, day: dt.date) -> str:
        """A day, short."""
        return format_date(day, format="medium", locale=self.language)

    def time(self, moment: dt.datetime) -> str:
        """A moment to the minute, in the operators' zone."""
        pattern = "yy. M. d. HH:mm" if self.language == "ko" else "MMM d, HH:mm"
        return format_datetime(moment, pattern, tzinfo=get_timezone(ZONE), locale=self.language)

    def number(self, value: int) -> str:
        """A count with separators."""
        return format_decimal(value, locale=self.language)

    def money(self, amount: int | None, currency: str) -> str:
        """An amount given in the currency's smallest unit; a dash when it is unreadable."""
        if amount is None or amount == -1:
            return "—"
        return format_currency(amount / 10 ** decimals(currency), currency, locale=self.language)


def form_labels(t: Texts) -> dict[str, str]:
    """The review form's texts."""
    return {key: t(text) for key, text in review_form.LABELS.items()}


def viewer_labels(t: Texts) -> dict[str, str]:
    """The photo viewer's texts."""
    return {key: t(text) for key, text in photo_viewer.LABELS.items()}


@cache
def _catalog(language: str) -> dict[str, str]:
    path = _CATALOGS / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id and message.string}
