"""What a promoted prompt keeps of its promise: how many receipts are right as they were read since then."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ledger.database import Database
from ledger.operations.measures import Rate
from ledger.prompts.activation import Active
from ledger.prompts.families import family_of
from ledger.tables import CorrectionRow, ExtractionRow, ReviewRow


@dataclass(frozen=True, slots=True)
class Promise:
    """What the gate promised, and what production shows since."""

    promised: float | None
    """Share of receipts that are all right; None where it was promoted without a gate."""
    kept: Rate
    """Receipts that people confirmed without any correction, of those that were read with it."""

    @property
    def falls_short(self) -> bool:
        """Whether the promise lies above all that chance allows for, see Rate.interval."""
        interval = self.kept.interval
        return self.promised is not None and interval is not None and interval[1] < self.promised


def promise(database: Database, active: Active) -> Promise:
    """How a promotion has done so far, amendments counted. Raises DatabaseError."""
    later = aliased(ReviewRow)
    corrected = (
        sa.exists()
        .where(CorrectionRow.receipt_id == ReviewRow.receipt_id, CorrectionRow.extraction_id == ReviewRow.extraction_id)
        .where(later.id == CorrectionRow.review_id, later.undone_at.is_(None))
        .correlate(ReviewRow)
    )
    unchanged = sa.case((~corrected, 1), else_=0)
    query = (
        sa.select(ExtractionRow.model, sa.func.count(), sa.func.sum(unchanged))
        .select_from(ReviewRow)
        .join(ExtractionRow, ExtractionRow.id == ReviewRow.extraction_id)
        .where(ReviewRow.created_at >= active.created_at, ReviewRow.decision == "confirmed")
        .where(ReviewRow.undone_at.is_(None), ReviewRow.auto_confirm_id.is_(None))
        .where(ExtractionRow.prompt_version == active.version, ExtractionRow.created_at >= active.created_at)
    )
    if active.ended_at is not None:
        query = query.where(ExtractionRow.created_at < active.ended_at)
    with database.read() as session:
        by_model = session.execute(query.group_by(ExtractionRow.model)).all()
    # The same version may be active for another family too, which has its own promise.
    counted = [(cases, int(hits)) for model, cases, hits in by_model if family_of(model) == active.family]
    cases, hits = (sum(column) for column in zip((0, 0), *counted, strict=True))
    promised = (active.reason.get("promise") or {}).get("value")
    return Promise(promised, Rate(hits, cases))
