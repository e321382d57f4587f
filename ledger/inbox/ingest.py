"""From photos in the store to receipts: each object once, whatever runs twice or at the same time."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.inbox.object_store import ObjectStore, StoredObject
from ledger.receipt import OPEN_STATUSES, ReceiptStatus
from ledger.tables import ReceiptRow

log = logging.getLogger(__name__)

_BATCH: Final = 500
"""Objects compared with the database in one transaction: short enough that nobody waits for it."""
_FIRST_VERSION: Final = 1
_JUST_INSERTED: Final = 0
_LONGEST_KEY: Final = 1_024
"""Characters of the key's column. S3 allows as many bytes; a folder may hold longer paths, and a cut one is another."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one look at the store found."""

    listed: int
    added: int
    changed: int


def ingest(database: Database, store: ObjectStore, now: dt.datetime) -> IngestReport:
    """List the store and make each new object one pending receipt; a changed one is read again.

    Raises StoreError and DatabaseError; what was taken in before stays.
    """
    listed = added = changed = 0
    for batch in _batches(store.list()):
        new, other = database.retry(_take_in, store.name, batch, now)
        listed, added, changed = listed + len(batch), added + new, changed + other
    return IngestReport(listed, added, changed)


def ingest_object(database: Database, store: ObjectStore, found: StoredObject, now: dt.datetime) -> int:
    """Take in one object and return its receipt's id."""
    database.retry(_take_in, store.name, [found], now)
    with database.read() as session:
        wanted = ReceiptRow.object_hash == object_hash(store.name, found.key)
        return session.scalars(sa.select(ReceiptRow.id).where(wanted)).one()


def object_hash(store: str, key: str) -> str:
    """Identity of an object. Keys of 1,024 characters are longer than an index may be, so their SHA-256 stands in."""
    return hashlib.sha256(f"{store}\n{key}".encode()).hexdigest()


def _batches(objects: Iterable[StoredObject]) -> Iterator[list[StoredObject]]:
    source = filter(_fits, objects)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _fits(found: StoredObject) -> bool:
    if len(found.key) > _LONGEST_KEY:
        log.warning("%r… is left out: its name is longer than %d characters", found.key[:80], _LONGEST_KEY)
    return len(found.key) <= _LONGEST_KEY


def _take_in(session: Session, store: str, batch: list[StoredObject], now: dt.datetime) -> tuple[int, int]:
    # Oldest first, as receipts are reviewed by their number. Two ingests of the same listing so lock the same rows in
    # the same order, and seldom wait for each other in a circle.
    ordered = sorted(batch, key=lambda found: (found.modified, found.key))
    by_hash = {object_hash(store, found.key): found for found in ordered}
    query = sa.select(ReceiptRow.object_hash, ReceiptRow.etag).where(ReceiptRow.object_hash.in_(by_hash))
    known: dict[str, str] = dict(session.execute(query).all())
    new = [_values(hashed, store, found, now) for hashed, found in by_hash.items() if hashed not in known]
    other = [hashed for hashed, found in by_hash.items() if known.get(hashed, found.etag) != found.etag]
    changed = sum(_mark_changed(session, hashed, by_hash[hashed], now) for hashed in other)
    return _insert_missing(session, new), changed


def _values(hashed: str, store: str, found: StoredObject, now: dt.datetime) -> dict[str, Any]:
    return {
        "object_hash": hashed,
        "store": store,
        "object_key": found.key,
        "etag": found.etag,
        "size": found.size,
        "status": ReceiptStatus.PENDING,
        "due_at": now,
        "quarter_turns": 0,
        "version": _FIRST_VERSION,
        "arrived_at": found.modified,
        "created_at": now,
    }


def _insert_missing(session: Session, rows: list[dict[str, Any]]) -> int:
    """Insert what nobody else inserted meanwhile: the unique key decides, not the query before it."""
    if not rows:
        return 0
    if session.get_bind().dialect.name == "sqlite":
        return rows_changed(session, sqlite.insert(ReceiptRow).values(rows).on_conflict_do_nothing())
    # INSERT IGNORE would make a warning of every error and cut what is too long. The count of this statement is of no
    # use: as SQLAlchemy connects, a row that was found counts like one that was inserted. So ours are marked: version 0
    # is never committed, and a row that another ingest inserted is seen only once it is.
    marked = [row | {"version": _JUST_INSERTED} for row in rows]
    session.execute(mysql.insert(ReceiptRow).values(marked).on_duplicate_key_update(id=ReceiptRow.id))
    ours = sa.update(ReceiptRow).where(
        ReceiptRow.object_hash.in_([row["object_hash"] for row in rows]), ReceiptRow.version == _JUST_INSERTED
    )
    return rows_changed(session, ours.values(version=_FIRST_VERSION))


def _mark_changed(session: Session, hashed: str, found: StoredObject, now: dt.datetime) -> int:
    # A closed receipt keeps its decision; its new reading is taken beside it and the photo is shown as changed.
    reopened = sa.case((ReceiptRow.status.in_(OPEN_STATUSES), ReceiptStatus.PENDING), else_=ReceiptRow.status)
    # Asked once more within the update: meanwhile another ingest may have marked it, or the new photo may be read.
    still = sa.update(ReceiptRow).where(ReceiptRow.object_hash == hashed, ReceiptRow.etag != found.etag)
    seen = {"etag": found.etag, "size": found.size, "arrived_at": found.modified}
    return rows_changed(session, still.values(**seen, status=reopened, due_at=now, tries=0))
