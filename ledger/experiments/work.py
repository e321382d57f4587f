"""What the threads of an experiment do: a job is read, and what came of it is stored, as soon as it is there."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger import meters
from ledger.database import Database
from ledger.errors import DatabaseError, ExtractionError, LedgerError
from ledger.experiments.jobs import cost_of
from ledger.experiments.opened import Opened
from ledger.experiments.scores import score
from ledger.experiments.tables import ExperimentRow, RunRow
from ledger.experiments.turnstile import Job, Turnstile, is_trouble, note_of
from ledger.experiments.words import Experiment
from ledger.extraction.extractor import ExtractionResult, Extractor
from ledger.extraction.stored_run import error_columns, result_columns, storable

log = logging.getLogger(__name__)

Outcome = ExtractionResult | LedgerError


class Work:
    """The work of one experiment, for several threads."""

    def __init__(
        self,
        database: Database,
        of: Experiment,
        extractors: Mapping[str, Extractor],
        opened: Opened,
        turnstile: Turnstile,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._database = database
        self._experiment = of
        self._extractors = extractors
        self._opened = opened
        self._turnstile = turnstile
        self._clock = clock

    def go_on(self) -> None:
        """Take one job after the other until there is none."""
        while (job := self._turnstile.next()) is not None:
            try:
                self._do(job)
            except DatabaseError as error:  # away for longer than answers wait: more of them would be lost as well
                self._turnstile.stop(note_of(error))
            except LedgerError as error:
                self._turnstile.trouble(job, error)
            except Exception as error:  # a defect: the next run would meet it too, and be paid for
                log.exception("experiment %d: a run failed in an unexpected way", self._experiment.id)
                self._turnstile.stop(note_of(LedgerError(why=type(error).__name__)))

    def _do(self, job: Job) -> None:
        outcomes, milliseconds = self._outcomes(job)
        good = [pair for pair in zip(job.repetitions, outcomes, strict=True) if not _in_trouble(job, pair[1])]
        rows = [self._row(job, number, outcome, milliseconds) for number, outcome in good]
        if rows:
            told = f"what {job.arm.name} read of {job.case.object_key} in experiment {self._experiment.id}"
            self._database.insist(store_runs, rows, again=store_runs, told=told)
            left = tuple(number for number in job.repetitions if number not in {n for n, _ in good})
            self._turnstile.came_in(job, cost_of(rows), left)
            if not left:
                self._opened.done(job.case)
        for outcome in outcomes:
            if isinstance(outcome, LedgerError) and is_trouble(outcome, job.alone):
                raise outcome

    def _outcomes(self, job: Job) -> tuple[list[Outcome], int]:
        """One outcome a repetition, and the reader's own milliseconds for one.

        They are for neither the picture nor the look, nor for waiting until there is room. A picture that cannot be
        opened is an outcome of all repetitions.
        """
        extractor, times = self._extractors[job.arm.engine], len(job.repetitions)
        outcomes: list[Outcome]
        started = meters.own_time()
        try:
            photo, look = self._opened.of(job.case)
            # The engine on this machine looks for itself, as in production: its time would not be told otherwise.
            look = None if job.arm.is_deterministic else look
            started = meters.own_time()
            outcomes = [*extractor.extract_repeatedly(photo, job.arm.settings, times, look)]
        except LedgerError as error:
            outcomes = [error] * times
        except Exception as error:  # a defect that this photo brings out: a result as well, and the log has the rest
            log.exception("%s could not be read in an unexpected way", job.case.object_key)
            outcomes = [LedgerError(why=type(error).__name__)] * times
        return outcomes, round((meters.own_time() - started) * 1000 / _requests(outcomes))

    def _row(self, job: Job, number: int, outcome: Outcome, milliseconds: int) -> dict[str, Any]:
        read = outcome.receipt if isinstance(outcome, ExtractionResult) else None
        told = error_columns(outcome) if isinstance(outcome, LedgerError) else result_columns(outcome)
        row = {"settings": job.arm.settings.as_json()} | told
        own = {
            "experiment_id": self._experiment.id,
            "arm_id": job.arm.id,
            "case_id": job.case.id,
            "repetition": number,
            "shared": outcome.shared if isinstance(outcome, ExtractionResult | ExtractionError) else 1,
            "latency_ms": milliseconds,
            "score": score(job.case.truth, read),
            "created_at": self._clock(),
        }
        return storable(row | own, RunRow)


def store_runs(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store runs, each once: an earlier try may have been committed though its answer was lost.

    Who stores waits for who stores already: a process that lost the experiment may still bring its last answers.
    """
    for experiment_id in {row["experiment_id"] for row in rows}:
        session.get(ExperimentRow, experiment_id, with_for_update=True)
    for row in rows:
        same = (RunRow.arm_id == row["arm_id"], RunRow.case_id == row["case_id"])
        if session.scalar(sa.select(RunRow.id).where(*same, RunRow.repetition == row["repetition"])) is None:
            session.add(RunRow(**row))


def _requests(outcomes: Sequence[Outcome]) -> int:
    """How many requests these came out of, one after the other: a shared one, and one for each that came alone."""
    alone = sum(1 for outcome in outcomes if getattr(outcome, "shared", 1) == 1)
    return alone + (alone < len(outcomes))


def _in_trouble(job: Job, outcome: Outcome) -> bool:
    return isinstance(outcome, LedgerError) and is_trouble(outcome, job.alone)
