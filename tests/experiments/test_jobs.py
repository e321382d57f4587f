"""The runs of an experiment come in a random order, all of a receipt together, and none twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ledger.experiments.jobs import jobs_of
from ledger.experiments.words import Case, Experiment, ExperimentStatus
from tests.experiments.making import arm, case
from tests.factories import NOW


def _of(repetitions: int, arms: int = 2, seed: int = 0) -> Experiment:
    made = tuple(arm(number) for number in range(arms))
    return Experiment(
        id=1,
        name="",
        dataset=None,  # type: ignore[arg-type]  # the order of jobs does not ask for it
        arms=made,
        split=None,
        metric="all_right",
        repetitions=repetitions,
        shared_requests=False,
        in_flight=1,
        seed=seed,
        budget_microusd=None,
        status=ExperimentStatus.CREATED,
        reason=None,
        operator="",
        created_at=NOW,
        started_at=None,
        ended_at=None,
    )


def cases(count: int) -> list[Case]:
    return [case(number) for number in range(count)]


def test_the_order_is_random_and_the_same_for_a_seed() -> None:
    first, again, other = (
        [(job.case.id, job.arm.id, job.repetitions) for job in jobs_of(_of(2, seed=seed), cases(20), set(), bool)]
        for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other
    assert sorted(first) == sorted(other)


def test_all_runs_of_a_receipt_come_together_but_for_the_first_which_opens_it_ahead() -> None:
    of = replace(_of(3), in_flight=4)

    in_order = [job.case.id for job in jobs_of(of, cases(40), set(), bool)]

    places = {case_id: [at for at, each in enumerate(in_order) if each == case_id] for case_id in set(in_order)}
    later = sorted(places.values())[1:]  # before the first receipt there is none
    assert {len(at) for at in places.values()} == {6}
    assert all(at[1] - at[0] >= of.in_flight for at in later)
    assert all(at[-1] - at[0] < 2 * 6 + of.in_flight for at in later)


def test_no_arm_comes_first() -> None:
    opens: dict[int, int] = {}
    for job in jobs_of(_of(3), cases(40), set(), bool):
        opens.setdefault(job.case.id, job.arm.id)

    assert min(Counter(opens.values()).values()) >= 10


def test_what_is_stored_is_not_planned_again_and_the_rest_keeps_its_order() -> None:
    whole = list(jobs_of(_of(2), cases(5), set(), bool))
    done = {(job.arm.id, job.case.id, job.repetitions[0]) for job in whole[:7]}

    assert list(jobs_of(_of(2), cases(5), done, bool)) == whole[7:]
