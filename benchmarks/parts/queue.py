"""How fast the queue answers with 1,000 and with 1,000,000 receipts, and what many operators at once do to each other.

Both databases lie in one MariaDB, their schema as always. A fifth of the receipts waits for a person, the others were
decided; they are of 10,000 places, three models and three years. Each query runs on the small and the large one in
turn, warm, so that what else the machine does meets both alike. A ratio of two times below a millisecond is mostly
that noise, so the times stand beside it. Run alone: python -m benchmarks.parts.queue
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks.parts import lookups
from benchmarks.parts.figures import Figure, report
from ledger.clock import utc_now
from ledger.database import Database
from ledger.receipt import Category, LineItem, Receipt, ReceiptStatus
from ledger.review import claims
from ledger.review.confirm import Action, confirm
from ledger.review.lists import count, page, waiting_counts
from ledger.review.queue import upcoming
from ledger.review.wanted import Filter, Order
from ledger.terms import place_terms
from tests import servers
from tests.schema import created

SMALL: Final = 1_000
LARGE: Final = 1_000_000
SAMPLES: Final = 200
CLAIMERS: Final = 20
CLAIMED: Final = 2_000
OPERATORS: Final = 10
CONFIRMS: Final = 200
THINKS: Final = 1.0
"""Seconds an operator looks at a receipt, on average: hardly more than the form asks for; real ones take ten times as
long and meet each other less."""

_FIRST: Final = "가나다라마바사아자차카타파하거너더러머버"
_SECOND: Final = "강남동서북평원주산천"
_SHOPS: Final = ("분식", "약국", "마트", "상회", "식당", "병원", "커피", "미용", "편의", "문구")
PLACES: Final = [f"{a}{b} {shop} {kind}" for a in _FIRST for b in _SECOND for shop in _SHOPS for kind in "12345"]
RECEIPT: Final = Receipt(
    date=dt.date(2024, 11, 11),
    location="가강 분식 1",
    items=tuple(LineItem(name=f"품목 {n}", price=1_000 * n, count=1, category=Category.FOOD) for n in range(1, 7)),
    total_amount=21_000,
)

_FILL: Final = """
INSERT INTO receipt (object_hash, store, object_key, etag, read_etag, size, status, quarter_turns, risk, warned, model,
    read_place, read_date, read_total, currency, version, arrived_at, created_at)
SELECT LPAD(seq, 64, '0'), 's3://bench/', CONCAT(seq, '.jpg'), 'e', 'e', 100000,
    CASE WHEN {all_open} OR CRC32(CONCAT('s', seq)) % 100 < 20 THEN 'extracted'
         WHEN CRC32(CONCAT('s', seq)) % 100 < 21 THEN 'failed'
         WHEN CRC32(CONCAT('s', seq)) % 100 < 22 THEN 'rejected' ELSE 'confirmed' END,
    0, (CRC32(seq) % 10007) / 10007, CRC32(CONCAT('w', seq)) % 10 = 0,
    ELT(1 + LEAST(2, CRC32(CONCAT('m', seq)) % 10 DIV 4), 'gpt-a', 'gpt-b', 'offline'),
    place.name, DATE '2021-11-01' + INTERVAL (CRC32(CONCAT('d', seq)) % 1095) DAY, CRC32(CONCAT('t', seq)) % 100000,
    'KRW', 1, UTC_TIMESTAMP(), UTC_TIMESTAMP()
