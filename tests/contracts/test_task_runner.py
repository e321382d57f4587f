"""What every task runner does, whichever it is."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from ledger.tasks import InlineTaskRunner, TaskRunner, ThreadTaskRunner

SECONDS = 10
RUNNERS: dict[str, Callable[[], TaskRunner]] = {
    "inline": InlineTaskRunner,
    "one thread": lambda: ThreadTaskRunner(1),
    "three threads": lambda: ThreadTaskRunner(3),
}


@pytest.fixture(params=RUNNERS)
def runner(request: pytest.FixtureRequest) -> Iterator[TaskRunner]:
    runner = RUNNERS[request.param]()
    yield runner
    runner.close()


class Work:
    """Records what it was called with, from any thread."""

    def __init__(self) -> None:
        self.done: list[tuple[object, ...]] = []
        self._changed = threading.Condition()

    def do(self, *args: object) -> None:
        with self._changed:
            self.done.append(args)
            self._changed.notify_all()

    def fail(self, *args: object) -> None:
        self.do(*args)
        raise ZeroDivisionError

    def reaches(self, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.done) >= count, SECONDS)


def test_a_task_runs_with_its_arguments(runner: TaskRunner) -> None:
    work = Work()

    runner.submit(work.do, 7, "감자")

    assert work.reaches(1)
    assert work.done == [(7, "감자")]


def test_every_task_runs(runner: TaskRunner) -> None:
    work = Work()

    for n in range(50):
        runner.submit(work.do, n)

    assert work.reaches(50)
    assert sorted(work.done) == [(n,) for n in range(50)]


def test_tasks_may_be_submitted_from_several_threads(runner: TaskRunner) -> None:
    work = Work()
    threads = [threading.Thread(target=runner.submit, args=(work.do, n)) for n in range(10)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)

    assert work.reaches(10)
    assert sorted(work.done) == [(n,) for n in range(10)]


def test_an_error_ends_its_own_task_only_and_is_logged_with_its_arguments(
    runner: TaskRunner, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work()

    for n in range(5):  # more than there are threads
        runner.submit(work.fail, n)
    runner.submit(work.do, "after")

    assert work.reaches(6)
    assert ("after",) in work.done
    end = time.monotonic() + SECONDS
    while caplog.text.count("failed") < 5 and time.monotonic() < end:  # logged by each thread after the task has ended
        time.sleep(0.01)
    assert "task fail(0,) failed" in caplog.text
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


def test_a_task_may_submit_another(runner: TaskRunner) -> None:
    work = Work()

    runner.submit(lambda: runner.submit(work.do, "second"))

    assert work.reaches(1)


def test_closing_twice_harms_nothing_and_returns_at_once(runner: TaskRunner) -> None:
    runner.close()
    runner.close()
