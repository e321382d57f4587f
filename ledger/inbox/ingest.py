"""From photos in the store to receipts: each object once, whatever runs twice or at the same time."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.inbox.listing import Listing
from ledger.inbox.object_store import ObjectStore, StoredObject
from ledger.receipt import OPEN_STATUSES, ReceiptStatus
from ledger.tables import ReceiptRow

log = logging.getLogger(__name__)

_INSERT: Final = sa.insert(sa.table("receipt", *(sa.column(c.name, c.type) for c in ReceiptRow.__table__.c)))
"""Of the bare table, so that a thousand rows are one statement, and what they do not say is left to the database."""
_RACES: Final = 5
"""How often others may be faster with one page of a listing."""
_LONGEST_KEY: Final = 1_024
"""Characters of the key's column. S3 allows as many bytes; a folder may hold longer paths, and a cut one is another."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one look at the store found."""

    listed: int
    added: int
    changed: int


def ingest(
    database: Database,
    store: ObjectStore,
    now: dt.datetime,
    listing: Listing | None = None,
    said: Callable[[int], object] = lambda _listed: None,
) -> IngestReport:
    """List the store and make each new object one pending receipt; a changed one is read again.

    `listing` is what an earlier look left, if that one failed; `said` is told how many were listed so far.
    Raises StoreError and DatabaseError; what was taken in before stays.
    """
    listed = added = changed = 0
    for page in (listing or Listing(store)).pages():
        fitting = list(filter(fits, page))
        new, other = take_in(database, store.name, fitting, now)
        listed, added, changed = listed + len(fitting), added + new, changed + other
        said(listed)
    return IngestReport(listed, added, changed)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a photo that was taken in."""

    receipt_id: int
    etag: str
    was_read: bool
    """Whether anything was ever read of it, as it lies there now or before."""


def look_up(database: Database, store: ObjectStore, key: str) -> Known | None:
    """What is known of the photo at this key; None if nobody took it in yet."""
    query = sa.select(ReceiptRow.id, ReceiptRow.etag, ReceiptRow.extraction_id.is_not(None))
    with database.read() as session:
        row = session.execute(query.where(ReceiptRow.object_hash == object_hash(store.name, key))).one_or_none()
    return Known(*row) if row else None


def ingest_object(
    database: Database, store: ObjectStore, found: StoredObject, now: dt.datetime, known: Known | None = None
) -> int:
    """Take in one object and return its receipt's id.

    It is taken for new, and what is not is found out then; `known` is what somebody has looked up of it.
    """
    hashed = object_hash(store.name, found.key)
    if known is None:
        added = add_object(database, store, found, now)
        if added is not None:
            return added
        known = look_up(database, store, found.key)
        assert known is not None  # a receipt is never deleted
    if known.etag != found.etag:
        database.retry(_mark_changed, hashed, found, now)
    return known.receipt_id


def add_object(
    database: Database, store: ObjectStore, found: StoredObject, now: dt.datetime, **reader: Any
) -> int | None:
    """Take in an object that nobody knows, and return its receipt's id; None where somebody has taken it in.

    `reader` are the columns of who reads it at once, see ledger/extraction/turns.py.
    """
    with contextlib.suppress(sa.exc.IntegrityError):
        return database.retry(_add, _values(object_hash(store.name, found.key), store.name, found, now) | reader)
    return None


def object_hash(store: str, key: str) -> str:
    """Identity of an object. Keys of 1,024 characters are longer than an index may be, so their SHA-256 stands in."""
    return hashlib.sha256(f"{store}\n{key}".encode()).hexdigest()


def known_etags(database: Database, store: str, keys: list[str]) -> dict[str, str]:
    """The ETags, by key, of those photos that are receipts already."""
    by_hash = {object_hash(store, key): key for key in keys}
    return {by_hash[hashed]: etag for hashed, etag in _known(database, by_hash).items()}


def _known(database: Database, hashes: Iterable[str]) -> dict[str, str]:
    query = sa.select(ReceiptRow.object_hash, ReceiptRow.etag).where(ReceiptRow.object_hash.in_(hashes))
    with database.read() as session:
        return dict(session.execute(query).all())


def fits(found: StoredObject) -> bool:
    """Whether the database has room for its name; said in the log where it has not."""
    if len(found.key) > _LONGEST_KEY:
        log.warning("%r… is left out: its name is longer than %d characters", found.key[:80], _LONGEST_KEY)
    return len(found.key) <= _LONGEST_KEY


def take_in(database: Database, store: str, found: list[StoredObject], now: dt.datetime) -> tuple[int, int]:
    """Make receipts of the new ones among these and have the changed ones read again; how many those were.

    Nothing is written, and nobody waits for us, where all of them are known.
    """
    # Oldest first, as receipts are reviewed by their number. Two ingests of the same listing so lock the same rows in
    # the same order, and seldom wait for each other in a circle.
    ordered = sorted(found, key=lambda each: (each.modified, each.key))
    by_hash = {object_hash(store, each.key): each for each in ordered}
    for _ in range(_RACES):
        # The unique key decides who takes a photo in, not the query before it; what somebody else took in meanwhile is
        # known the next time.
        with contextlib.suppress(sa.exc.IntegrityError):
            return _take_in(database, store, by_hash, now)
    return _take_in(database, store, by_hash, now)


def _take_in(database: Database, store: str, by_hash: dict[str, StoredObject], now: dt.datetime) -> tuple[int, int]:
    known = _known(database, by_hash)
    new = [_values(hashed, store, each, now) for hashed, each in by_hash.items() if hashed not in known]
    other = {hashed: each for hashed, each in by_hash.items() if known.get(hashed, each.etag) != each.etag}
    return database.retry(_store, new, other, now) if new or other else (0, 0)


def _store(
    session: Session, new: list[dict[str, Any]], other: dict[str, StoredObject], now: dt.datetime
) -> tuple[int, int]:
    changed = sum(_mark_changed(session, hashed, found, now) for hashed, found in other.items())
    if new:
        session.execute(_INSERT, new)
    return len(new), changed


def _add(session: Session, values: dict[str, Any]) -> int:
    result = session.execute(_INSERT, values)
    assert isinstance(result, sa.CursorResult)
    return int(result.lastrowid)


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
        "version": 1,
        "arrived_at": found.modified,
        "created_at": now,
    }


def _mark_changed(session: Session, hashed: str, found: StoredObject, now: dt.datetime) -> int:
    # A closed receipt keeps its decision; its new reading is taken beside it and the photo is shown as changed.
    reopened = sa.case((ReceiptRow.status.in_(OPEN_STATUSES), ReceiptStatus.PENDING), else_=ReceiptRow.status)
    # Asked once more within the update: meanwhile another ingest may have marked it, or the new photo may be read.
    still = sa.update(ReceiptRow).where(ReceiptRow.object_hash == hashed, ReceiptRow.etag != found.etag)
    seen = {"etag": found.etag, "size": found.size, "arrived_at": found.modified}
    return rows_changed(session, still.values(**seen, status=reopened, due_at=now, tries=0))
