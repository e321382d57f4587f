"""A photo that somebody hands to us: looked at first, then put into the store and taken in like any that arrived."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.inbox.images import Photo, open_photo
from ledger.inbox.ingest import ingest_object
from ledger.inbox.object_store import ObjectStore, StoredObject, refuse_large
from ledger.tables import ReceiptRow


def put_photo(
    database: Database, store: ObjectStore, name: str, data: bytes, now: dt.datetime, member_id: str | None = None
) -> tuple[int, Photo]:
    """The id of its receipt, and the photo. What is no good photo is refused here and now, and nothing is stored.

    Raises PhotoError, ObjectTooLarge, StoreError and DatabaseError.
    """
    refuse_large(name, len(data))
    photo = open_photo(data, name)
    stored = store.put(store.new_key(name), photo.data, photo.mime, member_id)
    return _take_in(database, store, stored, now, member_id), photo


def take_in_uploaded(
    database: Database, store: ObjectStore, key: str, now: dt.datetime, member_id: str | None = None
) -> int:
    """The id of the receipt of a photo that lies in the store already; it is looked at when it is read.

    Raises ObjectNotFound, ObjectTooLarge, other StoreErrors and DatabaseError.
    """
    stored = store.find(key)
    refuse_large(key, stored.size)
    return _take_in(database, store, stored, now, member_id)


def _take_in(
    database: Database, store: ObjectStore, stored: StoredObject, now: dt.datetime, member_id: str | None
) -> int:
    receipt_id = ingest_object(database, store, stored, now)
    if member_id is not None:  # a folder keeps no metadata, and until a photo is read nobody has looked at a bucket's
        database.retry(_name_member, receipt_id, member_id)
    return receipt_id


def _name_member(session: Session, receipt_id: int, member_id: str) -> None:
    nobodys = sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id, ReceiptRow.member_id.is_(None))
    session.execute(nobodys.values(member_id=member_id))
