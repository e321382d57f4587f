"""Where the time goes: seconds and edits of each field, from what the form measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ledger.database import Database
from ledger.operations.decisions import CONFIRMED
from ledger.operations.measures import FEWEST, Rate
from ledger.operations.period import Period
from ledger.tables import ReviewRow

SAMPLE: Final = 500
"""Newest confirmed receipts that are looked at: enough for a mean, and as fast in a year's range as in a day's."""
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class FieldWork:
    """What one field took, over all receipts that were looked at; the rows of a table together."""

    field: str
    """As corrections name it: date, item.name, …"""
    seconds: float
    """Seconds a receipt."""
    edits: float
    """Edits a receipt."""
    edited: Rate
    """Receipts in which it was edited at all."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What the fields of the newest confirmed receipts took."""

    receipts: int
    fields: list[FieldWork]
    """The one that takes most time first."""
    edits: float | None
    """Edits a receipt; None with too few to tell."""
    edits_by_operator: dict[str, float]
    """The same of each operator with enough receipts to tell."""


def field_effort(database: Database, period: Period) -> Effort:
    """What the fields took in the newest SAMPLE receipts confirmed in these days."""
    query = (
        sa.select(ReviewRow.operator, ReviewRow.effort)
        .where(period.covers(ReviewRow.created_at), ReviewRow.undone_at.is_(None), ReviewRow.decision == CONFIRMED)
        .where(ReviewRow.effort.is_not(None))
        .order_by(ReviewRow.created_at.desc())
        .limit(SAMPLE)
        .execution_options(yield_per=_BATCH)
    )
    tally = _Tally()
    with database.read() as session:
        for operator, effort in session.execute(query):
            tally.add(operator, effort)
    return tally.result()


class _Tally:
    """Adds up receipts one by one, so that none of them has to be kept."""

    def __init__(self) -> None:
        self.receipts: Counter[str] = Counter()
        self.operators_edits: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self.edits: Counter[str] = Counter()
        self.edited: Counter[str] = Counter()

    def add(self, operator: str, effort: Mapping[str, Any]) -> None:
        touched = set()
        for path, spent in effort.items():
            field = _column(path)
            self.seconds[field] += spent["seconds"]
            if spent["edits"]:
                self.edits[field] += spent["edits"]
                self.operators_edits[operator] += spent["edits"]
                touched.add(field)
        self.edited.update(touched)
        self.receipts[operator] += 1

    def result(self) -> Effort:
        count, edits = self.receipts.total(), self.operators_edits.total()
        mean = edits / count if count >= FEWEST else None
        return Effort(count, list(self._fields(count)), mean, self._operators())

    def _fields(self, count: int) -> Iterable[FieldWork]:
        for field, seconds in self.seconds.most_common():
            yield FieldWork(field, seconds / count, self.edits[field] / count, Rate(self.edited[field], count))

    def _operators(self) -> dict[str, float]:
        enough = {name: count for name, count in self.receipts.items() if count >= FEWEST}
        return {name: self.operators_edits[name] / count for name, count in enough.items()}


def _column(path: str) -> str:
    """`items.3.name` is the field item.name, whichever row it stands in."""
    return f"item.{path.rpartition('.')[2]}" if path.startswith("items.") else path
