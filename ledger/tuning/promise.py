"""What a promoted prompt keeps of its promise: how many receipts are right as they were read since then.

Both are measured by one rule, `Score.all_right`: what differs in spacing alone is right in the gate and in production.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from ledger.database import Database
from ledger.experiments.scores import scored
from ledger.operations.measures import Rate
from ledger.prompts.activation import Active
from ledger.prompts.families import family_of
from ledger.review.pairs import newest_pairs
from ledger.tables import ExtractionRow, ReviewRow

MOST_PAIRS: Final = 5_000
"""Newest receipts that are looked at: chance is below one and a half percent of so many, and they take some seconds."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What the gate promised, and what production shows since."""

    promised: float | None
    """Share of receipts that are all right; None where it was promoted without a gate."""
    kept: Rate
    """Receipts that were all right as they were read, of the newest that were read with it and confirmed by people."""

    @property
    def falls_short(self) -> bool:
        """Whether the promise lies above all that chance allows for, see Rate.interval."""
        interval = self.kept.interval
        return self.promised is not None and interval is not None and interval[1] < self.promised


def promise(database: Database, active: Active, *, most: int = MOST_PAIRS) -> Promise:
    """How a promotion has done so far, amendments counted. Raises DatabaseError."""
    pairs = newest_pairs(database, *_read_with(active), limit=most, with_doubts=False)
    # The same version may be active for another family too, which has its own promise.
    right = [scored(each.confirmed, each.read).all_right for each in pairs if family_of(each.model) == active.family]
    promised = (active.reason.get("promise") or {}).get("value")
    return Promise(promised, Rate(sum(right), len(right)))


def _read_with(active: Active) -> Iterator[sa.ColumnElement[bool]]:
    """Of readings: with this prompt, while it was active."""
    yield ExtractionRow.prompt_version == active.version
    # It always is, and said so it leads from the readings of a prompt, which an index has, to their decisions.
    yield ExtractionRow.receipt_id == ReviewRow.receipt_id
    yield ExtractionRow.created_at >= active.created_at
    if active.ended_at is not None:
        yield ExtractionRow.created_at < active.ended_at
