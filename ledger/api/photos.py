"""One photo read for a caller who waits: taken in, read unless it was read already, stored like every reading."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session, load_only

from ledger import traces
from ledger.clock import utc_now
from ledger.errors import LedgerError, ObjectTooLarge, PhotoError, ReadingTakesLong, error_classes
from ledger.inbox.ingest import ingest_object, look_up
from ledger.inbox.object_store import FetchedObject, StoredObject, photo_name
from ledger.receipt import Receipt, ReceiptStatus
from ledger.services import Services
from ledger.tables import ExtractionRow, ReceiptRow

log = logging.getLogger(__name__)

_POLL_SECONDS: Final = 0.2
_NEEDED: Final = load_only(
    ExtractionRow.document,
    ExtractionRow.error_class,
    ExtractionRow.error_message,
    ExtractionRow.etag,
    ExtractionRow.created_at,
)
"""Not the model's whole answer, which is a hundred times as long."""


@dataclass(frozen=True, slots=True)
class PhotoRead:
    """What became of one photo: what it says, or why it could not be read."""

    receipt: Receipt | None
    arrived: dt.datetime | None
    """When the photo came into the store; None where that is not known."""
    error: type[LedgerError] | None = None
    sentence: str = ""


class PhotoReader:
    """Reads photos of the store for callers. Safe to use from several threads at once."""

    def __init__(self, services: Services, sleep: Callable[[float], object] = time.sleep) -> None:
        self._database = services.database
        self._store = services.store
        self._reader = services.reader
        self._sleep = sleep

    def read(self, key: str) -> PhotoRead:
        """What the photo at this key says, or why it says nothing: no error is raised.

        A photo that was read before, as it lies there now, is not paid for twice; one that another process is reading
        at this moment is waited for. What is no picture holds no receipt.
        """
        try:
            return self._read(key)
        except LedgerError as error:
            log.warning("a photo could not be read for a caller: %s", error)
            return PhotoRead(None, None, type(error), str(error))

    def _read(self, key: str) -> PhotoRead:
        known = look_up(self._database, self._store, key)
        fetched = None if known and known.was_read else self._fetched(key)
        found = _described(key, fetched) if fetched else self._store.find(key)
        began = utc_now()
        new = None if known else self._reader.read_new(found, fetched)
        if new is not None:
            return _told(found, new)
        receipt_id = ingest_object(self._database, self._store, found, began, known)
        deadline = time.monotonic() + self._reader.longest.total_seconds()
        while (run := self._run(receipt_id, found, began, fetched)) is None:
            if time.monotonic() > deadline:
                raise ReadingTakesLong(name=photo_name(key))
            self._sleep(_POLL_SECONDS)
        return _told(found, run)

    def _fetched(self, key: str) -> FetchedObject | None:
        """The photo; None if it is too large, which its reading then says to people as well."""
        try:
            with traces.span("fetch"):
                return self._store.fetch(key)
        except ObjectTooLarge:
            return None

    def _run(
        self, receipt_id: int, found: StoredObject, began: dt.datetime, fetched: FetchedObject | None
    ) -> ExtractionRow | None:
        """The run that answers the caller; None while somebody else is reading the photo."""
        own = self._reader.read_fetched(receipt_id, fetched)
        if own is not None:
            return own
        with self._database.read() as session:
            receipt = session.get_one(ReceiptRow, receipt_id)
            good, failed = _run_of(session, receipt.extraction_id), _run_of(session, receipt.failure_id)
        if good is not None and good.etag == found.etag:
            return good
        if failed is not None and failed.created_at >= began:
            return failed
        return self._reader.run_of(self._again(receipt))

    def _again(self, receipt: ReceiptRow) -> int | None:
        if receipt.reading_until is not None and receipt.reading_until > utc_now():
            return None
        if receipt.status == ReceiptStatus.FAILED and receipt.failure_id is not None:
            return self._reader.read_if_failed(receipt.id, receipt.failure_id)
        return self._reader.read(receipt.id)


def _run_of(session: Session, extraction_id: int | None) -> ExtractionRow | None:
    return None if extraction_id is None else session.get(ExtractionRow, extraction_id, options=[_NEEDED])


def _described(key: str, fetched: FetchedObject) -> StoredObject:
    return StoredObject(key, fetched.etag, len(fetched.data), fetched.modified)


def _told(found: StoredObject, run: ExtractionRow) -> PhotoRead:
    if run.error_class is None:
        return PhotoRead(Receipt.model_validate(run.document), found.modified)
    error = error_classes().get(run.error_class, LedgerError)
    receipt = Receipt() if issubclass(error, PhotoError) else None
    return PhotoRead(receipt, found.modified, error, run.error_message or "")
