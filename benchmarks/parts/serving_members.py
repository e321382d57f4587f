"""How fast one member's ledger is looked up among a million receipts: its months, categories, days and purchases.

The receipts are confirmed, with 2,500,000 items in MariaDB, and belong to 10,000 members who bought on days of three
years; one of a thousand belongs to one member who has ten times as many as the others. Each look is for another
member. Alone: python -m benchmarks.parts.serving_members
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks.parts.figures import Figure, p95, report
from ledger.database import Database
from ledger.review.ledger_days import days, last_day
from ledger.review.ledger_members import find_members
from ledger.review.ledger_view import Span, entries, sums
from tests import servers
from tests.schema import created

RECEIPTS: Final = 1_000_000
MEMBERS: Final = 10_000
BAR: Final = 20.0
"""Milliseconds, 95th percentile."""
_KEEN: Final = 10_001
"""The member with the longest ledger."""
_YEARS: Final = (2023, 2024, 2025)
_WARM: Final = 20
_SAMPLES: Final = 300
_PAGE: Final = 50
_FILL: Final = (
    """
INSERT INTO ledger (id, memberId, location, date, message)
SELECT seq, IF(seq % 1000 = 0, {keen}, 1 + CRC32(seq) % {members}), CONCAT('가게 ', seq % 9000),
    DATE '2023-01-01' + INTERVAL (CRC32(CONCAT('d', seq)) % 1095) DAY, '' FROM seq_1_to_{receipts}
""",
    """
INSERT INTO receipt (id, object_hash, store, object_key, etag, read_etag, size, status, tries, quarter_turns, risk,
    warned, currency, ledger_id, version, arrived_at, created_at)
SELECT seq, LPAD(seq, 64, '0'), 's3://bench/', CONCAT(seq, '.jpg'), 'e', 'e', 100000, 'confirmed', 1, 0, 0, 0, 'KRW',
    seq, 2, UTC_TIMESTAMP(), UTC_TIMESTAMP() FROM seq_1_to_{receipts}
""",
    """
INSERT INTO review (action_id, receipt_id, decision, document, operator, created_at)
SELECT seq, seq, 'confirmed', '{{"currency": "KRW", "date": "2024-11-11", "total_amount": 21000}}', 'bench',
    UTC_TIMESTAMP() FROM seq_1_to_{receipts}
""",
    """
INSERT INTO item (name, price, quantity, category, ledgerId)
SELECT '강아지 간식', 1000 + lot.seq % 9000, 1,
    ELT(1 + lot.seq * line.seq % 6, '식비', '미용', '의료', '여가', '용품', '기타'),
    lot.seq FROM seq_1_to_{receipts} AS lot JOIN seq_1_to_4 AS line WHERE line.seq <= 1 + lot.seq % 4
""",
    "ANALYZE TABLE ledger, receipt, review, item",
)


def measured() -> Iterator[Figure]:
    """95th percentiles of each look, as the Confirmed page and the interface ask for them."""
    with tempfile.TemporaryDirectory() as folder, servers.mariadb(Path(folder), buffer_mb=1024) as url:
        yield from _looks(_filled(url))


def _filled(server: str) -> Database:
    begun = time.perf_counter()
    database = created(f"{server}/members")
    with sa.create_engine(f"{server}/members").begin() as connection:  # without the desk's limit for an answer
        connection.execute(sa.text("SET SESSION foreign_key_checks = 0, unique_checks = 0"))
        for statement in _FILL:
            connection.execute(sa.text(statement.format(receipts=RECEIPTS, members=MEMBERS, keen=_KEEN)))
    print(f"  {RECEIPTS:,} receipts made in {time.perf_counter() - begun:.0f} s")
    return database


def _looks(database: Database) -> Iterator[Figure]:
    pick = random.Random(1)
    keen = str(_KEEN)

    def member() -> str:
        return str(pick.randint(1, MEMBERS))

    looks: dict[str, Callable[[], object]] = {
        "categories of a month": lambda: sums(database, member(), _month(pick)),
        "months and categories of a year": lambda: sums(database, member(), _year(pick)),
        "days of a month": lambda: days(database, member(), _month(pick)),
        "purchases of a month": lambda: entries(database, member(), _month(pick), limit=_PAGE),
        "newest purchases": lambda: entries(database, member(), Span(), limit=_PAGE),
        "newest day": lambda: last_day(database, member()),
        "members by their first signs": lambda: find_members(database, member()[:2], limit=10),
        "categories of a month, longest ledger": lambda: sums(database, keen, _month(pick)),
        "days of a month, longest ledger": lambda: days(database, keen, _month(pick)),
    }
    for name, look in looks.items():
        took = p95(look, warm=_WARM, samples=_SAMPLES)
        yield Figure(f"members: {name}, p95 ms at {RECEIPTS:,} receipts", took, BAR, at_least=False)


def _month(pick: random.Random) -> Span:
    year, month = pick.choice(_YEARS), pick.randint(1, 12)
    first = dt.date(year, month, 1)
    return Span(first, (first + dt.timedelta(days=31)).replace(day=1))


def _year(pick: random.Random) -> Span:
    year = pick.choice(_YEARS)
    return Span(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))


if __name__ == "__main__":
    sys.exit(report(measured()))
