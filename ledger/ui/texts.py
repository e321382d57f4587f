"""What the screens say, in Korean and English: texts, dates and amounts as each language writes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final, Literal

from babel.dates import format_date, format_datetime, format_skeleton, format_time, format_timedelta, get_timezone
from babel.messages.pofile import read_po
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
)

from ledger.errors import LedgerError, error_classes
from ledger.money import decimals
from ledger.notes import Note
from ledger.receipt import Category, ReceiptStatus
from ledger.ui.components import photo_viewer, receipt_list, review_form
from ledger.ui.components.form_messages import Choice

LANGUAGES: Final = {"ko": "한국어", "en": "English"}
ZONE: Final = "Asia/Seoul"
"""Where the operators work; times are stored in UTC and shown in this zone."""

_CATALOGS: Final = Path(__file__).parent / "locale"


_LONGEST: Final = 80
"""Characters of one value that a sentence shows: a long file name fits."""
_LONGEST_WHY: Final = 500
"""Characters of a reason, which is a sentence itself."""

_NUMBER: Final = "|".join(rf"(?<=^\d{{{digits}}})" for digits in range(1, 10))
"""After the number of a list's point, which has at most nine digits."""
_SYNTAX: Final = re.compile(rf"[\\`*_\[\]<>$~&|]|^[-+#=]+(?=\s|$)|(?:{_NUMBER})[.)](?=\s|$)")
"""What Markdown reads as more than a character; some signs only where a line begins."""
_ADDRESSES: Final = re.compile(r"(?<=:)(?=\S)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Inside icons, colours, emoji and addresses, which Streamlit also finds where all signs are escaped."""
_JOINER: Final = "\N{WORD JOINER}"
"""Seen by nobody, and keeps apart what stands on its sides."""


def markdown_text(value: object) -> str:
    """A value as it has to be written where Markdown is read, so that people see its characters and nothing else.

    A photo's name and a model's answer come from outside: as Markdown they could show a picture or a link of theirs.
    """
    text = " ".join(str(value).split())  # a line of its own could be a heading or a list
    return _ADDRESSES.sub(_JOINER, _SYNTAX.sub(r"\\\g<0>", text))


class _Markdown(Formatter):
    """Fills blanks with values that Markdown leaves as they are."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return markdown_text(super().format_field(value, format_spec))


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
    """Translates the English of the code. A text without translation is shown in English rather than not at all.

    What fills a blank is written for Markdown, which almost everything of Streamlit reads; `plain` is for the rest.
    """

    def __init__(self, language: str, formatter: Formatter | None = None) -> None:
        self.language = language
        self._catalog = _catalog(language)
        self._formatter = formatter or _Markdown()

    @property
    def plain(self) -> Texts:
        """The same texts for tables and for our own components, which show characters as they are."""
        return Texts(self.language, Formatter())

    def __call__(self, text: str, /, **fields: object) -> str:
        """The text in this language, its {blanks} filled, each with the beginning and the end of a long value.

        A note in a blank is said in this language too.
        """
        found = self._catalog.get(text) or text
        shown = {name: _shortened(name, self._words(value)) for name, value in fields.items()}
        return self._formatter.vformat(found, (), shown) if fields else found

    def error(self, error: LedgerError) -> str:
        """The sentence of an error."""
        fields = {name: self._blank(name, value) for name, value in error.fields.items()}
        return self(type(error).sentence, **fields)

    def note(self, note: Note) -> str:
        """A note in this language."""
        return self(note.sentence, **note.fields)

    def _words(self, value: object) -> object:
        # Plain, because the blank that it fills is written for Markdown as a whole.
        return self.plain.note(value) if isinstance(value, Note) else value

    def _blank(self, name: str, value: object) -> object:
        return self.status(value) if name == "status" and isinstance(value, ReceiptStatus) else value

    def stored_error(self, error_class: str | None, message: str | None, fields: Mapping[str, Any]) -> str:
        """The sentence of an error stored with a reading; the stored English one if its blanks changed since."""
        known = error_classes().get(error_class or "")
        if known is not None:
            try:
                return self(known.sentence, **{name: stored_words(value) for name, value in fields.items()})
            except (KeyError, IndexError):
                pass
        return self("{why}", why=message or "")

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

    def short_day(self, moment: dt.datetime) -> str:
        """The day in the operators' zone, without its year."""
        return format_skeleton("MMMd", moment, tzinfo=get_timezone(ZONE), locale=self.language)

    def month(self, month: dt.date) -> str:
        """A month with its year."""
        return format_skeleton("yMMMM", month, locale=self.language)

    def long_day(self, day: dt.date) -> str:
        """A day with its weekday, without its year."""
        return format_skeleton("MMMMEEEEd", day, locale=self.language)

    def weekday(self, day: dt.date, width: Literal["abbreviated", "wide"]) -> str:
        """The name of its weekday."""
        return format_date(day, "EEE" if width == "abbreviated" else "EEEE", locale=self.language)

    def hour(self, moment: dt.datetime) -> str:
        """The time of day to the minute, in the operators' zone."""
        return format_time(moment, format="HH:mm", tzinfo=get_timezone(ZONE), locale=self.language)

    def duration(self, length: dt.timedelta) -> str:
        """How long something takes, in its largest unit of which there is more than one."""
        return format_timedelta(length, threshold=1.5, locale=self.language)

    def tenths(self, value: float) -> str:
        """A measured number with one digit after the point."""
        return format_decimal(value, format="#,##0.0", locale=self.language)

    def hundredths(self, value: float) -> str:
        """A measured number with two digits after the point."""
        return format_decimal(value, format="#,##0.00", locale=self.language)

    def percent(self, share: float) -> str:
        """A share of one, in whole hundredths."""
        return format_percent(share, locale=self.language)

    def dollars(self, microusd: int) -> str:
        """An amount in US dollars, given in millionths; below a dollar with parts of a cent, as one reading costs."""
        amount = Decimal(microusd) / 1_000_000
        digits = "¤#,##0.00##" if amount < 1 else "¤#,##0.00"
        return format_currency(amount, "USD", digits, locale=self.language, currency_digits=False)

    def number(self, value: int) -> str:
        """A count with separators."""
        return format_decimal(value, locale=self.language)

    def short_money(self, amount: int, currency: str) -> str:
        """An amount where there is room for a few characters: 13.1만, 131.2K; won have no sign there, others do."""
        value = amount / 10 ** decimals(currency)
        if currency == "KRW":
            return format_compact_decimal(value, locale=self.language, fraction_digits=1)
        return format_compact_currency(value, currency, locale=self.language, fraction_digits=1)

    def money(self, amount: int | None, currency: str) -> str:
        """An amount given in the currency's smallest unit; a dash when it is unreadable."""
        if amount is None or amount == -1:
            return "—"
        return format_currency(amount / 10 ** decimals(currency), currency, locale=self.language)


def stored_words(stored: str | Mapping[str, Any]) -> str | Note:
    """What fills a blank, as it was stored: words of ours are a sentence with its own blanks."""
    return stored if isinstance(stored, str) else Note(**stored)


def _shortened(name: str, value: object) -> object:
    longest = _LONGEST_WHY if name == "why" else _LONGEST
    if not isinstance(value, str) or len(value) <= longest:
        return value
    half = longest // 2  # the name of a photo stands at the end of its key
    return f"{value[:half]}…{value[1 - half :]}"


def form_labels(t: Texts) -> dict[str, str]:
    """The review form's texts."""
    return {key: t(text) for key, text in review_form.LABELS.items()}


def list_labels(t: Texts) -> dict[str, str]:
    """The texts of the list of receipts."""
    return {key: t(text) for key, text in receipt_list.LABELS.items()}


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
