"""What an experiment found: every arm by itself, against the baseline, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.experiments.datasets import case_of
from ledger.experiments.figures import Changed, Comparison, Report
from ledger.experiments.leader import leader
from ledger.experiments.scored_runs import read_of
from ledger.experiments.scores import METRICS, Score
from ledger.experiments.tables import DatasetCaseRow, RunRow
from ledger.experiments.tallied import Tallied, tallied
from ledger.experiments.verdicts import compare
from ledger.experiments.words import Arm, Experiment
from ledger.receipt import Receipt

_PAGE: Final = 200
"""Receipts whose documents are fetched at a time."""


def report_of(database: Database, experiment: Experiment) -> Report:
    """The report as of now. Its comparisons are empty until no more runs will come. Raises DatabaseError."""
    found = tallied(database, experiment)
    common = found.common
    arms = [tally.figures(common if tally.runs.any() else common[:0], experiment.seed) for tally in found.arms]
    comparisons = _compared(experiment, found) if experiment.is_over else []
    words = leader(experiment, arms, comparisons, len(common), found.alike)
    return Report(experiment, len(common), arms, comparisons, words, experiment.is_over)


def changed_by(database: Database, experiment: Experiment, arm: Arm) -> list[Changed]:
    """The receipts that an arm fixed or broke, by the majority of its runs, in the order of the dataset version.

    Of several runs the first is shown that is as most of them were. Raises DatabaseError.
    """
    changed = _sides(tallied(database, experiment), arm, experiment.baseline)
    ids = list(changed)
    found: list[Changed] = []
    with database.read() as session:
        for start in range(0, len(ids), _PAGE):
            found += _changed(session, experiment, arm, {each: changed[each] for each in ids[start : start + _PAGE]})
    return found


def all_changed(database: Database, report: Report) -> list[tuple[Arm, Changed]]:
    """What each arm that was compared fixed and broke. Raises DatabaseError."""
    arms = [each.arm for each in report.comparisons]
    return [(arm, changed) for arm in arms for changed in changed_by(database, report.experiment, arm)]


def compared_by(database: Database, experiment: Experiment) -> dict[str, list[Comparison]]:
    """The comparisons by every metric, each as if it were the primary one. Raises DatabaseError."""
    found = tallied(database, experiment)
    return {metric: _compared(replace(experiment, metric=metric), found) for metric in METRICS}


def _compared(experiment: Experiment, found: Tallied) -> list[Comparison]:
    """The arms that have read something, against the baseline if it has."""
    begun, common = found.begun, found.common
    if not begun or begun[0].arm.number != experiment.baseline.number:
        return []
    column = list(METRICS).index(experiment.metric)
    values = np.array([tally.values(common)[:, column] for tally in begun])
    right = np.array([tally.mostly_right(common) for tally in begun])
    return compare([tally.arm for tally in begun], experiment.metric, values, right, experiment.seed, found.alike)


def _sides(found: Tallied, arm: Arm, baseline: Arm) -> dict[int, bool]:
    """Whether it was fixed, for each case that the arm fixed or broke."""
    tallies = {tally.arm.number: tally for tally in found.begun}
    if not {arm.number, baseline.number} <= tallies.keys():
        return {}
    right, was_right = (tallies[each.number].mostly_right(found.common) for each in (arm, baseline))
    ids = [found.case_ids[number] for number in found.common]
    return {
        case_id: bool(fixed) for case_id, fixed, before in zip(ids, right, was_right, strict=True) if fixed != before
    }


def _changed(session: Session, experiment: Experiment, arm: Arm, fixed: Mapping[int, bool]) -> list[Changed]:
    cases = sa.select(DatasetCaseRow).where(DatasetCaseRow.id.in_(fixed)).order_by(DatasetCaseRow.number)
    typical = _typical(session, experiment, arm, fixed)
    return [
        Changed(case_of(row), fixed[row.id], typical[row.id, experiment.baseline.id], typical[row.id, arm.id])
        for row in session.scalars(cases)
    ]


def _typical(
    session: Session, experiment: Experiment, arm: Arm, fixed: Mapping[int, bool]
) -> dict[tuple[int, int], Receipt | None]:
    """By case and arm: its first reading that is right where most are, and wrong where most are."""
    runs = sa.select(RunRow.case_id, RunRow.arm_id, RunRow.score, RunRow.document, RunRow.error_class)
    runs = runs.where(RunRow.case_id.in_(fixed), RunRow.arm_id.in_((experiment.baseline.id, arm.id)))
    found: dict[tuple[int, int], Receipt | None] = {}
    for case_id, arm_id, stored, document, error_class in session.execute(runs.order_by(RunRow.repetition)):
        score = Score.from_json(stored)
        is_right = fixed[case_id] is (arm_id == arm.id)
        if score is not None and score.all_right is is_right:
            found.setdefault((case_id, arm_id), read_of(document, error_class))
    return found
