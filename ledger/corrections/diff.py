"""What a person changed: model receipt -> human receipt, as a list of corrections. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ledger.corrections.hangul import differences
from ledger.receipt import LineItem, Receipt

HEADER_FIELDS: Final = ("date", "location", "total_amount", "currency")
ITEM_FIELDS: Final = ("name", "price", "count", "category")
FIELDS: Final = (*HEADER_FIELDS, "item", *(f"item.{name}" for name in ITEM_FIELDS))
"""What a correction may be of; `item` is a whole row that was added or removed."""

_NAME_WEIGHT: Final = 0.6
_PRICE_WEIGHT: Final = 0.25
_COUNT_WEIGHT: Final = 0.1
_CATEGORY_WEIGHT: Final = 0.05
"""How much of an item each field is when two items are compared. The name says most; the price is the best second
witness when the name was misread."""
_UNMATCHED: Final = 0.7
"""Cost of leaving an item without a partner. A row whose name alone was retyped (0.6) is still the same row; one that
shares neither name nor price (0.85) is another."""
_UNREADABLE: Final = 0.5
"""How much of a difference it is when one side is unreadable: no witness for the same row, and none against it. A row
of which only the amount was readable stays the same row when the rest is typed (0.375)."""
_POSITION: Final = 0.001
"""Cost per place moved: settles ties between identical rows in the order of the receipt, and nothing else."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One field: what the model read and what a person confirmed. A whole item is the field `item`."""

    field: str
    model_value: Any
    human_value: Any
    item_index: int | None = None
    """Item in the model's list, from 0; in the human's list for an added item."""


def corrections(model: Receipt, human: Receipt) -> list[Correction]:
    """All corrections, header first, then items in the order of the receipt."""
    before, after = model.model_dump(mode="json"), human.model_dump(mode="json")
    header = [Correction(name, before[name], after[name]) for name in HEADER_FIELDS if before[name] != after[name]]
    return header + _item_corrections(model.items, human.items)


def align(model: tuple[LineItem, ...], human: tuple[LineItem, ...]) -> list[tuple[int | None, int | None]]:
    """Pairs (index in model, index in human) of minimum total cost; None where an item was removed or added.

    The matrix has a place of its own for every item to stay unmatched, so that a removed first row is one removal.
    """
    rows, columns = len(model), len(human)
    cost = np.full((rows + columns, rows + columns), _UNMATCHED)
    cost[rows:, columns:] = 0
    moved = np.abs(np.arange(rows)[:, None] - np.arange(columns))
    cost[:rows, :columns] = 2 * _item_differences(model, human) + _POSITION * moved
    pairs = zip(*linear_sum_assignment(cost), strict=True)
    found = [(int(i) if i < rows else None, int(j) if j < columns else None) for i, j in pairs]
    return sorted((pair for pair in found if pair != (None, None)), key=_receipt_order)


def changed_fields(model: LineItem, human: LineItem, item_index: int | None) -> list[Correction]:
    """Corrections within one item."""
    before, after = model.model_dump(mode="json"), human.model_dump(mode="json")
    return [
        Correction(f"item.{name}", before[name], after[name], item_index)
        for name in ITEM_FIELDS
        if before[name] != after[name]
    ]


def _item_corrections(model: tuple[LineItem, ...], human: tuple[LineItem, ...]) -> list[Correction]:
    found: list[Correction] = []
    for i, j in align(model, human):
        if i is not None and j is not None:
            found += changed_fields(model[i], human[j], i)
        elif i is not None:
            found.append(Correction("item", model[i].model_dump(mode="json"), None, i))
        elif j is not None:
            found.append(Correction("item", None, human[j].model_dump(mode="json"), j))
    return found


def _item_differences(model: Sequence[LineItem], human: Sequence[LineItem]) -> NDArray[np.float64]:
    """How different each item of the model (row) is from each of the human's (column), all at once."""
    return (
        _NAME_WEIGHT * _texts([item.name for item in model], [item.name for item in human])
        + _PRICE_WEIGHT * _known([item.price for item in model], [item.price for item in human])
        + _COUNT_WEIGHT * _known([item.count for item in model], [item.count for item in human])
        + _CATEGORY_WEIGHT * _texts([item.category for item in model], [item.category for item in human])
    )


def _texts(model: Sequence[str | None], human: Sequence[str | None]) -> NDArray[np.float64]:
    apart = differences([text or "" for text in model], [text or "" for text in human])
    return _known(model, human, apart)


def _known(
    model: Sequence[str | int | None], human: Sequence[str | int | None], apart: NDArray[np.float64] | float = 1.0
) -> NDArray[np.float64]:
    """Differences of one field: none where it is the same, `apart` where both sides can be read and differ."""
    left, right = np.array(model, dtype=object)[:, None], np.array(human, dtype=object)[None, :]
    unreadable = _blank(model)[:, None] | _blank(human)[None, :]
    return np.where(np.equal(left, right), 0.0, np.where(unreadable, _UNREADABLE, apart))


def _blank(values: Sequence[object]) -> NDArray[np.bool_]:
    return np.array([value is None for value in values], dtype=np.bool_)


def _receipt_order(pair: tuple[int | None, int | None]) -> tuple[int, int]:
    i, j = pair
    return (i if i is not None else j or 0, 0 if i is not None else 1)
