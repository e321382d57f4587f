"""The review form's document: every value as the text that stands in its input, and back to a receipt. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypedDict, TypeVar

from ledger.errors import DocumentInvalid
from ledger.money import decimals, format_amount
from ledger.receipt import Category, LineItem, Receipt
from ledger.review.numbers import plain, read_number

MAX_TEXT: Final = 255
"""Longest name and place, in characters: the ledger's columns are VARCHAR(255)."""
MAX_NOTE: Final = 500
"""Longest note, in characters: the column `review.note`."""
MAX_AMOUNT: Final = 2**31 - 1
"""Largest amount: the ledger's columns are 32-bit INT."""
MAX_COUNT: Final = 9_999
CURRENCIES: Final = ("KRW", "USD", "JPY", "EUR", "CNY", "MYR", "SGD")
"""What an operator may choose, the usual first; a reading's own is offered too."""

_DATE: Final = re.compile(r"(\d{4})[-./년](\d{1,2})[-./월](\d{1,2})[일.]?|(\d{4})(\d{2})(\d{2})", re.ASCII)
"""Without separators only eight digits are a date: "2024111" could be two days, and "202411" is a month."""
_FIRST_YEAR: Final = 1900


class FormItem(TypedDict):
    """One row of the form, as typed."""

    name: str
    count: str
    price: str
    category: str


class FormDocument(TypedDict):
    """The whole form, as typed."""

    date: str
    location: str
    total_amount: str
    currency: str
    items: list[FormItem]
    note: str
    """The operator's note on the receipt: kept with the decision, not part of the receipt."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one field cannot be confirmed. `field` is a path as in `items.2.price`; `sentence` is filled by `value`."""

    field: str
    sentence: str
    value: str = ""


NO_DATE: Final = "The date is missing. Type it as YYYY-MM-DD."
BAD_DATE: Final = "{value!r} is no date. Type it as YYYY-MM-DD."
NO_NAME: Final = "The item has no name. Type it, or delete the row."
NO_PRICE: Final = "The item has no amount. Type it, or delete the row."
BAD_AMOUNT: Final = "{value!r} is no amount. Type digits only."
AMOUNT_TOO_LARGE: Final = "{value!r} is larger than an amount can be."
BAD_COUNT: Final = "{value!r} is no count. Type a whole number from 1 to 9,999."
BAD_CATEGORY: Final = "{value!r} is no category. Choose one of the list."
TEXT_TOO_LONG: Final = "The text is longer than 255 characters. Shorten it."
NOTE_TOO_LONG: Final = "The note is longer than 500 characters. Shorten it."

Value = TypeVar("Value")


def to_form(receipt: Receipt, note: str | None = None) -> FormDocument:
    """The receipt as the form shows it, with an operator's note; what is unreadable is an empty input."""
    return {
        "date": receipt.date.isoformat() if receipt.date else "",
        "location": receipt.location or "",
        "total_amount": format_amount(receipt.total_amount, receipt.currency),
        "currency": receipt.currency,
        "items": [_item_to_form(item, receipt.currency) for item in receipt.items],
        "note": note or "",
    }


def from_form(document: Mapping[str, Any]) -> Receipt:
    """The receipt a person means to confirm. Empty rows are dropped; a missing count is 1, a missing category other.

    Raises DocumentInvalid, whose field `problems` names every field at once.
    """
    currency = str(document.get("currency") or "KRW").upper()
    form = _Form(currency)
    receipt = Receipt(
        date=form.read("date", parse_date, document),
        location=form.read("location", parse_text, document),
        total_amount=form.read("total_amount", form.amount, document),
        items=tuple(form.item(f"items.{i}", row) for i, row in enumerate(document.get("items") or []) if _filled(row)),
        currency=currency,
    )
    form.read("note", parse_note, document)
    if form.problems:
        first = form.problems[0]
        raise DocumentInvalid(problems=tuple(form.problems), summary=first.sentence.format(value=first.value))
    return receipt


