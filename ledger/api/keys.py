"""The keys of other services: made, shown once, kept as a hash, found again by it.

A plain SHA-256 is enough: a key is 256 random bits, which nobody finds by trying. What is looked up is the hash, so
that the time of the look-up says nothing of the key.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.api.tables import ApiKeyRow
from ledger.database import Database, rows_changed
from ledger.errors import ApiKeyNameTaken, ApiKeyNotFound, ApiKeyRefused

_PREFIX: Final = "lgr_"
"""What tells a scanner for leaked secrets, and people, whose key this is."""
_BYTES: Final = 32
_SEEN_EVERY: Final = dt.timedelta(minutes=1)
"""How exactly the last use is kept: to write it down for each request would cost more than the request."""


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    WRITE = "write"


def add_key(database: Database, name: str, scopes: Collection[Scope], now: dt.datetime) -> str:
    """Make a key and return it, the only time that it is seen. Raises ApiKeyNameTaken."""
    key = f"{_PREFIX}{secrets.token_urlsafe(_BYTES)}"
    row = ApiKeyRow(name=name, key_sha256=_hashed(key), scopes=sorted(set(scopes)), created_at=now)
    try:
        with database.write() as session:
            session.add(row)
            session.flush()
    except sa.exc.IntegrityError as exc:
        raise ApiKeyNameTaken(name=name) from exc
    return key


def all_keys(database: Database) -> list[ApiKeyRow]:
    """Every key that was made, the oldest first."""
    with database.read() as session:
        return list(session.scalars(sa.select(ApiKeyRow).order_by(ApiKeyRow.id)))


def revoke_key(database: Database, name: str, now: dt.datetime) -> None:
    """Refuse a key from now on. Raises ApiKeyNotFound for one that is not in use."""
    ending = sa.update(ApiKeyRow).where(ApiKeyRow.name == name, ApiKeyRow.revoked_at.is_(None))
    with database.write() as session:
        if rows_changed(session, ending.values(revoked_at=now)) == 0:
            raise ApiKeyNotFound(name=name)


def row_of_key(database: Database, key: str, now: dt.datetime) -> ApiKeyRow:
    """What is known of a key that came with a request. Raises ApiKeyRefused."""
    good = sa.select(ApiKeyRow).where(ApiKeyRow.key_sha256 == _hashed(key), ApiKeyRow.revoked_at.is_(None))
    with database.read() as session:
        row = session.scalars(good).one_or_none()
    if row is None:
        raise ApiKeyRefused()
    if row.last_used_at is None or row.last_used_at <= now - _SEEN_EVERY:
        database.retry(_note_use, row.id, now)
    return row


def _note_use(session: Session, key_id: int, now: dt.datetime) -> None:
    session.execute(sa.update(ApiKeyRow).where(ApiKeyRow.id == key_id).values(last_used_at=now))


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
