"""How many photos are in work at once: so many with the model, and beside them as many as the processors can help.

Who asks the model only waits. All others want a processor: twenty that are begun together are ready together, late, and
until then the model has nothing to do.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar

from ledger import meters

_WORKING: Final = (os.cpu_count() or 1) + 1
"""One a processor, and one more that takes over where another waits for a moment, as for the database."""
_SENT_IN: Final = 0.01
"""Seconds in which a request is sent. What can wait would hold it up, as both want Python's lock."""

Result = TypeVar("Result")


class Crew:
    """The readers of one process; without a number of places with the model they need not heed each other.

    A thread that never began to work here, as an experiment's, may ask all the same and takes nobody's place.
    """

    def __init__(self, with_model: int | None = None, working: int = _WORKING) -> None:
        self._places = threading.Semaphore(with_model) if with_model else None
        self._hands = _Hands(working)
        self._mine = threading.local()
        self._beside = ThreadPoolExecutor(working, "beside")

    @contextmanager
    def works(self) -> Iterator[None]:
        """The block works on a photo: one of a few that do. Who has begun goes on before others begin."""
        if self._places is None:
            yield
            return
        self._hands.take(begun=False)
        self._mine.at_work = True
        try:
            yield
        finally:
            self._mine.at_work = False
            self._hands.give()

    @contextmanager
    def waits(self) -> Iterator[None]:
        """The block waits for a network, and somebody else works meanwhile."""
        if not self._is_at_work():
            yield
            return
        self._hands.give()
        try:
            yield
        finally:
            with _waiting():
                self._hands.take(begun=True)

    @contextmanager
    def asks(self) -> Iterator[None]:
        """The block asks the model, in one of the places for that. Waits for one are none of the reading's own time."""
        with self._place():
            self._begin_what_can_wait()
            yield

    @contextmanager
    def meanwhile(self, work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
        """`work` is done while the block asks the model; what is given waits for it, and itself does what nobody began.

        Before a request is sent, it would keep the model waiting; beside it, nobody waits for it.
        """
        self._mine.can_wait = later = _Later(work)
        try:
            yield partial(self._done, later)
        finally:
            self._mine.can_wait = None

    def _begin_what_can_wait(self) -> None:
        later: _Later[Any] | None = getattr(self._mine, "can_wait", None)
        if later is None or later.future is not None:
            return
        with suppress(RuntimeError):  # the process ends, and nobody begins anything; see _done
            later.future = self._beside.submit(copy_context().run, self._work, later.work)

    def _work(self, work: Callable[[], Result]) -> Result:
        time.sleep(_SENT_IN)
        with self.works():
            return work()

    def _done(self, later: _Later[Result]) -> Result:
        if later.future is None:
            return later.work()
        with self.waits():
            return later.future.result()

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._places is None or not self._is_at_work():
            yield
            return
        with _waiting():
            self._places.acquire()
        try:
            yield
        finally:
            self._places.release()

    def _is_at_work(self) -> bool:
        return getattr(self._mine, "at_work", False)


@dataclass(slots=True)
class _Later(Generic[Result]):
    """Work that can wait until the model is asked."""

    work: Callable[[], Result]
    future: Future[Result] | None = None
    """None as long as nobody has begun it."""


class _Hands:
    """So many may work. Who has begun goes first: otherwise all would be begun before one is with the model."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._lock = threading.Lock()
        self._begun: deque[threading.Lock] = deque()
        self._new: deque[threading.Lock] = deque()

    def take(self, *, begun: bool) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            called = threading.Lock()
            called.acquire()
            (self._begun if begun else self._new).append(called)
        called.acquire()

    def give(self) -> None:
        with self._lock:
            waiting = self._begun or self._new
            if waiting:
                waiting.popleft().release()
            else:
                self._free += 1


@contextmanager
def _waiting() -> Iterator[None]:
    began = time.monotonic()
    yield
    meters.waited(time.monotonic() - began)
