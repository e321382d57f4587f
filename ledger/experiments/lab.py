"""Runs an experiment: every arm over every receipt, as often as planned, each run stored as soon as it is there."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from typing import Final

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import DatabaseError
from ledger.experiments import standing
from ledger.experiments.datasets import cases_of
from ledger.experiments.jobs import jobs_of, runs_there, spent_on
from ledger.experiments.opened import Opened
from ledger.experiments.plan import cost_of_request
from ledger.experiments.stored import experiment, past_of
from ledger.experiments.turnstile import INTERRUPTED, WAITS, Job, Turnstile
from ledger.experiments.words import Case, Experiment
from ledger.experiments.work import Work
from ledger.extraction.extractor import Extractor
from ledger.extraction.models import ModelTable
from ledger.extraction.runner import Looker
from ledger.notes import Note

log = logging.getLogger(__name__)

_RENEW_SECONDS: Final = 2.0
"""How often we say that we are there, and ask whether to go on."""


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
        waits: Sequence[float] = WAITS,
    ) -> None:
        self._database = database
        self._picture = picture
        self._extractors = extractors
        self._looker = looker
        self._models = models
        self._clock = clock
        self._waits = waits

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
        turnstile = Turnstile(jobs, expected=expected, budget=of.budget_microusd, spent=spent, waits=self._waits)
        looker = None if all(arm.is_deterministic for arm in of.arms) else self._looker
        opened = Opened(self._picture, looker, Counter(job.case.id for job in jobs))
        work = Work(self._database, of, self._extractors, opened, turnstile, self._clock)
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
