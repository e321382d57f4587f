"""Runs an experiment: every arm over every receipt, as often as planned, each run stored as soon as it is there."""

from __future__ import annotations

import datetime as dt
import logging
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import DatabaseError, ExtractionError, LedgerError, ModelTimeout
from ledger.experiments import standing
from ledger.experiments.datasets import cases_of
from ledger.experiments.opened import Opened
from ledger.experiments.plan import cost_of_request
from ledger.experiments.scores import score
from ledger.experiments.stored import experiment, past_of
from ledger.experiments.tables import ExperimentRow, RunRow
from ledger.experiments.turnstile import INTERRUPTED, Job, Turnstile, is_trouble, note_of
from ledger.experiments.words import Arm, Case, Experiment
from ledger.extraction.extractor import ExtractionResult, Extractor
from ledger.extraction.models import ModelTable
from ledger.extraction.runner import Looker
from ledger.extraction.stored_run import error_columns, result_columns, storable
from ledger.notes import Note

log = logging.getLogger(__name__)

_RENEW_SECONDS: Final = 2.0
"""How often we say that we are there, and ask whether to go on."""

_MAYBE_BILLED: Final = (ModelTimeout.__name__,)
"""Failures of which nobody says what they cost: the service answers on, and its answer reaches nobody."""
_BILLED: Final = sa.or_(RunRow.error_class.is_(None), RunRow.error_class.in_(_MAYBE_BILLED))

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
        done = _stored(self._database, of)
        jobs = list(jobs_of(of, cases, done, lambda arm: self._extractors[arm.engine].shares_requests(arm.settings)))
        past = past_of(self._database, [arm.settings.model for arm in of.arms])

        def expected(job: Job) -> float:
            return cost_of_request(job.arm, [job.case], self._models, past, len(job.repetitions)) or 0

        spent = _spent(self._database, of, lambda arm: cost_of_request(arm, cases, self._models, past) or 0)
        turnstile = Turnstile(jobs, expected=expected, budget=of.budget_microusd, spent=spent)
        opened = Opened(self._picture, self._looker, Counter(job.case.id for job in jobs))
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


def jobs_of(
    of: Experiment, cases: Sequence[Case], done: Collection[tuple[int, int, int]], shares: Callable[[Arm], bool]
) -> Iterator[Job]:
    """What is left to be run, in the experiment's own random order; `done` are (arm, case, repetition).

    Receipts come in random order, and at each receipt all of its runs, in random order again: no arm runs earlier or
    later than another, and a picture is opened once.
    """
    for job in _in_order(of, cases, shares):
        left = tuple(n for n in job.repetitions if (job.arm.id, job.case.id, n) not in done)
        if left:
            yield Job(job.case, job.arm, left)


def _in_order(of: Experiment, cases: Sequence[Case], shares: Callable[[Arm], bool]) -> list[Job]:
    """All jobs. The first of each receipt comes ahead of the others by as many as are in flight.

    It opens the picture; right behind it, all of the others would wait for that, and nothing would be in flight.
    """
    order, found = random.Random(of.seed), list[Job]()
    for case in order.sample(cases, len(cases)):
        jobs = [job for arm in of.arms for job in _jobs(of, case, arm, shares(arm))]
        first, *others = order.sample(jobs, len(jobs))
        found.insert(max(len(found) - of.in_flight, 0) if others else len(found), first)
        found += others
    return found


def _jobs(of: Experiment, case: Case, arm: Arm, shares: bool) -> list[Job]:
    repetitions = range(of.repetitions_of(arm))
    together = of.shared_requests and shares and len(repetitions) > 1
    return [Job(case, arm, tuple(repetitions))] if together else [Job(case, arm, (n,)) for n in repetitions]


def _stored(database: Database, of: Experiment) -> set[tuple[int, int, int]]:
    """The runs that are there."""
    runs = sa.select(RunRow.arm_id, RunRow.case_id, RunRow.repetition).where(RunRow.experiment_id == of.id)
    with database.read() as session:
        return {(arm, case, number) for arm, case, number in session.execute(runs)}


def _spent(database: Database, of: Experiment, expected: Callable[[Arm], float]) -> float:
    """What the runs that are there cost; those of which nobody said it, as expected of their arm."""
    untold = sa.case((sa.and_(RunRow.cost_microusd.is_(None), _BILLED), 1), else_=0)
    by_arm = (
        sa.select(RunRow.arm_id, sa.func.sum(RunRow.cost_microusd), sa.func.sum(untold))
        .where(RunRow.experiment_id == of.id)
        .group_by(RunRow.arm_id)
    )
    arms = {arm.id: arm for arm in of.arms}
    with database.read() as session:
        return sum(
            float(told or 0) + int(count) * expected(arms[arm_id]) for arm_id, told, count in session.execute(by_arm)
        )


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
        good = [pair for pair in zip(job.repetitions, outcomes, strict=True) if not _in_trouble(pair[1])]
        rows = [self._row(job, number, outcome, milliseconds) for number, outcome in good]
        if rows:
            told = f"what {job.arm.name} read of {job.case.object_key} in experiment {self._experiment.id}"
            self._database.insist(store_runs, rows, told=told)
            left = tuple(number for number in job.repetitions if number not in {n for n, _ in good})
            self._turnstile.came_in(job, _cost(rows), left)
            if not left:
                self._opened.done(job.case)
        for outcome in outcomes:
            if isinstance(outcome, LedgerError) and is_trouble(outcome):
                raise outcome

    def _outcomes(self, job: Job) -> tuple[list[Outcome], int]:
        """One outcome a repetition, and the reader's own milliseconds: neither fetching the picture nor the look.

        A picture that cannot be opened is an outcome of all of them.
        """
        extractor, times = self._extractors[job.arm.engine], len(job.repetitions)
        outcomes: list[Outcome]
        started = time.monotonic()
        try:
            photo, look = self._opened.of(job.case)
            started = time.monotonic()
            outcomes = [*extractor.extract_repeatedly(photo, job.arm.settings, times, look)]
        except LedgerError as error:
            outcomes = [error] * times
        except Exception as error:  # a defect that this photo brings out: a result as well, and the log has the rest
            log.exception("%s could not be read in an unexpected way", job.case.object_key)
            outcomes = [LedgerError(why=type(error).__name__)] * times
        return outcomes, round((time.monotonic() - started) * 1000)

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


def _in_trouble(outcome: Outcome) -> bool:
    return isinstance(outcome, LedgerError) and is_trouble(outcome)


def _cost(rows: Sequence[Mapping[str, Any]]) -> float | None:
    """What they cost together; None where one was billed, or may have been, and nobody says for how much."""
    untold = [row for row in rows if row.get("cost_microusd") is None]
    if any(row.get("error_class") in (None, *_MAYBE_BILLED) for row in untold):
        return None
    return sum(row.get("cost_microusd") or 0 for row in rows)


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
