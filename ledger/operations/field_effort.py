"""Where the time goes: seconds and edits of each field, from what the form measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

import sqlalchemy as sa

from ledger.database import Database
from ledger.operations.decisions import CONFIRMED
from ledger.operations.measures import FEWEST, Rate
from ledger.operations.period import Period
from ledger.tables import ReviewRow

SAMPLE: Final = 500
"""Newest confirmed receipts that are looked at: enough for a mean, and as fast in a year's range as in a day's."""


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


@dataclass(slots=True)
class Effort:
    """What the fields of some receipts took, added up. Two of them add up to one."""

    receipts: Counter[str] = field(default_factory=Counter)
    """By operator, as are their edits."""
    operators_edits: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    """By field, as are edits and the receipts in which it was edited at all."""
    edits: Counter[str] = field(default_factory=Counter)
    edited: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """Receipts that were looked at."""
        return self.receipts.total()

    def fields(self) -> list[FieldWork]:
        """The one that takes most time first."""
        return [
            FieldWork(name, seconds / self.count, self.edits[name] / self.count, Rate(self.edited[name], self.count))
            for name, seconds in self.seconds.most_common()
        ]

    def edits_a_receipt(self, operator: str | None = None) -> float | None:
        """Edits of one operator's receipts, or of all; None with too few to tell."""
        count = self.count if operator is None else self.receipts[operator]
        done = self.operators_edits.total() if operator is None else self.operators_edits[operator]
        return done / count if count >= FEWEST else None

    def add(self, operator: str, effort: Mapping[str, Any]) -> None:
        """Add what one receipt took."""
        touched = set()
        for path, spent in effort.items():
            name = _column(path)
            self.seconds[name] += spent["seconds"]
            if spent["edits"]:
                self.edits[name] += spent["edits"]
                self.operators_edits[operator] += spent["edits"]
                touched.add(name)
        self.edited.update(touched)
        self.receipts[operator] += 1

    def __add__(self, other: Effort) -> Effort:
        total = Effort()
        for part in (self, other):
            for mine in fields(Effort):
                getattr(total, mine.name).update(getattr(part, mine.name))
        return total


def field_effort(database: Database, period: Period, *, sample: int = SAMPLE) -> Effort:
    """What the fields took in the newest receipts confirmed in these days, as many as a sample has."""
    query = (
        sa.select(ReviewRow.operator, ReviewRow.effort)
        .where(period.covers(ReviewRow.created_at), ReviewRow.undone_at.is_(None), ReviewRow.decision == CONFIRMED)
        .where(ReviewRow.effort.is_not(None))
        .order_by(ReviewRow.created_at.desc())
        .limit(sample)
    )
    found = Effort()
    with database.read() as session:
        for operator, effort in session.execute(query):
            found.add(operator, effort)
    return found


def _column(path: str) -> str:
    """`items.3.name` is the field item.name, whichever row it stands in."""
    return f"item.{path.rpartition('.')[2]}" if path.startswith("items.") else path
