"""What others may change is asked for once a second."""

from __future__ import annotations

from collections.abc import Callable
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
