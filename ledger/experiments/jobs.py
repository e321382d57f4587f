"""What is left to be run of an experiment, in which order, and what was spent on it so far."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import ModelTimeout
from ledger.experiments.tables import RunRow
from ledger.experiments.turnstile import Job
from ledger.experiments.words import Arm, Case, Experiment

_MAYBE_BILLED: Final = (ModelTimeout.__name__,)
"""Failures of which nobody says what they cost: the service answers on, and its answer reaches nobody."""
_BILLED: Final = sa.or_(RunRow.error_class.is_(None), RunRow.error_class.in_(_MAYBE_BILLED))


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


def runs_there(database: Database, of: Experiment) -> set[tuple[int, int, int]]:
    """The runs that are there."""
    runs = sa.select(RunRow.arm_id, RunRow.case_id, RunRow.repetition).where(RunRow.experiment_id == of.id)
    with database.read() as session:
        return {(arm, case, number) for arm, case, number in session.execute(runs)}


def spent_on(database: Database, of: Experiment, expected: Callable[[Arm], float]) -> float:
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


def cost_of(rows: Sequence[Mapping[str, Any]]) -> float | None:
    """What they cost together; None where one was billed, or may have been, and nobody says for how much."""
    untold = [row for row in rows if row.get("cost_microusd") is None]
    if any(row.get("error_class") in (None, *_MAYBE_BILLED) for row in untold):
        return None
    return sum(row.get("cost_microusd") or 0 for row in rows)
