"""Runs an experiment: every arm over every receipt, as often as planned, each run stored as soon as it is there."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import DatabaseError, ExtractionError, LedgerError
from ledger.experiments import standing
from ledger.experiments.datasets import cases_of
from ledger.experiments.jobs import cost_of, jobs_of, runs_there, spent_on
from ledger.experiments.opened import Opened
from ledger.experiments.plan import cost_of_request
from ledger.experiments.scores import score
from ledger.experiments.stored import experiment, past_of
from ledger.experiments.tables import ExperimentRow, RunRow
from ledger.experiments.turnstile import INTERRUPTED, Job, Turnstile, is_trouble, note_of
from ledger.experiments.words import Case, Experiment
from ledger.extraction.extractor import ExtractionResult, Extractor
from ledger.extraction.models import ModelTable
from ledger.extraction.runner import Looker
from ledger.extraction.stored_run import error_columns, result_columns, storable
from ledger.notes import Note

log = logging.getLogger(__name__)

_RENEW_SECONDS: Final = 2.0
"""How often we say that we are there, and ask whether to go on."""

Outcome = ExtractionResult | LedgerError


class Lab:
    """Runs experiments, one at a time. `picture` gives the bytes of a case and raises what is wrong with them."""

    def __init__(
        self,
        database: Database,
        picture: Callable[[Case], bytes],
        extractors: Mapping[str, Extractor],
        looker: Looker | None,
        models: ModelTable,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self._database = database
        self._picture = picture
        self._extractors = extractors
        self._looker = looker
        self._models = models
        self._clock = clock

    def run(
        self, experiment_id: int, tell: Callable[[], object] = lambda: None, *, only_started: bool = False
    ) -> Experiment:
        """Run it until everything is in, or it is paused, cancelled, out of budget or in lasting trouble.

        `tell` is called every few seconds. What is stored already is not run again, so that it may be run as often as
        it is interrupted. With `only_started`, one that was paused since it was started is left as it is.
        Raises ExperimentNotFound, ExperimentBusy, ExperimentClosed and DatabaseError.
        """
        token = uuid.uuid4().hex
        standing.take(self._database, experiment_id, token, self._clock(), only_started=only_started)
        done = False
        why: Note | None = Note(INTERRUPTED)
        try:
            turnstile = self._run(experiment(self._database, experiment_id), token, tell)
            done, why = turnstile.is_done, turnstile.why
        finally:
            standing.leave(self._database, experiment_id, token, self._clock(), why=why, done=done)
        return experiment(self._database, experiment_id)

    def _run(self, of: Experiment, token: str, tell: Callable[[], object]) -> Turnstile:
        cases = cases_of(self._database, of.dataset, of.split)
        done = runs_there(self._database, of)
        jobs = list(jobs_of(of, cases, done, lambda arm: self._extractors[arm.engine].shares_requests(arm.settings)))
        past = past_of(self._database, [arm.settings.model for arm in of.arms])

        def expected(job: Job) -> float:
            return cost_of_request(job.arm, [job.case], self._models, past, len(job.repetitions)) or 0

        spent = spent_on(self._database, of, lambda arm: cost_of_request(arm, cases, self._models, past) or 0)
        turnstile = Turnstile(jobs, expected=expected, budget=of.budget_microusd, spent=spent)
        looker = None if all(arm.is_deterministic for arm in of.arms) else self._looker
        opened = Opened(self._picture, looker, Counter(job.case.id for job in jobs))
        work = _Work(self._database, of, self._extractors, opened, turnstile, self._clock)
        running = [_in_thread(work.go_on, f"run-{n}") for n in range(of.in_flight)]
        try:
            self._watch(of.id, token, turnstile, running, tell)
        except BaseException as error:  # what was paid for still comes in, and the experiment stays ours meanwhile
            turnstile.stop(Note(INTERRUPTED))
            log.warning("experiment %d: nothing more is asked; answers that are paid for still come in", of.id)
            self._watch(of.id, token, turnstile, running, lambda: None)
            if not isinstance(error, KeyboardInterrupt):
                raise
        return turnstile

    def _watch(
        self,
        experiment_id: int,
        token: str,
        turnstile: Turnstile,
        running: Sequence[Future[None]],
        tell: Callable[[], object],
    ) -> None:
        """Keep the experiment ours while the threads work; stop them when it is not to go on."""
        working = True
        while working:
            working = bool(wait(running, _RENEW_SECONDS).not_done)
            try:
                tell()
                if not standing.renew(self._database, experiment_id, token, self._clock()):
                    turnstile.stop()
            except DatabaseError as error:  # what cannot be stored waits for it, so nothing is lost meanwhile
                log.warning("experiment %d: %s", experiment_id, error)


class _Work:
    """What the threads of one experiment do."""

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
            self._database.insist(store_runs, rows, told=told)
            left = tuple(number for number in job.repetitions if number not in {n for n, _ in good})
            self._turnstile.came_in(job, cost_of(rows), left)
            if not left:
                self._opened.done(job.case)
        for outcome in outcomes:
            if isinstance(outcome, LedgerError) and is_trouble(outcome, job.alone):
                raise outcome

    def _outcomes(self, job: Job) -> tuple[list[Outcome], int]:
        """One outcome a repetition, and the reader's own milliseconds for one: neither for the picture nor the look.

        A picture that cannot be opened is an outcome of all of them.
        """
        extractor, times = self._extractors[job.arm.engine], len(job.repetitions)
        outcomes: list[Outcome]
        started = time.monotonic()
        try:
            photo, look = self._opened.of(job.case)
            # The engine on this machine looks for itself, as in production: its time would not be told otherwise.
            look = None if job.arm.is_deterministic else look
            started = time.monotonic()
            outcomes = [*extractor.extract_repeatedly(photo, job.arm.settings, times, look)]
        except LedgerError as error:
            outcomes = [error] * times
        except Exception as error:  # a defect that this photo brings out: a result as well, and the log has the rest
            log.exception("%s could not be read in an unexpected way", job.case.object_key)
            outcomes = [LedgerError(why=type(error).__name__)] * times
        return outcomes, round((time.monotonic() - started) * 1000 / _requests(outcomes))

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


def _in_thread(work: Callable[[], object], name: str) -> Future[None]:
    """Do it in a thread of its own. Who waits for that waits for the future.

    Up to Python 3.12 a `Thread.join` that is interrupted takes the thread for ended, and its answer would be lost.
    """
    ended: Future[None] = Future()

    def go() -> None:
        try:
            work()
        finally:
            ended.set_result(None)

    threading.Thread(target=go, name=name, daemon=True).start()
    return ended
