"""What a decision took: seconds from opening to decision, and time and edits of each field. Pure.

The browser measures, so what it says is held to what can be before it is stored.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final, TypedDict

MOST_FIELDS: Final = 200
"""Fields of one receipt whose effort is kept."""
MOST_SECONDS: Final = 86_400.0
"""A longer opening is a tab that was forgotten, and says nothing."""
MOST_EDITS: Final = 10_000

_FIELD: Final = re.compile(r"date|location|total_amount|currency|note|items\.\d{1,4}\.(?:name|price|count|category)")


class FieldEffort(TypedDict):
    """What one field took."""

    seconds: float
    edits: int


def clean_effort(sent: object) -> dict[str, FieldEffort] | None:
    """Effort by field path, from what the form sent: `{"items.0.name": {"ms": 900, "edits": 2}}`.

    None when nothing was measured; empty when nobody was in any field. Unknown fields, fields that nobody was in, and
    numbers that cannot be are left out.
    """
    if not isinstance(sent, Mapping):
        return None
    found = {path: _field_effort(sent[path]) for path in sent if isinstance(path, str) and _FIELD.fullmatch(path)}
    kept = [(path, effort) for path, effort in found.items() if effort is not None]
    return dict(kept[:MOST_FIELDS])


def clean_seconds(seconds: object) -> float | None:
    """Seconds that a decision can have taken; None for others."""
    value = _number(seconds)
    return round(value, 2) if value is not None and value <= MOST_SECONDS else None


def _field_effort(sent: object) -> FieldEffort | None:
    if not isinstance(sent, Mapping):
        return None
    milliseconds, edits = _number(sent.get("ms")), _number(sent.get("edits"))
    if milliseconds is None or edits is None or not milliseconds + edits:
        return None
    return {"seconds": round(min(milliseconds / 1000, MOST_SECONDS), 2), "edits": int(min(edits, MOST_EDITS))}


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value) or value < 0:
        return None
    return float(value)
