"""What the database knows of the desk, as metrics. Each process tells the same of it, so whoever adds up, takes one."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import DatabaseError
from ledger.operations.ever import Ever, EverCounter, Kind
from ledger.operations.now import Now, how_things_stand

SECONDS_KEPT: Final = 10
"""Several may watch, and none of them needs more than what was counted a moment ago."""


@dataclass(frozen=True, slots=True)
class _Counted:
    now: Now
    ever: Ever


class DeskFigures(Collector):
    """Counts at a scrape, unless it was counted just before."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now, seconds_kept: float = SECONDS_KEPT
    ) -> None:
        self._database, self._clock, self._seconds_kept = database, clock, seconds_kept
        self._ever = EverCounter(database)
        self._lock = threading.Lock()
        self._counted: _Counted | None = None
        self._good_until = 0.0

    def collect(self) -> Iterator[Metric]:
        """The metrics; where the database does not answer, only that."""
        counted, now = self._fresh(), self._clock()
        answers = "Whether the database answered when this was counted."
        yield GaugeMetricFamily("ledger_database_up", answers, counted is not None)
        if counted is not None:
            yield from queue_metrics(counted.now, now)
            yield from ever_metrics(counted.ever)

    def _fresh(self) -> _Counted | None:
        with self._lock:
            if time.monotonic() >= self._good_until:
                self._counted = self._count()
                self._good_until = time.monotonic() + self._seconds_kept
            return self._counted

    def _count(self) -> _Counted | None:
        now = self._clock()
        try:
            self._database.check()  # before the schema is there, tables are missing, which no outage is
            return _Counted(how_things_stand(self._database, now), self._ever.count(now))
        except DatabaseError:
            return None


def queue_metrics(stand: Now, now: dt.datetime) -> Iterator[Metric]:
    """What waits, and since when."""
    waiting = GaugeMetricFamily(
        "ledger_queue_receipts", "Receipts that wait: to be read, for people, or failed.", labels=["status"]
    )
    for status, count in (("pending", stand.pending), ("ready", stand.ready), ("failed", stand.failed)):
        waiting.add_metric([status], count)
    yield waiting
    age = (now - stand.oldest).total_seconds() if stand.oldest else 0
    yield GaugeMetricFamily("ledger_queue_oldest_seconds", "Age of the oldest photo that waits; 0 if none does.", age)


def ever_metrics(ever: Ever) -> Iterator[Metric]:
    """What was read and decided since the desk began."""
    readings = CounterMetricFamily(
        "ledger_readings", "Readings, by the error that stopped them.", labels=["engine", "model", "outcome"]
    )
    for (engine, model, error), count in ever.readings.items():
        readings.add_metric([engine, model, error or "read"], count)
    yield readings
    yield _by_model("ledger_readings_unpriced", "Readings whose price is not known.", ever.unpriced)
    yield _tokens(ever)
    dollars = {kind: cost / 1e6 for kind, cost in ever.cost_microusd.items()}
    yield _by_model("ledger_reading_cost_usd", "What readings cost, US dollars, as far as prices are known.", dollars)
    told = "Decisions, also those undone since; auto_confirmed ones were nobody's."
    decisions = CounterMetricFamily("ledger_decisions", told, labels=["decision"])
    for decision, count in ever.decisions.items():
        decisions.add_metric([decision], count)
    yield decisions


def _tokens(ever: Ever) -> Metric:
    told = "Tokens of readings: sent, sent and billed as cached, answered. Together they are all."
    family = CounterMetricFamily("ledger_reading_tokens", told, labels=["engine", "model", "kind"])
    for name, tokens in (
        ("sent", ever.sent_tokens),
        ("cached", ever.cached_tokens),
        ("answered", ever.answered_tokens),
    ):
        for (engine, model), count in _models(tokens).items():
            family.add_metric([engine, model, name], count)
    return family


def _by_model(name: str, told: str, values: Mapping[Kind, float]) -> Metric:
    family = CounterMetricFamily(name, told, labels=["engine", "model"])
    for (engine, model), value in _models(values).items():
        family.add_metric([engine, model], value)
    return family


def _models(values: Mapping[Kind, float]) -> dict[tuple[str, str], float]:
    """Whatever became of the readings."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (engine, model, _), value in values.items():
        found[engine, model] += value
    return found
