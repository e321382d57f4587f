"""Examples of what was read wrong: which receipt, both values, and where that stands on the photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ledger.review.pairs import Pair

MOST: Final = 5
"""Examples that are kept of one thing."""


@dataclass(frozen=True, slots=True)
class Example:
    """One place of one receipt where it was read so."""

    receipt_id: int
    extraction_id: int
    field: str
    """As corrections name it: location, item.name; `item` for a whole row."""
    item_index: int | None
    """Item in the reading, from 0; in the confirmed list for a row that was not read."""
    read: Any
    right: Any
    quad: list[list[int]] | None
    """Corners on the upright picture, as the reading's places tell them; None where the place was not found."""


def example(pair: Pair, field: str, item_index: int | None, read: Any, right: Any) -> Example:
    """What an example keeps of a pair."""
    quad = _quad(pair.places, field, item_index) if read is not None else None
    return Example(pair.receipt_id, pair.extraction_id, field, item_index, read, right, quad)


def _quad(places: dict[str, Any] | None, field: str, index: int | None) -> list[list[int]] | None:
    """Where a value stands. A whole row is known by its name, or else its amount; so is what no place was found of."""
    found = (places or {}).get("fields", {})
    if index is None:
        paths = [field]
    else:
        paths = [f"items.{index}.{name}" for name in (field.partition(".")[2], "name", "price") if name]
    return next((quad for path in paths if (quad := found.get(path)) is not None), None)
