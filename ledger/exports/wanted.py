"""Which receipts go into an export: by the day of the decision, by a field that was corrected, and by split."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ledger.database import Database
from ledger.review.pairs import Pair, each_pair
from ledger.tables import ReviewRow
from ledger.tuning.blind import unseen_by

_ZONE: Final = ZoneInfo("Asia/Seoul")
"""Days are those of the operators, as on the screens."""
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """None is no limit. Both days count, and are days of the newest decision."""

    since: dt.date | None = None
    until: dt.date | None = None
    field: str | None = None
    tests_too: bool = False
    """Whether receipts of a test split are in it: what prompts are judged on must not be what they were made from."""


def wanted_pairs(database: Database, wanted: Wanted) -> Iterator[Pair]:
    """The pairs, oldest decision first, a hundred in memory at a time. Raises DatabaseError."""
    pairs = each_pair(database, *_conditions(database, wanted))
    if wanted.field is None:
        return pairs
    return (pair for pair in pairs if any(found.field == wanted.field for found in pair.corrections()))


def _conditions(database: Database, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions = [] if wanted.tests_too else list(unseen_by(database))
    if wanted.since:
        conditions.append(ReviewRow.created_at >= _midnight(wanted.since))
    if wanted.until:
        conditions.append(ReviewRow.created_at < _midnight(wanted.until + _DAY))
    return conditions


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), _ZONE)
