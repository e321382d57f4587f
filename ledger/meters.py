"""What only this process knows: readings and requests, as they happen. Pure, but for the counting.

What the database knows is counted there, whichever process did it: see ledger/watch/desk_figures.py.
"""

from __future__ import annotations

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
    "From the photo's fetch to its reading, before it is stored.",
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


@contextmanager
def reading(engine: str) -> Iterator[Callable[[str], None]]:
    """Measure one reading. What is yielded takes its outcome; a reading that never tells it has broken off."""
    outcome, began = "broken_off", time.perf_counter()

    def ended(told: str) -> None:
        nonlocal outcome
        outcome = told

    with _in_flight.track_inprogress():
        try:
            yield ended
        finally:
            _readings.labels(engine, outcome).observe(time.perf_counter() - began)


def request(route: str, method: str, status: int, seconds: float) -> None:
    """Count one request of the HTTP interface. A route is its template, never an address."""
    _requests.labels(route, method, status).observe(seconds)
