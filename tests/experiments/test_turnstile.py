"""Work is handed out within the budget, waits while the service is in trouble, and is never lost."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from ledger.errors import (
    AnswerCutOff,
    LedgerError,
    ModelServerError,
    ModelTimeout,
    PictureReplaced,
    QuotaExhausted,
    RateLimited,
    StoreUnavailable,
)
from ledger.experiments.turnstile import BUDGET_REACHED, MOST_ALONE, WAITS, Job, Turnstile, is_trouble
from tests.experiments.making import arm, case


class Clock:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def jobs(count: int) -> list[Job]:
    return [Job(case(number), arm(), (0,)) for number in range(count)]


def turnstile(count: int, clock: Clock | None = None, *, each: float = 10, **more: float) -> Turnstile:
    return Turnstile(jobs(count), expected=lambda _job: each, clock=clock or Clock(), **more)


def taken(work: Turnstile) -> Job:
    job = work.next()
    assert job is not None
    return job


def test_every_job_is_handed_out_once() -> None:
    work = turnstile(3)

    seen = []
    for _ in range(3):
        job = taken(work)
        seen.append(job.case.id)
        work.came_in(job, 1)

    assert seen == [0, 1, 2]
    assert work.next() is None
    assert work.is_done
    assert work.why is None


def test_it_is_not_done_while_a_job_is_in_flight() -> None:
    work = turnstile(1)

    job = taken(work)

    assert not work.is_done
    work.came_in(job, 1)
    assert work.is_done


def test_who_finds_nothing_waits_for_what_may_come_back() -> None:
    work = turnstile(1)
    job = taken(work)
    found: list[Job | None] = []
    other = threading.Thread(target=lambda: found.append(work.next()))
    other.start()

    work.came_in(job, 1, left=(0,))
    other.join(5)

    assert [each.case.id for each in found if each] == [0]


def test_a_budget_stops_before_the_run_that_would_go_beyond_it() -> None:
    work = turnstile(5, budget=25)

    for _ in range(2):
        work.came_in(taken(work), 10)

    assert work.next() is None
    assert not work.is_done
    assert work.why is not None
    assert work.why.sentence == BUDGET_REACHED


def test_what_is_in_flight_counts_against_the_budget_as_expected() -> None:
    work = turnstile(5, budget=25)
    first, second = taken(work), taken(work)
    found: list[Job | None] = []
    third = threading.Thread(target=lambda: found.append(work.next()))
    third.start()

    work.came_in(first, 1)  # cheaper than expected, so there is room for one more
    third.join(5)
    work.came_in(second, 1)

    assert len(found) == 1
    assert found[0] is not None


def test_what_was_spent_before_an_interruption_counts() -> None:
    work = turnstile(5, budget=25, spent=20)

    assert work.next() is None
    assert work.why is not None


def test_what_a_job_is_expected_to_cost_is_learned_from_those_before() -> None:
    work = turnstile(5, budget=100, each=60)
    work.came_in(taken(work), 10)

    both = [taken(work), taken(work)]

    assert [job.expected for job in both] == [10, 10]


def test_after_trouble_everybody_waits_and_the_job_comes_again() -> None:
    clock = Clock()
    work = turnstile(2, clock)
    job = taken(work)
    work.trouble(job, RateLimited(retry_after=1))
    found: list[Job | None] = []
    waiting = threading.Thread(target=lambda: found.append(work.next()), daemon=True)
    waiting.start()
    waiting.join(0.2)
    assert found == []

    clock.now += WAITS[0]
    waiting.join(5)

    assert [each.case.id for each in found if each] == [0]


def test_what_was_in_flight_together_is_one_trouble() -> None:
    clock = Clock()
    work = turnstile(20, clock)
    together = [taken(work) for _ in range(16)]

    for job in together:
        clock.now += 0.01
        work.trouble(job, ModelServerError(status=503))

    assert work.why is None


def test_lasting_trouble_stops_with_its_sentence() -> None:
    clock = Clock()
    work = turnstile(2, clock)

    for wait in (*WAITS, 0):
        job = taken(work)
        work.trouble(job, ModelServerError(status=503))
        clock.now += wait

    assert work.next() is None
    assert str(work.why) == str(ModelServerError(status=503))


def test_an_answer_after_trouble_makes_it_forgotten() -> None:
    clock = Clock()
    work = turnstile(20, clock)
    for _ in range(2 * len(WAITS)):
        job = taken(work)
        work.trouble(job, ModelServerError(status=503))
        clock.now += WAITS[0]
        work.came_in(taken(work), 1)

    assert work.why is None


def test_a_job_that_fails_while_others_come_in_is_tried_again_so_often_and_then_has_its_result() -> None:
    clock, error = Clock(), ModelServerError(status=500)
    work = turnstile(20, clock)

    for time in range(MOST_ALONE):
        job, other = taken(work), taken(work)
        assert (job.case.id, job.alone, is_trouble(error, job.alone)) == (0, time, True)
        clock.now += 1
        work.came_in(other, 1)
        work.trouble(job, error)
        clock.now += WAITS[0]

    assert not is_trouble(error, taken(work).alone)


def test_in_an_outage_no_job_has_failed_alone() -> None:
    clock = Clock()
    work = turnstile(20, clock)
    work.came_in(taken(work), 1)

    for wait in WAITS:
        clock.now += wait
        job = taken(work)
        work.trouble(job, ModelServerError(status=503))

    assert job.alone == 0
    assert is_trouble(RateLimited(retry_after=1), MOST_ALONE)


def test_an_empty_account_stops_at_once() -> None:
    work = turnstile(2)

    work.trouble(taken(work), QuotaExhausted())

    assert work.next() is None
    assert str(work.why) == str(QuotaExhausted())


def test_what_is_left_of_a_shared_request_comes_again_alone() -> None:
    shared = replace(jobs(1)[0], repetitions=(0, 1, 2))
    work = Turnstile([shared], expected=lambda _job: 1, clock=Clock())

    work.came_in(taken(work), 5, left=(2,))

    assert taken(work).repetitions == (2,)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RateLimited(retry_after=1), True),
        (StoreUnavailable(store="s", why="w"), True),
        (ModelTimeout(seconds=60), False),
        (AnswerCutOff(limit=9), False),
        (PictureReplaced(key="k"), False),
    ],
)
def test_only_what_says_nothing_of_the_arm_is_trouble(error: LedgerError, expected: bool) -> None:
    assert is_trouble(error) is expected
