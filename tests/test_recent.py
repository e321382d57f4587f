"""What others may change is asked for once a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from ledger.recent import LONGEST, Recent


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def asked() -> tuple[Recent[int], Clock]:
    clock, numbers = Clock(), count(1)
    return Recent(lambda: next(numbers), clock), clock


def test_an_answer_is_good_for_a_second() -> None:
    recent, clock = asked()
    assert [recent(), recent()] == [1, 1]
    clock.now += LONGEST
    assert [recent(), recent()] == [2, 2]


def test_what_this_process_changed_itself_is_asked_for_at_once() -> None:
    recent, _ = asked()
    assert recent() == 1
    recent.forget()
    assert recent() == 2


def test_nothing_is_an_answer_too() -> None:
    answers = iter([None, 5])
    recent: Callable[[], int | None] = Recent(lambda: next(answers))
    assert [recent(), recent()] == [None, None]


def test_an_error_is_raised_and_not_kept() -> None:
    answers: list[Callable[[], int]] = [lambda: 1 // 0, lambda: 7]
    recent = Recent(lambda: answers.pop(0)())
    with pytest.raises(ZeroDivisionError):
        recent()
    assert recent() == 7


def test_of_many_who_want_to_know_at_once_one_asks() -> None:
    numbers = count(1)

    def ask() -> int:
        time.sleep(0.2)  # as long as another one might ask beside it
        return next(numbers)

    recent = Recent(ask)
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(recent) for _ in range(20)]
        assert {answer.result(10) for answer in answers} == {1}


def test_all_who_wait_for_an_answer_hear_of_its_error() -> None:
    asked, told = threading.Event(), threading.Event()

    def ask() -> int:
        asked.set()
        told.wait(10)
        return 1 // 0

    recent = Recent(ask)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(recent)
        assert asked.wait(10)
        second = pool.submit(recent)
        told.set()
        for answer in (first, second):
            with pytest.raises(ZeroDivisionError):
                answer.result(10)
