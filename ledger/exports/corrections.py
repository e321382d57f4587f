"""The canonical stream: each correction as one flat line, which all other forms of a correction are made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from ledger.corrections.diff import Correction
from ledger.exports.masking import Masking
from ledger.exports.pictures import uri_of
from ledger.review.pairs import Pair

COLUMNS: Final = (
    "receipt_id",
    "image_sha256",
    "uri",
    "shop",
    "model",
    "prompt_version",
    "settings",
    "field_path",
    "op",
    "before",
    "after",
    "risk",
    "reviewer",
    "at",
    "review_id",
)


def correction_lines(pairs: Iterable[Pair], masking: Masking, field: str | None = None) -> Iterator[dict[str, Any]]:
    """A line for each correction, in the order of COLUMNS. Everything but ids, settings and risk is text or None.

    `before` and `after` are texts whatever their field holds, because readers of such files want one type a column.
    """
    for pair in pairs:
        head, tail = _of_reading(pair, masking), _of_decision(pair, masking)
        for correction in pair.corrections():
            if field in (None, correction.field):
                yield head | _of_field(pair, correction, masking) | tail


def field_path(correction: Correction) -> str:
    """Where in the receipt it is, as in `items.1.name`; a whole row is `items.1`."""
    if correction.item_index is None:
        return correction.field
    return f"items.{correction.item_index}{correction.field.removeprefix('item')}"


def _of_reading(pair: Pair, masking: Masking) -> dict[str, Any]:
    return {
        "receipt_id": pair.receipt_id,
        "image_sha256": pair.image_sha256,
        "uri": uri_of(pair),
        "shop": masking.shop(pair.shop),
        "model": pair.model,
        "prompt_version": pair.prompt_version,
        "settings": pair.settings,
    }


def _of_field(pair: Pair, correction: Correction, masking: Masking) -> dict[str, Any]:
    path = field_path(correction)
    doubt = ((pair.doubts or {}).get("fields") or {}).get(path) or {}
    return {
        "field_path": path,
        "op": _op(correction),
        "before": _text(masking.value(correction.model_value)),
        "after": _text(masking.value(correction.human_value)),
        "risk": doubt.get("risk"),
    }


def _of_decision(pair: Pair, masking: Masking) -> dict[str, Any]:
    return {"reviewer": masking.reviewer(pair.operator), "at": pair.at.isoformat(), "review_id": pair.review_id}


def _op(correction: Correction) -> str:
    if correction.field != "item":
        return "substitute"
    return "add" if correction.model_value is None else "remove"


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return None if value is None else str(value)
