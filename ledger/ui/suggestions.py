"""What may stand in a field instead of what was read: names of the same shop, and what else the model had in mind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from ledger.extraction.confidence.likelihood import Alternative
from ledger.money import format_amount
from ledger.receipt import UNREADABLE_NUMBER, UNREADABLE_TEXT, Category
from ledger.review.shop_items import KnownName
from ledger.ui.components.form_messages import Suggestion
from ledger.ui.opened_receipt import Opened
from ledger.ui.texts import Texts, mark

MOST: Final = 4
"""Suggestions of one field: two more keys are left for what would balance the sum."""
WORTH_OFFERING: Final = 0.03
"""Probability from which on a model's other value is offered. A starting value."""
_SHOP_SAYS: Final = mark("“{name}” was confirmed in this shop before, {count} times.")


def suggestions(t: Texts, opened: Opened) -> dict[str, list[Suggestion]]:
    """By path in the reading, the likeliest first; nothing for a receipt that is closed."""
    if opened.closed:
        return {}
    found: dict[str, list[Suggestion]] = {}
    for path, value, why in (*_of_the_shop(t, opened), *_of_the_model(t, opened)):
        mine = found.setdefault(path, [])
        same = next((one for one in mine if one["value"] == value), None)
        if same is not None:
            same["why"] += f" · {why}"
        elif len(mine) < MOST:
            mine.append({"value": value, "why": why})
    return found


def doubts(t: Texts, opened: Opened) -> dict[str, list[str]]:
    """Why values may be wrong: what was judged when the receipt was read, and what its shop says to it today."""
    if opened.closed:
        return {}
    found = opened.judged.worth_a_look(t)
    for path, known in _similar(opened):
        found[path] = [t(_SHOP_SAYS, name=known[0].name, count=known[0].times), *found.get(path, ())]
    return found


def _similar(opened: Opened) -> Iterator[tuple[str, list[KnownName]]]:
    items = opened.model["items"] if opened.model else []
    for index, item in enumerate(items):
        if known := opened.similar.get(item["name"]):
            yield f"items.{index}.name", known


def _of_the_shop(t: Texts, opened: Opened) -> Iterator[tuple[str, str, str]]:
    for path, known in _similar(opened):
        for one in known[:MOST]:
            yield path, one.name, t("Confirmed here {count} times", count=one.times)


def _of_the_model(t: Texts, opened: Opened) -> Iterator[tuple[str, str, str]]:
    currency = opened.model["currency"] if opened.model else ""
    for path, others in opened.judged.alternatives.items():
        for one in others:
            value = _as_typed(path, one, currency)
            if value and one.probability >= WORTH_OFFERING:
                yield path, value, t("The model: {percent} %", percent=f"{100 * one.probability:.0f}")


def _as_typed(path: str, other: Alternative, currency: str) -> str:
    """The text for the field's input; empty for what cannot stand there."""
    text, field = other.text, path.rpartition(".")[2]
    if field in ("name", "location"):
        return "" if text == UNREADABLE_TEXT else text
    if field == "date":
        return text if _is_day(text) else ""
    if field == "category":
        return text if text in set(Category) else ""
    return _number(field, text, currency)


def _number(field: str, text: str, currency: str) -> str:
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdecimal():
        return ""
    number = int(text)
    if field == "count":
        return str(number) if number > 0 else ""
    is_amount = field in ("price", "total_amount") and number != UNREADABLE_NUMBER
    return format_amount(number, currency) if is_amount else ""


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
