"""What people found out about receipts that needed nobody to look: those left to them, and those they mended later.

Auto-confirm is watched for as long as it is on, so a plain test, made again with each decision, would sound the alarm
some day however good it is. This test may be looked at as often as one likes: it adds up how much more likely what was
found is under a share of two, four or eight times the bound than under the bound itself. By Ville's inequality the mean
of these ratios ever exceeds 1 / a with a probability of at most a (Wald's sequential test, one-sided; Ramdas et al.
2023, "Game-theoretic statistics and safe anytime-valid inference", arXiv 2210.01948).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from scipy.stats import binomtest
from sqlalchemy.orm import aliased

from ledger.auto_confirm.tables import AuditedRow, AutoConfirmRow
from ledger.database import Database
from ledger.notes import Note
from ledger.tables import CorrectionRow, ReviewRow

FALSE_ALARMS: Final = 0.05
"""How often auto-confirm that keeps its bound is switched off all the same, however long it runs."""
BROKEN: Final = (
    "Of {decided} receipts that were left to people to check, {wrong} were wrong: more than the bound of {bound}"
    " allows."
)
MENDED: Final = (
    "Of {decided} receipts that needed nobody to look, people found {wrong} wrong: more than the bound of {bound}"
    " allows."
)
SENTENCES: Final = (BROKEN, MENDED)

_TIMES: Final = (2, 4, 8)
_LARGEST: Final = 0.9


@dataclass(frozen=True, slots=True)
class Audit:
    """What is known about receipts that needed nobody to look, since auto-confirm was switched on."""

    bound: float
    confirmed: int
    """Without a person, undone ones too."""
    mended: int
    """Of them, those that people amended, or decided anew in another way."""
    left: int
    """To people, by chance."""
    decided: int
    """Of those left, the ones that people decided upon."""
    wrong: int
    """Of those, the ones that were rejected or that something was corrected in."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share of wrong ones lies with a confidence of 95 %, exact; None while nothing is decided."""
        if not self.decided:
            return None
        found = binomtest(self.wrong, self.decided).proportion_ci(0.95, "exact")
        return float(found.low), float(found.high)

    @property
    def broken(self) -> Note | None:
        """Why the bound does not hold, if people found so many errors; both tests share the false alarms.

        Those that people happened to mend are errors among all that needed nobody: where nobody looked, none is known.
        """
        everything = (
            (BROKEN, self.wrong, self.decided),
            (MENDED, self.wrong + self.mended, self.decided + self.confirmed),
        )
        for sentence, wrong, decided in everything:
            if alarm(wrong, decided, self.bound, FALSE_ALARMS / len(everything)):
                fields = {"wrong": str(wrong), "decided": str(decided), "bound": f"{self.bound:.1%}"}
                return Note(sentence, fields)
        return None


def alarm(wrong: int, decided: int, bound: float, false_alarms: float) -> bool:
    """Whether so many wrong ones show that their share is above the bound, at whatever moment one looks."""
    ratios = [_log_ratio(wrong, decided, bound, min(_LARGEST, times * bound)) for times in _TIMES]
    return bool(np.logaddexp.reduce(ratios) - math.log(len(ratios)) >= -math.log(false_alarms))


def _log_ratio(wrong: int, decided: int, bound: float, other: float) -> float:
    return wrong * math.log(other / bound) + (decided - wrong) * math.log((1 - other) / (1 - bound))


def audit(database: Database, standing: AutoConfirmRow) -> Audit:
    """What was found out since it was switched on. Raises DatabaseError."""
    with database.read() as session:
        confirmed = session.scalar(_confirmed(standing)) or 0
        mended = session.scalar(_mended(standing)) or 0
        left, decided, wrong = (int(count or 0) for count in session.execute(_left(standing)).one())
    return Audit(standing.bound, confirmed, mended, left, decided, wrong)


def _confirmed(standing: AutoConfirmRow) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(ReviewRow).where(ReviewRow.auto_confirm_id == standing.id)


def _mended(standing: AutoConfirmRow) -> sa.Select[int]:
    """From what people found wrong to what was confirmed without them: the other way round every row would be read."""
    review, by_itself = aliased(ReviewRow), aliased(ReviewRow)
    of_it = sa.and_(by_itself.receipt_id == review.receipt_id, by_itself.auto_confirm_id == standing.id)
    found = *_of_people(review), review.created_at >= standing.created_at, _is_wrong(review)
    return sa.select(sa.func.count(review.receipt_id.distinct())).join(by_itself, of_it).where(*found)


def _left(standing: AutoConfirmRow) -> sa.Select[int, Any, Any]:
    """How many were left to people, how many of them are decided, and how many of those were wrong."""
    review = aliased(ReviewRow)
    mine = sa.exists().where(review.receipt_id == AuditedRow.receipt_id, *_of_people(review))
    decided, wrong = (condition.correlate_except(review) for condition in (mine, mine.where(_is_wrong(review))))
    return sa.select(sa.func.count(), _sum(decided), _sum(wrong)).where(AuditedRow.auto_confirm_id == standing.id)


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _of_people(review: type[ReviewRow]) -> tuple[sa.ColumnElement[bool], ...]:
    return review.auto_confirm_id.is_(None), review.undone_at.is_(None)


def _is_wrong(review: type[ReviewRow]) -> sa.ColumnElement[bool]:
    """It was rejected, or something was changed in it."""
    # The receipt is named only because its corrections are found by it.
    mine = CorrectionRow.receipt_id == review.receipt_id, CorrectionRow.review_id == review.id
    return sa.or_(review.decision == "rejected", sa.exists().where(*mine).correlate(review))
