"""Two receipts side by side: values are compared, not how they are written, and only words that differ are marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from typing import Any, Final, TypeVar

from ledger.corrections.diff import align
from ledger.receipt import LineItem
from ledger.review.document import FieldRefused, parse_amount, parse_count, parse_date
from ledger.ui.plain_table import text
from ledger.ui.texts import Texts

NOTHING: Final = "—"

Value = TypeVar("Value")


def compared(left: Mapping[str, Any], right: Mapping[str, Any], t: Texts) -> list[list[str]]:
    """The rows of a table in HTML: name of the field, and what both say. An item stands beside the one it is like."""
    rows = [
        [t("Date"), *marked(_date(left), _date(right))],
        [t("Location"), *marked(left["location"], right["location"])],
        [t("Total"), *marked(_amount(left, left["total_amount"], t), _amount(right, right["total_amount"], t))],
    ]
    label = t("Items")
    for i, j in align(_items(left), _items(right)):
        cells = _pair(_item(left, i, t), _item(right, j, t))
        rows.append([label, *cells])
        label = ""
    return rows


def marked(left: str, right: str) -> tuple[str, str]:
    """Both texts in HTML, with the words that differ marked."""
    words = (left or NOTHING).split(), (right or NOTHING).split()
    sides: tuple[list[str], list[str]] = ([], [])
    for kind, *ends in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        for side, found, start, end in zip(sides, words, ends[::2], ends[1::2], strict=True):
            if piece := text(" ".join(found[start:end])):
                side.append(piece if kind == "equal" else f'<span class="differs">{piece}</span>')
    return " ".join(sides[0]), " ".join(sides[1])


def _pair(left: tuple[str, ...] | None, right: tuple[str, ...] | None) -> tuple[str, str]:
    """Two lines of a receipt, part by part: a name never stands for an amount."""
    if left is None or right is None:
        return marked(" ".join(left or ()), " ".join(right or ()))
    parts = [marked(*both) for both in zip(left, right, strict=True)]
    return " ".join(part[0] for part in parts), " ".join(part[1] for part in parts)


def _date(document: Mapping[str, Any]) -> str:
    return str(_read(document["date"], parse_date))


def _item(document: Mapping[str, Any], index: int | None, t: Texts) -> tuple[str, ...] | None:
    if index is None:
        return None
    item = document["items"][index]
    return item["name"], f"× {_read(item['count'], parse_count)}", _amount(document, item["price"], t)


def _amount(document: Mapping[str, Any], typed: str, t: Texts) -> str:
    found = _read(typed, lambda one: parse_amount(one, document["currency"]))
    return found if isinstance(found, str) else t.money(found, document["currency"])


def _items(document: Mapping[str, Any]) -> tuple[LineItem, ...]:
    return tuple(
        LineItem(
            name=item["name"].strip() or None,
            price=_number(_read(item["price"], lambda one: parse_amount(one, document["currency"]))),
            count=_number(_read(item["count"], parse_count)),
            category=None,
        )
        for item in document["items"]
    )


def _number(found: object) -> int | None:
    return found if isinstance(found, int) else None


def _read(typed: str, parse: Callable[[str], Value]) -> Value | str:
    """The value that is meant, or else what is typed."""
    try:
        return parse(typed.strip())
    except FieldRefused:
        return typed
