"""Stored corrections as people look at them; those of a decision that was undone do not count."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.database import Database
from ledger.tables import CorrectionRow, ExtractionRow, ReviewRow


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """One correction with what is needed to judge it: who read, how, and who corrected."""

    receipt_id: int
    field: str
    model_value: Any
    human_value: Any
    previous_value: Any
    engine: str | None
    model: str | None
    temperature: float | None
    prompt_version: str | None
    operator: str
    created_at: dt.datetime


def recent_corrections(
    database: Database, field: str | None = None, *which: sa.ColumnElement[bool], limit: int = 200
) -> list[StoredCorrection]:
    """Corrections, newest first; of one field if `field` is given. `which` are conditions on corrections."""
    query = (
        sa.select(CorrectionRow, ExtractionRow, ReviewRow.operator)
        .outerjoin(ExtractionRow, ExtractionRow.id == CorrectionRow.extraction_id)
        .join(ReviewRow, ReviewRow.id == CorrectionRow.review_id)
        .where(ReviewRow.undone_at.is_(None), *which)
        .order_by(CorrectionRow.id.desc())
        .limit(limit)
    )
    if field is not None:
        query = query.where(CorrectionRow.field == field)
    query = query.options(
        sa.orm.load_only(
            ExtractionRow.engine, ExtractionRow.model, ExtractionRow.temperature, ExtractionRow.prompt_version
        )
    )
    with database.read() as session:
        return [_stored(*row) for row in session.execute(query)]


def counts_by_field(database: Database, *which: sa.ColumnElement[bool]) -> dict[str, int]:
    """How many corrections each field has, most first. `which` are conditions on corrections."""
    query = (
        sa.select(CorrectionRow.field, sa.func.count())
        .join(ReviewRow, ReviewRow.id == CorrectionRow.review_id)
        .where(ReviewRow.undone_at.is_(None), *which)
        .group_by(CorrectionRow.field)
    )
    with database.read() as session:
        found = session.execute(query).all()
    return dict(sorted(found, key=lambda pair: -pair[1]))


def _stored(correction: CorrectionRow, run: ExtractionRow | None, operator: str) -> StoredCorrection:
    return StoredCorrection(
        receipt_id=correction.receipt_id,
        field=correction.field,
        model_value=correction.model_value,
        human_value=correction.human_value,
        previous_value=correction.previous_value,
        engine=run.engine if run else None,
        model=run.model if run else None,
        temperature=run.temperature if run else None,
        prompt_version=run.prompt_version if run else None,
        operator=operator,
        created_at=correction.created_at,
    )
