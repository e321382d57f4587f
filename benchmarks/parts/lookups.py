"""How fast the desk looks things up for the receipt that it opens, among a million: what a name may be a slip of in its
shop, and which other receipts may be the same one.

The shop items are a million rows of 9,000 shops; one shop sells more names than are looked through. Every fiftieth
receipt has the terms of its photo and its sale. Each band of its picture leads to 250 others, more than are followed,
as where many photos come from one till; a look that meets less is quicker.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final

import sqlalchemy as sa

from benchmarks.parts.figures import Figure, p95
from ledger.database import Database
from ledger.review.duplicates import look_alikes
from ledger.review.shop_items import MOST_NAMES, shop_key, similar_names

_EVERY: Final = 50
"""Receipts from one that has all its terms to the next."""
_SHARING: Final = 250
"""Receipts that share one band of their pictures."""
_BANDS: Final = 16
_SAMPLES: Final = 200
_WARM: Final = 10
_SUPERMARKET: Final = "하하 대형마트"
_WORDS: Final = "ELT(1 + seq % 7, '강아지', '고양이', '유기농', '저자극', '대용량', '프리미엄', '국내산')"
_KINDS: Final = (
    "ELT(1 + seq % 11, '사료', '간식', '샴푸', '장난감', '방석', '목줄', '패드', '우유', '껌', '영양제', '미용')"
)

_SHOP_ITEMS: Final = f"""
INSERT INTO shop_item (shop, name, times)
SELECT IF(seq % 1000 = 0, '{shop_key(_SUPERMARKET)}', REPLACE(place.name, ' ', '')),
    CONCAT({_WORDS}, ' ', {_KINDS}, ' ', seq), 1 + seq % 30
FROM seq_1_to_{{rows}} JOIN bench_place AS place ON place.id = seq % {{places}}
"""
_TERMS: Final = f"""
INSERT INTO receipt_term (term, receipt_id)
SELECT CONCAT('p:', band.seq, ':', LPAD(HEX((id DIV {_EVERY} * (2 * band.seq + 1)) % {{groups}}), 4, '0')), id
    FROM receipt JOIN seq_0_to_{_BANDS - 1} AS band WHERE id % {_EVERY} = 0
UNION ALL SELECT CONCAT('h:', object_hash), id FROM receipt WHERE id % {_EVERY} = 0
UNION ALL SELECT CONCAT('s:', read_date, '|', read_total), id FROM receipt WHERE id % {_EVERY} = 0
"""


def fill(database: Database, rows: int, places: int) -> None:
    """Write what is looked up here into a database of so many receipts."""
    with sa.create_engine(database.engine.url).begin() as connection:  # without the desk's limit for an answer
        connection.execute(sa.text(_SHOP_ITEMS.format(rows=rows, places=places)))
        connection.execute(sa.text(f"UPDATE receipt SET picture_hash = SHA2(id, 256) WHERE id % {_EVERY} = 0"))
        connection.execute(sa.text(_TERMS.format(groups=rows // _EVERY // _SHARING)))
        connection.execute(sa.text("ANALYZE TABLE shop_item, receipt_term"))


def figures(database: Database, rows: int, places: list[str]) -> Iterator[Figure]:
    """95th percentiles of each look."""
    pick = random.Random(1)
    names = [f"강이지 샴프 {number}" for number in range(6)]  # none of them was confirmed
    looks: dict[str, tuple[Callable[[], object], float]] = {
        "names of a shop": (lambda: similar_names(database, [pick.choice(places)], names), 5),
        f"names of one with over {MOST_NAMES}": (lambda: similar_names(database, [_SUPERMARKET], names), 20),
        "look-alikes": (lambda: look_alikes(database, pick.randrange(_EVERY, rows, _EVERY)), 20),
    }
    for name, (look, bar) in looks.items():
        took = p95(look, warm=_WARM, samples=_SAMPLES)
        yield Figure(f"lookup: {name}, p95 ms at {rows:,} rows", took, bar, at_least=False)