FROM seq_1_to_{size} JOIN bench_place AS place ON place.id = seq % {places}
"""
_TERMS: Final = """
INSERT INTO receipt_term (term, receipt_id)
SELECT term, place_id + {places} * seq FROM bench_term JOIN seq_0_to_{turns}
WHERE place_id + {places} * seq BETWEEN 1 AND {size}
"""


def figures() -> Iterator[Figure]:
    """All that is measured here."""
    with tempfile.TemporaryDirectory() as folder, servers.mariadb(Path(folder), buffer_mb=1024) as url:
        small, large = _filled(url, "small", SMALL), _filled(url, "large", LARGE)
        yield from _queries(small, large)
        lookups.fill(large, LARGE, len(PLACES))
        yield from lookups.figures(large, LARGE, PLACES)
        yield from _claims_at_once(_filled(url, "claims", CLAIMED, all_open=True))
        yield from _confirms_at_once(_filled(url, "confirms", 3 * CONFIRMS, all_open=True))


def _queries(small: Database, large: Database) -> Iterator[Figure]:
    """Every query of the queue page, and the next claim, at both sizes."""
    for name, ask in _asked(small, large):
        few, many = _side_by_side(ask, small, large)
        print(f"  {name}: p95 {few:.2f} ms at {SMALL:,}, {many:.2f} ms at {LARGE:,}")
        yield Figure(f"queue: {name}, p95 ms at {LARGE:,} receipts", many, 20, at_least=False)
        yield Figure(f"queue: {name}, times that at {SMALL:,}", many / few, 1.5, at_least=False)


def _asked(small: Database, large: Database) -> Iterator[tuple[str, Callable[[Database], object]]]:
    week = Filter(since=dt.date(2023, 3, 1), until=dt.date(2023, 3, 7))
    filters = {
        "with a warning": Filter(warned=True),
        "of one model": Filter(model="offline"),
        "of one week": week,
        "of one year": Filter(since=dt.date(2023, 1, 1), until=dt.date(2023, 12, 31)),
        "confirmed": Filter(statuses=(ReceiptStatus.CONFIRMED,)),
        "of any status": Filter(statuses=tuple(ReceiptStatus)),
        "with a text": Filter(text="분식"),
        "of one place": Filter(text="하강 병원 3"),
        "of one number": Filter(text="777"),
    }
    yield "list by risk", page
    yield "list by age", lambda database: page(database, order=Order.AGE)
    for order in Order:
        after = {database: page(database, order=order)[-1].cursor for database in (small, large)}
        yield f"second page by {order}", lambda it, order=order, after=after: page(it, order=order, after=after[it])
    for name, wanted in filters.items():
        yield f"list {name}", lambda database, wanted=wanted: page(database, wanted)
        yield f"count {name}", lambda database, wanted=wanted: count(database, wanted)
    yield "list of one model by age", lambda database: page(database, filters["of one model"], Order.AGE)
    yield "counts", waiting_counts
    yield "two that come next", lambda database: upcoming(database, 2, "하나", utc_now())
    yield "next claim", _claim_and_let_go
    yield "next claim of one model", lambda database: _claim_and_let_go(database, filters["of one model"])


def _claim_and_let_go(database: Database, wanted: Filter = Filter()) -> float:  # noqa: B008 -- frozen
    """The seconds of the claim alone."""
    begun = time.perf_counter()
    claim = claims.claim_next(database, "하나", "bench", utc_now(), wanted=wanted)
    seconds = time.perf_counter() - begun
    assert claim is not None
    claims.release(database, claim.receipt_id, "bench")
    return seconds


def _side_by_side(ask: Callable[[Database], object], *databases: Database) -> list[float]:
    """The 95th percentile on each, in milliseconds."""
    taken: list[list[float]] = [[] for _ in databases]
    for _ in range(SAMPLES + 10):
        for database, times in zip(databases, taken, strict=True):
            begun = time.perf_counter()
            said = ask(database)
            times.append(said if isinstance(said, float) else time.perf_counter() - begun)
    return [_p95(times[10:]) for times in taken]


def _claims_at_once(database: Database) -> Iterator[Figure]:
    """Many claim all there is, at once."""
    gate = threading.Barrier(CLAIMERS)

    def work(who: int) -> list[int]:
        gate.wait()
        mine: list[int] = []
        while (claim := claims.claim_next(database, f"{who}", f"{who}:{len(mine)}", utc_now())) is not None:
            mine.append(claim.receipt_id)
        return mine

    begun = time.perf_counter()
    with ThreadPoolExecutor(CLAIMERS) as pool:
        served = [receipt_id for mine in pool.map(work, range(CLAIMERS)) for receipt_id in mine]
    print(f"  {CLAIMERS} claimers took {len(served):,} receipts in {time.perf_counter() - begun:.1f} s")
    yield Figure("queue: receipts served twice", len(served) - len(set(served)), 0, at_least=False)
    yield Figure("queue: receipts left", CLAIMED - len(set(served)), 0, at_least=False)


def _confirms_at_once(database: Database) -> Iterator[Figure]:
    """One operator confirms, then ten at once; each looks at a receipt for a while."""
    alone = _p95(_confirm_some(database, 0, CONFIRMS, THINKS / OPERATORS))
    with ThreadPoolExecutor(OPERATORS) as pool:
        each = CONFIRMS // OPERATORS
        found = pool.map(lambda who: _confirm_some(database, who, each, THINKS), range(1, OPERATORS + 1))
        together = _p95([seconds for mine in found for seconds in mine])
    print(f"  confirm: p95 {alone:.1f} ms alone, {together:.1f} ms with {OPERATORS} operators at once")
    yield Figure(
        f"queue: confirm p95 with {OPERATORS} operators, times that alone", together / alone, 2.5, at_least=False
    )


def _confirm_some(database: Database, who: int, times: int, thinks: float) -> list[float]:
    taken = []
    for n in range(times):
        token = f"{who}:{n}"
        claim = claims.claim_next(database, f"operator {who}", token, utc_now())
        assert claim is not None
        time.sleep(random.uniform(0.5, 1.5) * thinks)
        click = Action(token, claim.receipt_id, claim.receipt_id, claim.operator, utc_now(), "e", token, claim.version)
        begun = time.perf_counter()
        confirm(database, click, RECEIPT)
        taken.append(time.perf_counter() - begun)
    return taken


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def _filled(server: str, name: str, size: int, *, all_open: bool = False) -> Database:
    """A database with so many receipts. Indexes are made after the rows, which takes a third of the time."""
    begun = time.perf_counter()
    created(f"{server}/{name}").close()
    database = Database(f"{server}/{name}", readers=CLAIMERS)
    with sa.create_engine(f"{server}/{name}").begin() as connection:  # without the desk's limit for an answer
        _places(connection)
        left = _dropped_indexes(connection)
        places = len(PLACES)
        connection.execute(sa.text(_FILL.format(size=size, places=places, all_open=all_open)))
        connection.execute(sa.text(_TERMS.format(size=size, places=places, turns=size // places)))
        connection.execute(sa.text("SET SESSION foreign_key_checks = 0"))
        for statement in left:
            connection.execute(sa.text(statement))
        if size < LARGE:
            _add_readings(connection)
        connection.execute(sa.text("ANALYZE TABLE receipt, receipt_term"))
    print(f"  {size:,} receipts made in {time.perf_counter() - begun:.0f} s")
    return database


def _places(connection: sa.Connection) -> None:
    connection.execute(sa.text("CREATE TABLE bench_place (id INT PRIMARY KEY, name VARCHAR(255))"))
    connection.execute(
        sa.text(
            "CREATE TABLE bench_term (term VARCHAR(80) COLLATE utf8mb4_bin, place_id INT, PRIMARY KEY (term, place_id))"
        )
    )
    places = [{"id": n, "name": name} for n, name in enumerate(PLACES)]
    terms = [{"term": term, "id": place["id"]} for place in places for term in place_terms(str(place["name"]))]
    connection.execute(sa.text("INSERT INTO bench_place VALUES (:id, :name)"), places)
    connection.execute(sa.text("INSERT INTO bench_term VALUES (:term, :id)"), terms)


def _dropped_indexes(connection: sa.Connection) -> list[str]:
    """Drop the plain indexes of the two long tables; the statements that make them again."""
    again = []
    for table in ("receipt_term", "receipt"):
        [(_, created)] = connection.execute(sa.text(f"SHOW CREATE TABLE {table}")).all()
        lines = [line.strip(" ,") for line in str(created).splitlines()]
        kept = [line for line in lines if line.startswith(("KEY ", "CONSTRAINT "))]
        kept = [line for line in kept if " CHECK " not in line]
        dropped = [
            f"DROP {'INDEX' if line.startswith('KEY') else 'FOREIGN KEY'} `{line.split('`')[1]}`" for line in kept
        ]
        connection.execute(sa.text(f"ALTER TABLE {table} " + ", ".join(sorted(dropped))))
        again.append(f"ALTER TABLE {table} " + ", ".join(f"ADD {line}" for line in kept))
    return again


def _add_readings(connection: sa.Connection) -> None:
    """A reading for each receipt, under the receipt's own number."""
    document = RECEIPT.model_dump_json()
    connection.execute(
        sa.text(
            "INSERT INTO extraction (id, receipt_id, engine, model, settings, document, latency_ms, created_at)"
            " SELECT id, id, 'bench', 'gpt-a', '{}', :document, 1000, created_at FROM receipt"
        ),
        {"document": document},
    )


if __name__ == "__main__":
    sys.exit(report(figures()))
