"""Hands out the work of an experiment: at most what the budget allows, and nothing while the service is in trouble.

How fast the model is asked is not decided here but at each request, for experiments and for photos alike: see
ledger/extraction/pace.py.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ledger.errors import (
    KeyRefused,
    LedgerError,
    MissingKey,
    ModelNotFound,
    ModelServerError,
    ModelTimeout,
    ModelUnreachable,
    QuotaExhausted,
    StoreUnavailable,
)
from ledger.experiments.words import Arm, Case
from ledger.notes import Note

BUDGET_REACHED: Final = "The budget is used up: the next runs would go beyond it. Raise it to go on."
INTERRUPTED: Final = "The process that ran it was ended. Go on when you like; nothing is paid twice."
SENTENCES: Final = (BUDGET_REACHED, INTERRUPTED)

WAITS: Final = (1, 2, 4, 8, 15, 30, 60)
"""Seconds between the tries while the service is in trouble, two minutes in all; then it is paused."""
_USELESS_TO_WAIT: Final = (MissingKey, KeyRefused, QuotaExhausted)
_OF_THE_ARM: Final = (ModelTimeout, ModelNotFound)
"""Transient elsewhere; here a model that is too slow, or that is not there, is what was found out about the arm."""

_OF_THE_JOB: Final = (ModelServerError, ModelUnreachable, StoreUnavailable)
"""Mostly an outage; but a service may fail on just this picture each time, and a store may never give it."""
MOST_ALONE: Final = 3
"""So often a job is tried again that fails while others come in."""


@dataclass(frozen=True, slots=True)
class Job:
    """One receipt to be read by one arm, in one request, for these repetitions."""

    case: Case
    arm: Arm
    repetitions: tuple[int, ...]
    began: float = 0.0
    expected: float = 0.0
    """What it is expected to cost, millionths of a US dollar."""
    alone: int = 0
    """How often it was in trouble while others came in."""


def is_trouble(error: LedgerError, alone: int = 0) -> bool:
    """Whether an error says nothing of the arm: a service, a store or a database is away, or asks to slow down.

    A job that met it `alone`, again and again while others came in, has it for its result: it would never end.
    """
    if isinstance(error, _OF_THE_JOB) and alone >= MOST_ALONE:
        return False
    return error.transient and not isinstance(error, _OF_THE_ARM)


def note_of(error: LedgerError) -> Note:
    """What an error says, as the reason for which an experiment stands still."""
    return Note(error.sentence, {name: str(value) for name, value in error.fields.items()})


class Turnstile:
    """Gives jobs to several threads. What is in trouble is given back and handed out again, after a wait for all."""

    def __init__(
        self,
        jobs: Iterable[Job],
        *,
        expected: Callable[[Job], float],
        budget: int | None = None,
        spent: float = 0,
        clock: Callable[[], float] = time.monotonic,
        waits: Sequence[float] = WAITS,
    ) -> None:
        self._jobs = deque(jobs)
        self._expected = expected
        self._budget = budget
        self._spent = spent
        self._clock = clock
        self._waits = waits
        self._in_flight: dict[int, Job] = {}
        self._seen: dict[tuple[int, int], tuple[float, int]] = {}
        self._quiet_until = self._troubled_at = self._came_in_at = 0.0
        self._troubles = 0
        self._stopped = False
        self._changed = threading.Condition()
        self.why: Note | None = None
        """Why it was stopped before the end, if there is a reason to tell."""

    @property
    def is_done(self) -> bool:
        """Whether everything has come in."""
        with self._changed:
            return not self._jobs and not self._in_flight

    def next(self) -> Job | None:
        """The next job, once there is one; None when there will be none any more."""
        with self._changed:
            while not self._stopped and (self._jobs or self._in_flight):
                job = self._ready()
                if job is not None:
                    return job
                self._changed.wait(self._wait())
            return None

    def came_in(self, job: Job, cost: float | None, left: tuple[int, ...] = ()) -> None:
        """A job has its answers, but for the repetitions that are `left`: those are handed out again.

        A cost that nobody tells is None, and counts as expected.
        """
        with self._changed:
            self._end(job)
            self._spent += job.expected if cost is None else cost
            if cost and not left:
                self._learn(job, cost)
            if left:
                self._jobs.appendleft(replace(job, repetitions=left))
            else:
                self._troubles, self._came_in_at = 0, self._clock()
            self._changed.notify_all()

    def trouble(self, job: Job, error: LedgerError) -> None:
        """A job could not be done for a reason that may pass: all wait a while, or stop where waiting is no use."""
        with self._changed:
            if id(job) in self._in_flight:
                self._end(job)
                self._jobs.appendleft(replace(job, alone=job.alone + (self._came_in_at > job.began)))
            if isinstance(error, _USELESS_TO_WAIT) or self._troubles == len(self._waits):
                self._stop(note_of(error))
            elif job.began >= self._troubled_at:  # those that were in flight together are one trouble
                self._troubled_at = self._clock()
                self._quiet_until = self._troubled_at + self._waits[self._troubles]
                self._troubles += 1
            self._changed.notify_all()

    def stop(self, why: Note | None = None) -> None:
        """Hand out nothing more. What is in flight still comes in."""
        with self._changed:
            self._stop(why)
            self._changed.notify_all()

    def _ready(self) -> Job | None:
        if not self._jobs or self._clock() < self._quiet_until:
            return None
        job = replace(self._jobs[0], began=self._clock())
        job = replace(job, expected=self._cost_of(job))
        reserved = sum(other.expected for other in self._in_flight.values())
        if self._budget is not None and self._spent + reserved + job.expected > self._budget:
            if not self._in_flight:  # what is in flight may turn out cheaper than expected
                self._stop(Note(BUDGET_REACHED))
            return None
        self._jobs.popleft()
        self._in_flight[id(job)] = job
        return job

    def _wait(self) -> float | None:
        wait = self._quiet_until - self._clock()
        return wait if wait > 0 else None if self._in_flight else 0.0

    def _stop(self, why: Note | None) -> None:
        if not self._stopped:
            self._stopped, self.why = True, why

    def _end(self, job: Job) -> None:
        self._in_flight.pop(id(job), None)

    def _learn(self, job: Job, cost: float) -> None:
        kind = job.arm.id, len(job.repetitions)
        total, count = self._seen.get(kind, (0.0, 0))
        self._seen[kind] = total + cost, count + 1

    def _cost_of(self, job: Job) -> float:
        total, count = self._seen.get((job.arm.id, len(job.repetitions)), (0.0, 0))
        return total / count if count else self._expected(job)
