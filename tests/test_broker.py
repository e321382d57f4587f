"""Tasks that go through Redis to a worker, which is a process of its own."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from ledger.broker import CeleryTaskRunner, Presence, workers_at
from ledger.errors import BrokerUnavailable
from tests import recording_worker, servers
from tests.forked import ForkedDesk
from tests.recording_worker import Recorder

ROOT = Path(__file__).parents[1]
NOWHERE = "redis://127.0.0.1:1/0"


class Worker:
    """A worker with two threads, and what it wrote down."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.file, self.log = url, folder / "done.txt", folder / "worker.log"
        self.tasks = Recorder(self.file)

    @contextlib.contextmanager
    def running(self, lost_seconds: int = 120) -> Iterator[ForkedDesk]:
        arguments = [self.url, str(self.file), str(lost_seconds)]
        process = ForkedDesk(arguments, log=self.log, env={}, cwd=ROOT, main=recording_worker.main)
        with servers.answering(process, "worker", log=self.log, stop=signal.SIGKILL):
            yield process

    def did(self) -> list[str]:
        return self.file.read_text().splitlines() if self.file.exists() else []

    def until(self, happened: Callable[[], bool]) -> None:
        end = time.monotonic() + 30
        while not happened():
            assert time.monotonic() < end, (self.did(), self.log.read_text())
            time.sleep(0.02)


@pytest.fixture
def worker(redis_url: str, tmp_path: Path) -> Worker:
    return Worker(redis_url, tmp_path)


@pytest.fixture
def runner(redis_url: str) -> Iterator[CeleryTaskRunner]:
    runner = CeleryTaskRunner(redis_url)
    yield runner
    runner.close()


def test_every_task_runs_with_its_arguments_and_one_that_fails_ends_itself_only(
    worker: Worker, runner: CeleryTaskRunner
) -> None:
    runner.submit(worker.tasks.fail, 7)
    for n in range(50):
        runner.submit(worker.tasks.do, n, n + 1)

    with worker.running():
        worker.until(lambda: len(worker.did()) == 51)

    assert sorted(worker.did()) == sorted(["fail 7", *(f"do {n} {n + 1}" for n in range(50))])
    assert "task fail(7,) failed" in worker.log.read_text()


def test_a_task_that_waits_already_is_not_queued_twice_and_one_that_was_begun_may_come_again(
    worker: Worker, runner: CeleryTaskRunner
) -> None:
    for _ in range(3):
        runner.submit(worker.tasks.do, 1)
    with worker.running():
        worker.until(lambda: worker.did() == ["do 1"])
        runner.submit(worker.tasks.do, 2)
        runner.submit(worker.tasks.do, 1)
        worker.until(lambda: len(worker.did()) == 3)

    assert sorted(worker.did()) == ["do 1", "do 1", "do 2"]


def test_a_worker_that_is_told_to_end_finishes_what_it_has_begun(worker: Worker, runner: CeleryTaskRunner) -> None:
    runner.submit(worker.tasks.take_long, 1)
    with worker.running() as process:
        worker.until(lambda: worker.did() == ["begun 1"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0

    assert worker.did() == ["begun 1", "ended 1"]


def test_what_a_killed_worker_had_and_what_it_only_held_goes_to_another_one(
    worker: Worker, runner: CeleryTaskRunner
) -> None:
    for n in range(6):
        runner.submit(worker.tasks.take_long, n)
    with worker.running(lost_seconds=3) as killed:
        worker.until(lambda: len(worker.did()) == 2)
        killed.send_signal(signal.SIGKILL)
        killed.wait(10)

    with worker.running(lost_seconds=3):
        worker.until(lambda: {f"ended {n}" for n in range(6)} <= set(worker.did()))


def test_what_redis_forgot_is_queued_again(worker: Worker, runner: CeleryTaskRunner) -> None:
    runner.submit(worker.tasks.do, 1)
    with Redis.from_url(worker.url) as redis:
        redis.flushall()
    runner.submit(worker.tasks.do, 1)

    with worker.running():
        worker.until(lambda: worker.did() == ["do 1"])


def test_a_worker_outlives_a_redis_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    port = servers.free_port()
    worker = Worker(f"redis://127.0.0.1:{port}/0", tmp_path)
    with contextlib.ExitStack() as first:
        first.enter_context(servers.redis(tmp_path, port, stop=signal.SIGKILL))
        running = contextlib.ExitStack()
        running.enter_context(worker.running())
        with contextlib.closing(CeleryTaskRunner(worker.url)) as runner:
            runner.submit(worker.tasks.do, 1)
            worker.until(lambda: worker.did() == ["do 1"])
    with running, servers.redis(tmp_path, port), contextlib.closing(CeleryTaskRunner(worker.url)) as runner:
        runner.submit(worker.tasks.do, 2)
        worker.until(lambda: worker.did() == ["do 1", "do 2"])


def test_a_redis_that_is_not_there_is_said_at_once() -> None:
    with contextlib.closing(CeleryTaskRunner(NOWHERE)) as runner, pytest.raises(BrokerUnavailable, match="refused"):
        runner.submit(Recorder(Path("nowhere")).do, 1)
    with pytest.raises(BrokerUnavailable):
        workers_at(NOWHERE)


def test_a_task_that_redis_did_not_take_is_queued_the_next_time(
    redis_url: str, worker: Worker, runner: CeleryTaskRunner
) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.set("ledger", "no list, to which anything could be added")
        with pytest.raises(BrokerUnavailable):
            runner.submit(worker.tasks.do, 1)
        redis.delete("ledger")

        runner.submit(worker.tasks.do, 1)

        assert redis.llen("ledger") == 1


def test_a_worker_counts_for_as_long_as_it_says_that_it_is_there(redis_url: str, runner: CeleryTaskRunner) -> None:
    first, second = Presence(redis_url), Presence(redis_url)
    seen = [runner.workers()]
    for presence in (first, first, second):
        presence.tell()
        seen.append(runner.workers())
    first.end()

    assert seen == [0, 1, 1, 2]
    assert workers_at(redis_url) == 1

    with Redis.from_url(redis_url) as redis:
        redis.zincrby("ledger:workers", -61, redis.zrange("ledger:workers", 0, 0)[0])  # a minute passes
    assert runner.workers() == 0