def parse_date(text: str) -> dt.date:
    """A day. Raises FieldRefused."""
    if not text:
        raise FieldRefused(NO_DATE)
    match = _DATE.fullmatch(plain(text))
    if match is None:
        raise FieldRefused(BAD_DATE, text)
    try:
        day = dt.date(*(int(part) for part in match.groups() if part is not None))
    except ValueError as exc:
        raise FieldRefused(BAD_DATE, text) from exc
    if day.year < _FIRST_YEAR:
        raise FieldRefused(BAD_DATE, text)
    return day


def parse_text(text: str) -> str | None:
    """A name or place, NFC and with single spaces; None when there is none. Raises FieldRefused."""
    clean = _tidied(text)
    if len(clean) > MAX_TEXT:
        raise FieldRefused(TEXT_TOO_LONG)
    return clean or None


def parse_note(text: str) -> str | None:
    """An operator's note; None when there is none. Raises FieldRefused."""
    clean = _tidied(text)
    if len(clean) > MAX_NOTE:
        raise FieldRefused(NOTE_TOO_LONG)
    return clean or None


def parse_name(text: str) -> str:
    """An item's name. Raises FieldRefused."""
    name = parse_text(text)
    if name is None:
        raise FieldRefused(NO_NAME)
    return name


def parse_amount(text: str, currency: str) -> int | None:
    """An amount in the currency's smallest unit; None when there is none. Raises FieldRefused."""
    if not text.strip():
        return None
    amount = read_number(text, decimals(currency), currency)
    if amount is None:
        raise FieldRefused(BAD_AMOUNT, text)
    if abs(amount) > MAX_AMOUNT:
        raise FieldRefused(AMOUNT_TOO_LARGE, text)
    return amount


def parse_count(text: str) -> int:
    """Pieces; one when nothing is said. Raises FieldRefused."""
    if not text.strip():
        return 1
    count = read_number(text)
    if count is None or not 1 <= count <= MAX_COUNT:
        raise FieldRefused(BAD_COUNT, text)
    return count


def parse_category(text: str) -> Category:
    """A category; `other` when none is said. Raises FieldRefused."""
    if text and text not in tuple(Category):
        raise FieldRefused(BAD_CATEGORY, text)
    return Category(text or Category.OTHER)


class FieldRefused(ValueError):
    """One value that its field cannot hold: a sentence of this module and the value that fills it."""

    def __init__(self, sentence: str, value: str = "") -> None:
        super().__init__(sentence.format(value=value))
        self.sentence = sentence
        self.value = value


class _Form:
    """Reads fields one by one and remembers what was refused, so that a person sees everything at once."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.problems: list[Problem] = []

    def read(self, path: str, parse: Callable[[str], Value], row: Mapping[str, Any]) -> Value | None:
        value = row.get(path.rpartition(".")[2])
        try:
            return parse("" if value is None else str(value).strip())
        except FieldRefused as refused:
            self.problems.append(Problem(path, refused.sentence, refused.value))
            return None

    def amount(self, text: str) -> int | None:
        return parse_amount(text, self.currency)

    def price(self, text: str) -> int:
        amount = self.amount(text)
        if amount is None:
            raise FieldRefused(NO_PRICE)
        return amount

    def item(self, path: str, row: Mapping[str, Any]) -> LineItem:
        return LineItem(
            name=self.read(f"{path}.name", parse_name, row),
            price=self.read(f"{path}.price", self.price, row),
            count=self.read(f"{path}.count", parse_count, row),
            category=self.read(f"{path}.category", parse_category, row),
        )


def _filled(row: Mapping[str, Any]) -> bool:
    return any(str(row.get(name) or "").strip() for name in ("name", "count", "price"))


def _item_to_form(item: LineItem, currency: str) -> FormItem:
    return {
        "name": item.name or "",
        "count": "" if item.count is None else str(item.count),
        "price": format_amount(item.price, currency),
        "category": item.category or "",
    }


def _tidied(text: str) -> str:
    return " ".join("".join(map(_storable, unicodedata.normalize("NFC", text))).split())


def _storable(character: str) -> str:
    # A browser can send half of a surrogate pair (Cs), which no database takes; control characters (Cc) are not seen.
    return {"Cs": "\N{REPLACEMENT CHARACTER}", "Cc": " "}.get(unicodedata.category(character), character)
