"""What was read and decided since the desk began, added up: counts that only grow, as those who watch want them.

Days that are over are counted once in a process, so asking again costs what happened today.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from ledger.database import Database
from ledger.operations.decisions import AUTO_CONFIRMED
from ledger.operations.period import Period
from ledger.operations.readings import readings
from ledger.tables import ReviewRow

_BEGINNING: Final = dt.date(2000, 1, 1)
_STILL_STORED: Final = dt.timedelta(hours=1)
"""How long after its end a day is still counted anew: a reading is stored some minutes after it ended."""

Kind = tuple[str, str, str | None]
"""Engine, model, and the class of the error that stopped the reading."""


@dataclass(slots=True)
class Ever:
    """What there was, by kind. Two of them add up to one."""

    readings: Counter[Kind] = field(default_factory=Counter)
    unpriced: Counter[Kind] = field(default_factory=Counter)
    """Readings whose tokens are known and whose price is not."""
    sent_tokens: Counter[Kind] = field(default_factory=Counter)
    """Without those that were billed as cached."""
    cached_tokens: Counter[Kind] = field(default_factory=Counter)
    answered_tokens: Counter[Kind] = field(default_factory=Counter)
    cost_microusd: Counter[Kind] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    """Also those that were undone since: a count that shrank would be taken for one that began anew."""

    def __add__(self, other: Ever) -> Ever:
        total = Ever()
        for name in self.__dataclass_fields__:
            for part in (self, other):
                getattr(total, name).update(getattr(part, name))
        return total


class EverCounter:
    """Counts it again and again. For one thread at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._over, self._today = Ever(), _BEGINNING

    def count(self, now: dt.datetime) -> Ever:
        """What there was until now. Raises DatabaseError."""
        today = (now.astimezone(dt.UTC) - _STILL_STORED).date()
        if today > self._today:
            self._over += _count(self._database, self._today, today - dt.timedelta(days=1))
            self._today = today
        return self._over + _count(self._database, self._today, now.astimezone(dt.UTC).date() + dt.timedelta(days=1))


def _count(database: Database, first: dt.date, last: dt.date) -> Ever:
    period, found = Period.of(first, last, "UTC"), Ever()
    for part in readings(database, period):
        kind = part.engine, part.model, part.error_class
        found.readings[kind] += part.count
        found.unpriced[kind] += part.unpriced if part.prompt_tokens else 0  # an engine without tokens costs nothing
        found.sent_tokens[kind] += part.prompt_tokens - part.cached_tokens
        found.cached_tokens[kind] += part.cached_tokens
        found.answered_tokens[kind] += part.completion_tokens
        found.cost_microusd[kind] += part.cost_microusd
    found.decisions.update(_decisions(database, period))
    return found


def _decisions(database: Database, period: Period) -> dict[str, int]:
    by_nobody = ReviewRow.auto_confirm_id.is_not(None)
    decision = sa.case((by_nobody, AUTO_CONFIRMED), else_=ReviewRow.decision).label("decided")
    query = sa.select(decision, sa.func.count()).where(period.covers(ReviewRow.created_at)).group_by("decided")
    with database.read() as session:
        return {str(row[0]): int(row[1]) for row in session.execute(query)}
