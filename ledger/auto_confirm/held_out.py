"""What a threshold is chosen from: receipts that people decided upon, read as receipts are read now.

A risk says something of readings by the same model with the same prompt alone, so others have no say. A rejection is an
error too: confirmed without a person, that receipt would stand in the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import sqlalchemy as sa

from ledger.auto_confirm.policy import may_stand_alone
from ledger.database import Database
from ledger.extraction.extractor import ReadingSettings
from ledger.receipt import Receipt
from ledger.review.duplicates import look_alikes
from ledger.review.pairs import newest_pairs
from ledger.tables import ExtractionRow, ReviewRow

NEWEST: Final = 2_000
"""Decisions that are looked at: readings, shops and phones change, and old ones say little of what comes tomorrow."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Decisions, newest first: those that could have been made without a person, with their risk."""

    risks: tuple[float, ...]
    wrong: tuple[bool, ...]
    of: int
    """Among how many decisions they are."""


class _Decided(NamedTuple):
    review_id: int
    risk: float
    alone: bool
    """Whether it could have been confirmed without a person."""
    wrong: bool


def held_out(database: Database, engine: str, settings: ReadingSettings, since: dt.datetime | None) -> HeldOut:
    """The newest decisions upon readings with these settings, from `since` on. Raises DatabaseError."""
    which = _read_alike(engine, settings, since)
    found = sorted([*_confirmed(database, which), *_rejected(database, which)], reverse=True)[:NEWEST]
    alone = [one for one in found if one.alone]
    return HeldOut(tuple(one.risk for one in alone), tuple(one.wrong for one in alone), len(found))


def _read_alike(engine: str, settings: ReadingSettings, since: dt.datetime | None) -> list[sa.ColumnElement[bool]]:
    run = ExtractionRow
    alike = [run.engine == engine, run.model == settings.model, run.prompt_version == settings.prompt_version]
    return [*alike, run.risk.is_not(None)] + ([run.created_at >= since] if since else [])


def _confirmed(database: Database, which: list[sa.ColumnElement[bool]]) -> Iterator[_Decided]:
    for pair in newest_pairs(database, *which, limit=NEWEST):
        assert pair.risk is not None
        alone = may_stand_alone(pair.read, pair.doubts, pair.at.date())
        yield _Decided(pair.review_id, pair.risk, alone, bool(pair.corrections()))


def _rejected(database: Database, which: list[sa.ColumnElement[bool]]) -> Iterator[_Decided]:
    run = ExtractionRow
    query = (
        sa.select(ReviewRow.id, ReviewRow.receipt_id, ReviewRow.reason, ReviewRow.created_at)
        .add_columns(run.risk, run.document, run.doubts)
        .join(run, run.id == ReviewRow.extraction_id)
        .where(ReviewRow.decision == "rejected", ReviewRow.undone_at.is_(None), run.document.is_not(None), *which)
        .order_by(ReviewRow.id.desc())
        .limit(NEWEST)
    )
    with database.read() as session:
        rows = session.execute(query).all()
    for row in rows:
        alone = may_stand_alone(Receipt.model_validate(row.document), row.doubts, row.created_at.date())
        # A copy is left to people because it looks like another receipt, and not because of its risk.
        alone = alone and not (row.reason == "duplicate" and look_alikes(database, row.receipt_id))
        yield _Decided(row.id, row.risk, alone, True)
