"""The figures of a busy month: a hundred thousand decisions and readings within 30 days, on MariaDB."""

from __future__ import annotations

import datetime as dt
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from benchmarks.parts.figures import Figure
from ledger.database import Database
from ledger.operations.figures import count, figures
from ledger.operations.now import how_things_stand
from ledger.operations.period import Period
from tests import servers
from tests.schema import created

COUNT: Final = 100_000
_LAST: Final = dt.date(2026, 11, 20)
_NOON: Final = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
_ROUNDS: Final = 15
_BEGIN: Final = "'2026-10-21 15:00:00'"
_EVERY: Final = "25.5"
"""Seconds from one to the next, so that they fill the days up to noon of the last one."""


def measured() -> Iterator[Figure]:
    """Milliseconds, medians: as they are told while somebody works, and when nobody looked at them before."""
    with tempfile.TemporaryDirectory() as folder, servers.mariadb(Path(folder), buffer_mb=512) as url:
        database = _busy_month(url)
        month = Period.of(_LAST - dt.timedelta(days=29), _LAST, "Asia/Seoul")
        before, today = month.split(_LAST)
        kept = count(database, before)
        what = f"figures of 30 days with {COUNT:,} decisions, ms"
        told = _median(lambda: figures(database, [kept, count(database, today)]))
        yield Figure(f"{what}, earlier days counted before", told, 300, at_least=False)
        first = _median(lambda: figures(database, [count(database, before), count(database, today)]))
        yield Figure(f"{what}, for the first time", first, 1_000, at_least=False)
        now = _median(lambda: how_things_stand(database, _NOON))
        yield Figure("how things stand now, ms", now, 100, at_least=False)
        database.close()


def _median(work: Callable[[], object]) -> float:
    work()
    return statistics.median(_milliseconds(work) for _ in range(_ROUNDS))


def _milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def _busy_month(url: str) -> Database:
    """A migrated database in which all that happened, written by the server itself."""
    database = created(f"{url}/operations")
    with database.engine.begin() as connection:
        for statement in _statements():
            connection.exec_driver_sql(statement.replace("%", "%%"))
    return database


def _statements() -> Iterator[str]:
    when, numbers = f"{_BEGIN} + INTERVAL seq * {_EVERY} SECOND", f"FROM seq_1_to_{COUNT}"
    fields = (
        "date",
        "location",
        "total_amount",
        *(f"items.{i}.{name}" for i in range(6) for name in ("name", "price")),
    )
    effort = json.dumps({field: {"seconds": 1.25, "edits": 1} for field in fields})
    document = json.dumps({"items": [{"name": "item", "price": 4_000, "count": 1}] * 12})
    yield (
        "INSERT INTO receipt (id, object_hash, store, object_key, etag, size, status, quarter_turns, version,"
        " arrived_at, created_at) SELECT seq, SHA2(seq, 256), 's3://b/', seq, 'e', 1, 'confirmed', 0, 1,"
        f" {when}, {when} {numbers}"
    )
    yield (
        "INSERT INTO extraction (id, receipt_id, engine, model, settings, document, raw_answer, latency_ms, created_at,"
        " prompt_tokens, completion_tokens, cached_tokens, cost_microusd, error_class) SELECT seq, seq, 'openai',"
        f" IF(seq % 3 = 0, 'gpt-4o-mini', 'gpt-4o'), '{{}}', '{document}', '{document}', 1, {when}, 1200, 300, 0, 6000,"
        f" IF(seq % 50 = 0, 'ModelTimeout', NULL) {numbers}"
    )
    yield (
        "INSERT INTO review (id, action_id, receipt_id, extraction_id, decision, document, seconds, effort, operator,"
        f" created_at) SELECT seq, seq, seq, seq, IF(seq % 20 = 0, 'rejected', 'confirmed'), '{document}',"
        f" 2 + 40 * RAND(seq), '{effort}', CONCAT('operator ', seq % 8), {when} {numbers}"
    )
    yield (
        "INSERT INTO correction (review_id, receipt_id, extraction_id, field, created_at) SELECT seq, seq, seq,"
        f" 'item.name', {when} {numbers} WHERE seq % 3 = 0"
    )
    yield "ANALYZE TABLE receipt, extraction, review, correction"
