"""How many photos are in work at once: so many with the model, and beside them as many as the processors can help.

Who asks the model only waits. All others want a processor: twenty that are begun together are ready together, late, and
until then the model has nothing to do.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ledger import meters

_WORKING: Final = (os.cpu_count() or 1) + 1
"""One a processor, and one more that takes over where another waits for a moment, as for the database."""


class Crew:
    """The readers of one process; without a number of places with the model they need not heed each other.

    A thread that never began to work here, as an experiment's, may ask all the same and takes nobody's place.
    """

    def __init__(self, with_model: int | None = None, working: int = _WORKING) -> None:
        self._places = threading.Semaphore(with_model) if with_model else None
        self._hands = threading.Semaphore(working)
        self._mine = threading.local()

    @contextmanager
    def works(self) -> Iterator[None]:
        """The block works on a photo: one of a few that do."""
        if self._places is None:
            yield
            return
        with self._hands:
            self._mine.at_work = True
            try:
                yield
            finally:
                self._mine.at_work = False

    @contextmanager
    def waits(self) -> Iterator[None]:
        """The block waits for a network, and somebody else works meanwhile."""
        if not self._is_at_work():
            yield
            return
        self._hands.release()
        try:
            yield
        finally:
            _wait_for(self._hands)

    @contextmanager
    def asks(self) -> Iterator[None]:
        """The block asks the model, in one of the places for that. Waits for one are none of the reading's own time."""
        if self._places is None or not self._is_at_work():
            yield
            return
        with self.waits():
            _wait_for(self._places)
            try:
                yield
            finally:
                self._places.release()

    def _is_at_work(self) -> bool:
        return getattr(self._mine, "at_work", False)


def _wait_for(places: threading.Semaphore) -> None:
    began = time.monotonic()
    places.acquire()
    meters.waited(time.monotonic() - began)
