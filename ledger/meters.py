"""What only this process knows: readings and requests, as they happen. Pure, but for the counting.

What the database knows is counted there, whichever process did it: see ledger/watch/desk_figures.py.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector, disable_created_metrics

PROCESS: Final = CollectorRegistry()
"""All meters of this process, and its memory, processor time and open files."""

ProcessCollector(registry=PROCESS)
disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series beside each, which nobody asks for

_SECONDS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300)
"""From an answer without any reading to the longest reading: what people wait for lies between one and thirty."""

_in_flight: Final = Gauge("ledger_readings_in_flight", "Readings that this process is doing now.", registry=PROCESS)
_readings: Final = Histogram(
    "ledger_reading_seconds",
    "From the photo's fetch to its reading, before it is stored, without waiting for room.",
    ["engine", "outcome"],
    buckets=_SECONDS,
    registry=PROCESS,
)
_requests: Final = Histogram(
    "ledger_api_request_seconds",
    "Requests to the HTTP interface, by the template of their route.",
    ["route", "method", "status"],
    buckets=_SECONDS,
    registry=PROCESS,
)
_room: Final = Histogram(
    "ledger_room_seconds",
    "How long requests to the model waited until its limits had room for them.",
    buckets=_SECONDS,
    registry=PROCESS,
)
_held: Final = Histogram(
    "ledger_held_seconds",
    "For how long nobody was to ask, each time that the model's service refused a request with HTTP 429.",
    buckets=_SECONDS,
    registry=PROCESS,
)
_waited: Final = threading.local()


def waited_for_room(seconds: float) -> None:
    """Count how long a request of this thread waited for room, if only for a moment."""
    waited(seconds)
    _room.observe(seconds)


def waited(seconds: float) -> None:
    """Take so long a wait of this thread for no time of its own."""
    _waited.seconds = getattr(_waited, "seconds", 0.0) + seconds


def held(seconds: float) -> None:
    """Count a request that the model's service refused because it was asked too much."""
    _held.observe(seconds)


def own_time() -> float:
    """Seconds of a clock of this thread that stands still while it waits for others."""
    return time.monotonic() - float(getattr(_waited, "seconds", 0.0))


@contextmanager
def reading(engine: str) -> Iterator[Callable[[str], None]]:
    """Measure one reading. What is yielded takes its outcome; a reading that never tells it has broken off."""
    outcome, began = "broken_off", own_time()

    def ended(told: str) -> None:
        nonlocal outcome
        outcome = told

    with _in_flight.track_inprogress():
        try:
            yield ended
        finally:
            _readings.labels(engine, outcome).observe(own_time() - began)


def request(route: str, method: str, status: int, seconds: float) -> None:
    """Count one request of the HTTP interface. A route is its template, never an address."""
    _requests.labels(route, method, status).observe(seconds)
