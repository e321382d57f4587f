"""What others may change at any moment, asked for once a second instead of at each photo."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

LONGEST: Final = 1.0
"""Seconds until an answer is asked for again: what another process changes is seen that much later at most."""

Answer = TypeVar("Answer")


class Recent(Generic[Answer]):
    """What `ask` answers, of late. Safe to use from several threads; an error is raised and not kept."""

    def __init__(self, ask: Callable[[], Answer], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._known: tuple[float, Answer] | None = None

    def __call__(self) -> Answer:
        """The answer; asked for where none is known that is recent enough."""
        known, now = self._known, self._clock()
        if known is None or now - known[0] >= LONGEST:
            known = self._known = (now, self._ask())
        return known[1]

    def forget(self) -> None:
        """Ask again the next time: this process changed it itself."""
        self._known = None
