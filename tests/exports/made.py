"""A desk with confirmed receipts, each with a photo of its own, and what exports of it are made from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa

from ledger.bootstrap import build_export
from ledger.config import Settings
from ledger.database import Database
from ledger.exports.pictures import URL
from ledger.exports.source import Piece, Source
from ledger.exports.wanted import Wanted
from ledger.receipt import Receipt
from ledger.tables import ExtractionRow
from tests.experiments.frozen import bought, confirmed
from tests.factories import MISREAD, MemoryStore
from tests.services import services

CALLED: Final = MISREAD.model_copy(
    update={"location": "경기 하남시 1, 루트231 031-123-4567", "items": (MISREAD.items[0],)}
)
"""With a telephone number, and without the second row that was read."""


def desk(database: Database, truths: Iterable[Receipt] = ()) -> MemoryStore:
    """The store of receipts that were all read as MISREAD, and confirmed so; two, if nothing is said."""
    store = MemoryStore()
    for number, truth in enumerate(truths or (bought("카페"), CALLED)):
        confirmed(database, store, number, truth)
    return store


def source(
    database: Database,
    store: MemoryStore | None = None,
    wanted: Wanted | None = None,
    *,
    masked: bool = True,
    pictures: str = URL,
    settings: Settings | None = None,
) -> Source:
    """One export."""
    made = services(database, store)
    made = replace(made, settings=settings) if settings else made
    return build_export(made, wanted or Wanted(), masked=masked, pictures=pictures)


def files(pieces: Iterable[Piece]) -> dict[str, bytes]:
    """What was written, by its ending."""
    whole: dict[str, bytes] = {}
    for ending, data in pieces:
        whole[ending] = whole.get(ending, b"") + data
    return whole


def lines(pieces: Iterable[Piece], ending: str = ".jsonl") -> list[Any]:
    """The documents of a file with one a line."""
    return [json.loads(line) for line in files(pieces).get(ending, b"").decode().splitlines()]


def place(database: Database, **columns: Any) -> None:
    """Write something into every reading."""
    with database.write() as session:
        session.execute(sa.update(ExtractionRow).values(**columns))
