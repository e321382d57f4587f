"""What others may change at any moment, asked for once a second instead of at each photo."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, Generic, TypeVar

LONGEST: Final = 1.0
"""Seconds until an answer is asked for again: what another process changes is seen that much later at most."""

Answer = TypeVar("Answer")


class Recent(Generic[Answer]):
    """What `ask` answers, of late. Of several threads one asks, and the others wait for its answer.

    An error is raised in all of them and not kept.
    """

    def __init__(self, ask: Callable[[], Answer], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._asked_at = 0.0
        self._answer: Future[Answer] | None = None

    def __call__(self) -> Answer:
        """The answer; asked for where none is known that is recent enough."""
        with self._lock:
            answer, now = self._answer, self._clock()
            mine = answer is None or now - self._asked_at >= LONGEST
            if answer is None or mine:
                answer = self._answer = Future()
                self._asked_at = now
        if mine:
            self._answered(answer)
        return answer.result()

    def forget(self) -> None:
        """Ask again the next time: this process changed it itself."""
        with self._lock:
            self._answer = None

    def _answered(self, answer: Future[Answer]) -> None:
        try:
            answer.set_result(self._ask())
        except BaseException as error:
            with self._lock:
                if self._answer is answer:
                    self._answer = None
            answer.set_exception(error)
