"""What a person says stands on a receipt, as it is written in a file: a receipt, or why it is none. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from babel.numbers import is_currency
from pydantic import ValidationError

from ledger.notes import Note
from ledger.receipt import LineItem, Receipt, readable
from ledger.review.document import MAX_AMOUNT, MAX_TEXT

NOT_JSON: Final = "{file} is no JSON object in UTF-8."
LACKS: Final = "{file} has no {fields}."
PARTIAL: Final = (
    "{file} has no {fields}. The truth of a receipt is date, location, items and total_amount; without its items"
    " it could not be scored."
)
HAS_MORE: Final = "{file} has {fields}, which nothing here is called."
UNFIT: Final = "In {file} the value of {field} cannot be used: {value}."
SENTENCES: Final = (NOT_JSON, LACKS, PARTIAL, HAS_MORE, UNFIT)

_FIELDS: Final = ("date", "location", "items", "total_amount")
_ITEM_FIELDS: Final = tuple(LineItem.model_fields)
_LONGEST_SHOWN: Final = 80
"""Characters of a value in a sentence."""


class BadTruth(Exception):
    """No truth, with the reason."""

    def __init__(self, sentence: str, **fields: str) -> None:
        super().__init__(sentence)
        self.why = Note(sentence, fields)


def json_object(data: bytes, file: str) -> dict[str, Any]:
    """The object in these bytes. Raises BadTruth."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
        json.dumps(document, ensure_ascii=False).encode()  # escapes may spell what no text holds
    except (ValueError, RecursionError) as exc:  # of the former kind are bad UTF-8, bad JSON, and endless digits
        raise BadTruth(NOT_JSON, file=file) from exc
    if not isinstance(document, dict):
        raise BadTruth(NOT_JSON, file=file)
    return document


def need_fields(
    document: Mapping[str, Any], file: str, needed: Sequence[str], others: Sequence[str] = (), lacks: str = LACKS
) -> None:
    """Raises BadTruth where a field is missing, or one is there that nothing is called."""
    if missing := [field for field in needed if field not in document]:
        raise BadTruth(lacks, file=file, fields=", ".join(missing))
    if more := sorted(set(document) - {*needed, *others}):
        raise BadTruth(HAS_MORE, file=file, fields=", ".join(more))


def contract_truth(document: Mapping[str, Any], file: str) -> Receipt:
    """The receipt in a contract's JSON, in which unreadable is said, or null. Raises BadTruth."""
    _need_shape(document, file)
    items = [{name: readable(value) for name, value in item.items()} for item in document["items"]]
    others = {name: readable(value) for name, value in document.items() if name != "items"}
    return own_truth(others | {"items": items}, file)


def own_truth(document: Mapping[str, Any], file: str) -> Receipt:
    """The receipt in our own JSON, in which unreadable is null. Raises BadTruth."""
    _need_shape(document, file)
    try:
        # Strictly: "13500" is no amount. As JSON, which is strict about values and not about tuples and dates.
        receipt = Receipt.model_validate_json(json.dumps(document), strict=True)
    except ValidationError as exc:
        field = ".".join(str(part) for part in exc.errors()[0]["loc"]) or "JSON"
        raise BadTruth(UNFIT, file=file, field=field, value=_shown(_at(document, field))) from exc
    for field, value in _unfit(receipt):
        raise BadTruth(UNFIT, file=file, field=field, value=_shown(value))
    return receipt


def _need_shape(document: Mapping[str, Any], file: str) -> None:
    need_fields(document, file, _FIELDS, ["currency"], PARTIAL)
    if not isinstance(document["items"], list):
        raise BadTruth(UNFIT, file=file, field="items", value=_shown(document["items"]))
    for number, item in enumerate(document["items"]):
        if not isinstance(item, dict):
            raise BadTruth(UNFIT, file=file, field=f"items.{number}", value=_shown(item))
        need_fields(item, f"{file} (items.{number})", _ITEM_FIELDS)


def _unfit(receipt: Receipt) -> Iterator[tuple[str, object]]:
    """Values that no reading and no confirmed receipt could have."""
    texts: dict[str, str | None] = {"location": receipt.location}
    numbers: dict[str, int | None] = {"total_amount": receipt.total_amount}
    for number, item in enumerate(receipt.items):
        texts[f"items.{number}.name"] = item.name
        numbers |= {f"items.{number}.price": item.price, f"items.{number}.count": item.count}
    yield from ((field, text) for field, text in texts.items() if text is not None and not 0 < len(text) <= MAX_TEXT)
    yield from ((field, value) for field, value in numbers.items() if value is not None and abs(value) > MAX_AMOUNT)
    if not is_currency(receipt.currency):
        yield "currency", receipt.currency


def _at(document: Any, field: str) -> object:
    for part in field.split("."):
        try:
            document = document[int(part)] if isinstance(document, list) else document[part]
        except (LookupError, TypeError, ValueError):
            break
    return document


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()[:_LONGEST_SHOWN]
