"""All runs of an experiment that are in, added up arm by arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.experiments.scored_runs import each_run, rescore
from ledger.experiments.scores import Score
from ledger.experiments.tables import DatasetCaseRow
from ledger.experiments.tallies import Tally
from ledger.experiments.words import Experiment


@dataclass(frozen=True, slots=True)
class Tallied:
    """Every arm's runs, the baseline's first, and the receipts that their numbers stand for."""

    case_ids: Sequence[int]
    arms: Sequence[Tally]

    @property
    def begun(self) -> list[Tally]:
        """The arms that have read something."""
        return [tally for tally in self.arms if tally.runs.any()]

    @property
    def common(self) -> NDArray[np.intp]:
        """The receipts that every arm has read: only they can be paired. An arm that read nothing has no say in it."""
        read = [tally.runs > 0 for tally in self.begun]
        return np.flatnonzero(np.all(read, axis=0)) if read else np.array([], dtype=np.intp)

    @property
    def alike(self) -> set[int]:
        """Numbers of the arms whose readings were made with just the settings of the baseline's."""
        baseline, *others = self.arms
        return {tally.arm.number for tally in others if tally.applied and tally.applied == baseline.applied}


def tallied(database: Database, experiment: Experiment) -> Tallied:
    """The runs as of now. Scores that are missing or of an older version are made first. Raises DatabaseError."""
    with database.read() as session:
        found = _tallied(session, experiment)
    if found is not None:
        return found
    rescore(database, experiment)
    return tallied(database, experiment)


def _tallied(session: Session, experiment: Experiment) -> Tallied | None:
    """None where a score is missing or old."""
    case_ids = _case_ids(session, experiment)
    tallies = {
        arm.id: Tally(arm, len(case_ids), len(case_ids) * experiment.repetitions_of(arm)) for arm in experiment.arms
    }
    numbers = {case_id: number for number, case_id in enumerate(case_ids)}
    return Tallied(case_ids, list(tallies.values())) if _add_runs(session, experiment, tallies, numbers) else None


def _add_runs(
    session: Session, experiment: Experiment, tallies: Mapping[int, Tally], numbers: Mapping[int, int]
) -> bool:
    for run in each_run(session, experiment):
        score = Score.from_json(run.score)
        if score is None:
            return False
        tallies[run.arm_id].add(numbers[run.case_id], score, run)
    return True


def _case_ids(session: Session, experiment: Experiment) -> Sequence[int]:
    cases = sa.select(DatasetCaseRow.id).where(DatasetCaseRow.dataset_version_id == experiment.dataset.id)
    if experiment.split is not None:
        cases = cases.where(DatasetCaseRow.split == experiment.split)
    return session.scalars(cases.order_by(DatasetCaseRow.number)).all()
