"""Background work: in order, once, and whatever one task does to itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from ledger.tasks import InlineTaskRunner, TaskRunner, ThreadTaskRunner

SECONDS = 10


@pytest.fixture
def one_thread() -> Iterator[ThreadTaskRunner]:
    runner = ThreadTaskRunner(1)
    yield runner
    runner.close()


class Held:
    """A task that holds its thread until it is let go."""

    def __init__(self, runner: TaskRunner) -> None:
        self.begun, self._go = threading.Event(), threading.Event()
        runner.submit(self._hold)
        assert self.begun.wait(SECONDS)

    def _hold(self) -> None:
        self.begun.set()
        self._go.wait(SECONDS)

    def let_go(self) -> None:
        self._go.set()


def finish(runner: TaskRunner) -> None:
    """Wait until everything that was submitted is done."""
    done = threading.Event()
    runner.submit(done.set)
    assert done.wait(SECONDS)


def broken(_receipt_id: int) -> None:
    raise ZeroDivisionError


def test_tasks_run_in_the_order_in_which_they_came(one_thread: ThreadTaskRunner) -> None:
    done: list[int] = []

    for n in range(20):
        one_thread.submit(done.append, n)
    finish(one_thread)

    assert done == list(range(20))


def test_an_error_is_logged_and_the_thread_goes_on(
    one_thread: ThreadTaskRunner, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[int] = []

    one_thread.submit(broken, 7)
    one_thread.submit(done.append, 8)
    finish(one_thread)

    assert done == [8]
    assert [record.getMessage() for record in caplog.records] == ["task broken(7,) failed"]
    assert caplog.records[0].exc_info is not None


def test_a_waiting_task_is_queued_once(one_thread: ThreadTaskRunner) -> None:
    done: list[int] = []
    held = Held(one_thread)

    for n in (1, 2, 1, 1):
        one_thread.submit(done.append, n)
    held.let_go()
    finish(one_thread)

    assert done == [1, 2]


def test_the_same_task_is_queued_again_once_it_has_begun(one_thread: ThreadTaskRunner) -> None:
    done: list[int] = []
    for _ in range(3):
        one_thread.submit(done.append, 1)
        finish(one_thread)

    assert done == [1, 1, 1]


def test_as_many_tasks_run_at_once_as_there_are_threads() -> None:
    runner = ThreadTaskRunner(2)
    first, second = Held(runner), Held(runner)

    first.let_go()
    second.let_go()
    runner.close()


def test_closing_drops_what_waits_and_lets_what_runs_end(one_thread: ThreadTaskRunner) -> None:
    done: list[int] = []
    held = Held(one_thread)
    one_thread.submit(done.append, 1)

    one_thread.close()
    held.let_go()
    ended = [thread.join(SECONDS) or not thread.is_alive() for thread in _threads()]

    assert all(ended)
    assert done == []


def test_a_closed_runner_takes_no_more_tasks() -> None:
    runner, done = ThreadTaskRunner(1), threading.Event()
    runner.close()

    runner.submit(done.set)

    assert not done.wait(0.2)


def test_closing_twice_or_while_tasks_are_taken_never_waits() -> None:
    for _ in range(200):
        runner = ThreadTaskRunner(2)
        for n in range(5):
            runner.submit(int, n)
        closing = threading.Thread(target=lambda runner=runner: (runner.close(), runner.close()))
        closing.start()
        closing.join(SECONDS)
        assert not closing.is_alive()


def test_a_task_in_flight_does_not_keep_the_process_alive(one_thread: ThreadTaskRunner) -> None:
    assert all(thread.daemon for thread in _threads())


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("reader-")]


def test_inline_tasks_run_at_once_and_an_error_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    runner, done = InlineTaskRunner(), []

    runner.submit(broken, 7)
    runner.submit(done.append, 8)
    runner.close()

    assert done == [8]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
