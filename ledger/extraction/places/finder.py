"""Ties each field of a reading to its place on the photo, by what OCR saw there. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ledger.extraction.look import Look, Quad
from ledger.extraction.places.day import place_date
from ledger.extraction.places.items import place_items
from ledger.extraction.places.lines import Line, Spot, lines_of, place_of
from ledger.extraction.places.location import place_location
from ledger.extraction.places.total import place_total
from ledger.receipt import Receipt

PLACED: Final = ("name", "price", "count")
"""Fields of an item that stand on paper; category and currency are concluded, not read."""


def places_of(receipt: Receipt, look: Look) -> dict[str, Quad | None]:
    """The place of every value that can have one, by its path as in `items.2.price`; None where it was not found.

    What was not readable is not searched and not there. The receipt may be anyone's reading of the photo that was
    looked at: GPT-4o's or the offline engine's own.
    """
    lines = lines_of(look)
    return {path: place_of(found, lines) for path, found in spots_of(receipt, lines).items()}


def spots_of(receipt: Receipt, lines: Sequence[Line]) -> dict[str, tuple[Spot, ...]]:
    """The pieces of lines in which each value was found; none for a value that was not."""
    items = place_items(receipt.items, lines)
    prices = {spot for item in items for spot in item.price}
    spots: dict[str, tuple[Spot, ...]] = {
        "date": place_date(receipt.date, lines),
        "location": place_location(receipt.location, lines),
        "total_amount": place_total(receipt.total_amount, lines, prices),
    }
    searched = {path: found for path, found in spots.items() if getattr(receipt, path) is not None}
    for index, (item, found) in enumerate(zip(receipt.items, items, strict=True)):
        read = [field for field in PLACED if getattr(item, field) is not None]
        searched |= {f"items.{index}.{field}": getattr(found, field) for field in read}
    return searched


def as_json(places: Mapping[str, Quad | None], look: Look) -> dict[str, Any]:
    """The places as they are stored with a run: corners in whole pixels of the upright picture, its size and turn."""
    fields = {path: [[round(x), round(y)] for x, y in quad] if quad else None for path, quad in places.items()}
    return {"size": [look.width, look.height], "quarter_turns": look.quarter_turns, "fields": fields}
