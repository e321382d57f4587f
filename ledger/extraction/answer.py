"""What a model is asked to answer, and its answer made into a receipt. Pure.

The schema asks strictly, because then the service itself keeps the model to it. The answer is read permissively and
judged field by field afterwards: one price that is no number must not cost the forty lines around it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Final, TypeVar

from babel.numbers import is_currency
from pydantic import BaseModel, ValidationError

from ledger.errors import AnswerEmpty, AnswerNotJson, AnswerNotSchema
from ledger.extraction import reasons
from ledger.extraction.extractor import FieldProblem
from ledger.notes import Note
from ledger.receipt import UNREADABLE_NUMBER, UNREADABLE_TEXT, Category, LineItem, Receipt

_Value = TypeVar("_Value")

_ITEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "price": {"type": "integer"},
        "count": {"type": "integer"},
        "category": {"type": "string", "enum": [category.value for category in Category]},
    },
    "required": ["name", "price", "count", "category"],
    "additionalProperties": False,
}

ANSWER_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    # The model writes the fields in this order, so it names the currency before it counts amounts in its unit.
    "properties": {
        "date": {"type": "string"},
        "location": {"type": "string"},
        "currency": {"type": "string"},
        "items": {"type": "array", "items": _ITEM_SCHEMA},
        "total_amount": {"type": "integer"},
    },
    "required": ["date", "location", "currency", "items", "total_amount"],
    "additionalProperties": False,
}
"""JSON schema for strict structured output; it holds only keywords that this mode allows."""


def answer_schema(notes: Mapping[str, str] | None) -> dict[str, Any]:
    """The schema with what a prompt says of its fields; `items.name` is the name of each item."""
    schema = deepcopy(ANSWER_SCHEMA)
    for field, note in (notes or {}).items():
        within, _, name = field.rpartition(".")
        fields = schema["properties"][within]["items"]["properties"] if within else schema["properties"]
        fields[name]["description"] = note
    return schema


LONGEST_TEXT: Final = 255
"""Characters of the longest text that the contract's tables hold."""

_INT32: Final = range(-(2**31), 2**31)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"(?:₩|KRW)? ?([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)) ?(?:원|KRW)?")


class _WireItem(BaseModel):
    """An item's shape. Any value is let in; what it is worth is decided field by field."""

    name: Any = None
    price: Any = None
    count: Any = None
    category: Any = None


class _WireReceipt(BaseModel):
    """A receipt's shape. An answer without these fields is an answer to another question."""

    date: Any
    location: Any
    currency: Any = None
    items: list[_WireItem]
    total_amount: Any


def read_answer(text: str | None) -> tuple[Receipt, tuple[FieldProblem, ...]]:
    """The receipt in a model's answer, and every value in it that its field cannot hold.

    Raises AnswerEmpty, AnswerNotJson or AnswerNotSchema with the answer kept in `raw_answer`.
    """
    if text is None or not text.strip():
        raise AnswerEmpty(raw_answer=text)
    wire = _shape(text)
    judge = _Judge()
    receipt = Receipt(
        date=judge.take("date", wire.date, _date),
        location=judge.take("location", wire.location, _text),
        items=tuple(_item(judge, number, item) for number, item in enumerate(wire.items)),
        total_amount=judge.take("total_amount", wire.total_amount, _number),
        currency=judge.take("currency", wire.currency, _currency) or "KRW",
    )
    return receipt, tuple(judge.problems)


def _shape(text: str) -> _WireReceipt:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise AnswerNotJson(why=str(exc), raw_answer=text) from exc
    try:
        return _WireReceipt.model_validate(document)
    except ValidationError as exc:
        raise AnswerNotSchema(why=_first_fault(exc), raw_answer=text) from exc


def _first_fault(error: ValidationError) -> Note:
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    if not field:
        return Note(reasons.NO_OBJECT)
    return Note(reasons.NO_FIELD if first["type"] == "missing" else reasons.OTHER_KIND, {"field": field})


def _item(judge: _Judge, number: int, item: _WireItem) -> LineItem:
    path = f"items.{number}"
    return LineItem(
        name=judge.take(f"{path}.name", item.name, _text),
        price=judge.take(f"{path}.price", item.price, _number),
        count=judge.take(f"{path}.count", item.count, _number),
        category=judge.take(f"{path}.category", item.category, _category),
    )


class _Unusable(Exception):
    """A value that its field cannot hold, with the reason."""

    def __init__(self, sentence: str, **fields: str) -> None:
        super().__init__(sentence)
        self.why = Note(sentence, fields)


class _Judge:
    """Takes one value after the other and notes those that cannot be used."""

    def __init__(self) -> None:
        self.problems: list[FieldProblem] = []

    def take(self, field: str, value: object, read: Callable[[object], _Value]) -> _Value | None:
        """What `read` makes of the value; None where it is said to be unreadable or cannot be used."""
        if isinstance(value, str):
            value = _tidy(value)
        if value is None or value in (UNREADABLE_TEXT, UNREADABLE_NUMBER, str(UNREADABLE_NUMBER)):
            return None
        try:
            return read(value)
        except _Unusable as exc:
            shown = value if isinstance(value, str) else _tidy(json.dumps(value, ensure_ascii=False))
            self.problems.append(FieldProblem(field, shown, exc.why))
            return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Unusable(reasons.NOT_TEXT)
    if not value:
        raise _Unusable(reasons.BLANK_TEXT)
    if len(value) > LONGEST_TEXT:
        raise _Unusable(reasons.LONG_TEXT, limit=str(LONGEST_TEXT))
    return value


def _number(value: object) -> int:
    number = _whole(value)
    if number not in _INT32:
        raise _Unusable(reasons.LARGE_NUMBER)
    return number


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    # NFKC turns full-width digits, commas and the full-width won sign into the plain ones.
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", value)) if isinstance(value, str) else None
    if match is None:
        raise _Unusable(reasons.NOT_WHOLE)
    try:
        return int(match[1].replace(",", ""))
    except ValueError as exc:  # Python converts no more than some thousand digits
        raise _Unusable(reasons.LARGE_NUMBER) from exc


def _date(value: object) -> dt.date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise _Unusable(reasons.NOT_DATE)
    try:
        return dt.date.fromisoformat(value)
    except ValueError as exc:
        raise _Unusable(reasons.NO_SUCH_DATE) from exc


def _category(value: object) -> Category:
    if not isinstance(value, str) or value not in set(Category):
        raise _Unusable(reasons.NO_CATEGORY)
    return Category(value)


def _currency(value: object) -> str:
    if not isinstance(value, str) or not is_currency(value.upper()):
        raise _Unusable(reasons.NO_CURRENCY)
    return value.upper()


def _tidy(text: str) -> str:
    """NFC, spaces collapsed, and nothing that cannot be seen or cannot be stored."""
    return " ".join("".join(map(_visible, unicodedata.normalize("NFC", text))).split())


def _visible(character: str) -> str:
    # JSON may spell half of a surrogate pair (Cs), which no database accepts; control characters (Cc) separate words
    # at most, and format characters (Cf: zero width, direction marks) would make equal names differ.
    return {"Cs": "\N{REPLACEMENT CHARACTER}", "Cc": " ", "Cf": ""}.get(unicodedata.category(character), character)
