"""What was read in some days: by which model, what went wrong, and what it cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.database import Database
from ledger.operations.period import Period
from ledger.tables import ExtractionRow


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of one kind: how many there were and what they took."""

    begin: dt.datetime
    """Of the slot in which they ended."""
    engine: str
    model: str
    error_class: str | None
    count: int
    newest_id: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    cost_microusd: int
    unpriced: int
    """Readings whose tokens are known and whose price is not."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How often one kind of error stopped a reading, and the newest of them."""

    error_class: str
    count: int
    message: str | None
    fields: dict[str, Any]
    receipt_id: int
    at: dt.datetime


def readings(database: Database, period: Period) -> list[Readings]:
    """What was read in these days, by slot, model and error."""
    run, slot = ExtractionRow, period.slot_of(ExtractionRow.created_at)
    kind = (slot, run.engine, run.model, run.error_class)
    tokens = (run.prompt_tokens, run.completion_tokens, run.cached_tokens, run.cost_microusd)
    unpriced = sa.case((sa.and_(run.prompt_tokens.is_not(None), run.cost_microusd.is_(None)), 1), else_=0)
    query = (
        sa.select(*kind, sa.func.count(), sa.func.max(run.id), *(sa.func.sum(column) for column in (*tokens, unpriced)))
        .where(period.covers(run.created_at))
        .group_by(*kind)
    )
    with database.read() as session:
        return [_readings(period, *row) for row in session.execute(query)]


def failures(database: Database, found: Iterable[Readings]) -> list[Failure]:
    """The failed ones among these readings by the class of their error, the most frequent first."""
    counts: dict[str, tuple[int, int]] = {}
    for part in found:
        if part.error_class is not None:
            count, newest = counts.get(part.error_class, (0, 0))
            counts[part.error_class] = count + part.count, max(newest, part.newest_id)
    rows = _runs(database, [newest for _, newest in counts.values()])
    told = [_failure(name, count, rows[newest]) for name, (count, newest) in counts.items() if newest in rows]
    return sorted(told, key=lambda failure: (-failure.count, failure.error_class))


def _readings(period: Period, slot: int, *row: Any) -> Readings:
    engine, model, error_class, *sums = row
    return Readings(period.begin_of(slot), engine, model, error_class, *(int(value or 0) for value in sums))


def _runs(database: Database, ids: Sequence[int]) -> dict[int, Any]:
    run = ExtractionRow
    query = sa.select(run.id, run.error_message, run.error_fields, run.receipt_id, run.created_at)
    with database.read() as session:
        return {row.id: row for row in session.execute(query.where(run.id.in_(ids)))}


def _failure(error_class: str, count: int, run: Any) -> Failure:
    return Failure(error_class, count, run.error_message, run.error_fields or {}, run.receipt_id, run.created_at)
