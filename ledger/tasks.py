"""Where background work runs: the seam, and a small pool in this process."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, Final, Protocol

from ledger import traces
from ledger.errors import LedgerError

log = logging.getLogger(__name__)

_STOP: Final = object()


class TaskRunner(Protocol):
    """Runs tasks some time later. A task takes ids and leaves its outcome in the database, never in memory."""

    def submit(self, task: Callable[..., object], *args: Any) -> None:
        """Run `task(*args)` soon, once if the same is waiting already. An error is logged and ends that task only.

        Raises BrokerUnavailable where tasks are handed to other processes and nobody takes them.
        """
        ...

    def workers(self) -> int | None:
        """How many processes there are that take tasks; None where tasks run in this one. Raises BrokerUnavailable."""
        ...

    def close(self) -> None:
        """Take no more tasks and drop those that have not begun."""
        ...


class InlineTaskRunner:
    """Runs each task at once, in the caller's thread: for commands and tests."""

    def submit(self, task: Callable[..., object], *args: Any) -> None:
        """Run it here."""
        run_task(task, args)

    def workers(self) -> None:
        """This process itself."""

    def close(self) -> None:
        """Nothing is waiting."""


class ThreadTaskRunner:
    """A fixed number of threads. They are daemons: a reading in flight never keeps the process alive.

    What is cut short that way is found again by its receipt, whose lease runs out.
    """

    def __init__(self, threads: int) -> None:
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._waiting: set[Any] = set()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work, name=f"reader-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Callable[..., object], *args: Any) -> None:
        """Queue it, unless the same task waits already."""
        job = (task, args)
        with self._lock:
            if job not in self._waiting:
                self._waiting.add(job)
                self._queue.put((job, traces.carried()))

    def workers(self) -> None:
        """This process itself."""

    def close(self) -> None:
        """Stop the threads once their present task is done; what waits is dropped."""
        # Not empty() and get(): a thread may take the last one in between, and get() would wait for ever.
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        for _ in self._threads:
            self._queue.put(_STOP)

    def _work(self) -> None:
        while (taken := self._queue.get()) is not _STOP:
            job, carried = taken
            with self._lock:
                self._waiting.discard(job)
            with traces.continued(carried):
                run_task(*job)


def run_task(task: Callable[..., object], args: tuple[Any, ...]) -> None:
    """Run one task. An error is logged: its outcome, good or not, is in the database."""
    try:
        task(*args)
    except Exception:
        log.exception("task %s%r failed", getattr(task, "__name__", task), args)


def keep_doing(task: Callable[[], object], seconds: float, stop: threading.Event) -> None:
    """Run a task, and again so many seconds after it ended, until `stop` is set; not at all with 0 seconds.

    An error is logged, and the next time comes all the same.
    """
    while seconds and not stop.is_set():
        attempt(task)
        stop.wait(seconds)


def attempt(task: Callable[[], object]) -> bool:
    """Run a task that nobody waits for; whether that worked. An error is said in the log."""
    try:
        task()
    except LedgerError as error:
        log.warning("%s", error)
        return False
    except Exception:
        log.exception("%s failed", getattr(task, "__name__", task))
        return False
    return True
