"""Where the total stands: a number like it, on the line whose words say so most surely. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from ledger.extraction.offline.english_layout import label_weight as english_weight
from ledger.extraction.offline.korean_total import label_weight as korean_weight
from ledger.extraction.places.amounts import NEAR, Amount, amounts_in
from ledger.extraction.places.lines import Line, Spot

_TOTAL: Final = 5.0
"""Weight from which on a line's words name a total; see the rules of the offline engine."""


def is_total_line(line: Line) -> bool:
    """True when the words of the line name a total or a payment."""
    return _weight(line) >= _TOTAL


def place_total(total: int | None, lines: Sequence[Line], taken: Collection[Spot]) -> tuple[Spot, ...]:
    """The number of the total; one that is `taken` by an item only where there is no other."""
    if total is None:
        return ()
    found = [
        (spot not in taken, likeness > NEAR, weight, likeness, -index, spot)
        for index in range(len(lines))
        for weight in [_weight_at(index, lines)]
        for amount in amounts_in(lines[index].text)
        if (likeness := _likeness(amount, total, weight))
        for spot in [Spot(index, amount.start, amount.end)]
    ]
    best = max(found, key=lambda candidate: (*candidate[:5], candidate[5].start), default=None)
    return (best[5],) if best else ()


def _likeness(amount: Amount, total: int, weight: float) -> float:
    """A number with another digit is taken for the total only where words say that it is one."""
    likeness = amount.likeness(total)
    return likeness if likeness > NEAR or weight >= _TOTAL else 0.0


def _weight_at(index: int, lines: Sequence[Line]) -> float:
    """How surely the line holds the total; a number without words may hang below its own."""
    line, above = lines[index], lines[index - 1] if index else None
    if above and not line.words and not amounts_in(above.text):
        return _weight(above)
    return _weight(line)


def _weight(line: Line) -> float:
    return max(korean_weight(line.words), english_weight(line.text))
