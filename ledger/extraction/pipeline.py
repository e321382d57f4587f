"""One reading from end to end: take the receipt, run the reader, store the run, move the receipt on."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger import meters
from ledger.clock import utc_now
from ledger.database import Database, rows_changed
from ledger.errors import error_classes
from ledger.extraction.circuit import Circuit
from ledger.extraction.extractor import Extractor, ReadingSettings
from ledger.extraction.production import Production
from ledger.extraction.runner import Looker, Runner
from ledger.extraction.stored_run import find_run, store_run
from ledger.inbox.object_store import ObjectStore
from ledger.receipt import ReceiptStatus
from ledger.tables import UNREAD, ExtractionRow, ReceiptRow

log = logging.getLogger(__name__)

_FETCHING: Final = dt.timedelta(minutes=4)
"""Longest fetch of a photo, three tries of 25 seconds each with waits between them, see s3_store; and a look at it."""
_STORING: Final = dt.timedelta(minutes=6)
"""Longest storing of a run: two minutes of waits, and eight tries that each wait for locks or for a connection."""

_TRANSIENT: Final = tuple(name for name, cls in error_classes().items() if cls.transient)


class Reader:
    """Reads receipts with one extractor. Safe to use from several threads and processes at once."""

    def __init__(
        self,
        database: Database,
        store: ObjectStore,
        extractor: Extractor,
        clock: Callable[[], dt.datetime] = utc_now,
        sleep: Callable[[float], object] = time.sleep,
        looker: Looker | None = None,
        production: Production | None = None,
        afterwards: Callable[[int, int], object] | None = None,
    ) -> None:
        self.database = database
        self.extractor = extractor
        self.clock = clock
        self.production = production or Production(database, extractor.engine, extractor.default_settings, clock)
        """What is read with where nobody asks for anything else."""
        self.afterwards = afterwards
        """Called with receipt and run when a good reading is stored. What fails there never costs the reading."""
        self._sleep = sleep
        self.circuit = Circuit(database, extractor.engine, clock)
        """Whether what is due waits until the model's service is well again."""
        self._runner = Runner(store, extractor, looker, clock)
        self.lease = _FETCHING + dt.timedelta(seconds=extractor.longest_seconds) + _STORING
        """How long another reader leaves a receipt alone: above everything that one reading may wait for. Only a reader
        that was killed lets it run out."""
        self._in_work: dict[int, dt.datetime] = {}

    def due(self) -> list[int]:
        """Receipts whose photo, as it lies in the store, was never read and that nobody reads, oldest first."""
        query = sa.select(ReceiptRow.id).where(UNREAD, self._free()).order_by(ReceiptRow.id)
        with self.database.read() as session:
            return list(session.scalars(query))

    def failed(self, *, transient: bool = False) -> list[tuple[int, int]]:
        """Receipts that could not be read and that nobody reads, each with its failure's id, oldest first.

        With `transient` only those whose failure may pass by itself or with the settings.
        """
        query = (
            sa.select(ReceiptRow.id, ExtractionRow.id)
            .join(ExtractionRow, ExtractionRow.id == ReceiptRow.failure_id)
            .where(ReceiptRow.status == ReceiptStatus.FAILED, self._free())
            .order_by(ReceiptRow.id)
        )
        if transient:
            query = query.where(ExtractionRow.error_class.in_(_TRANSIENT))
        with self.database.read() as session:
            return [(receipt_id, failure_id) for receipt_id, failure_id in session.execute(query)]

    def read(self, receipt_id: int, settings: ReadingSettings | None = None) -> int | None:
        """Read one receipt and return the id of its run; None when somebody else is reading it or it does not exist.

        A failed reading is a stored run too, not an exception. Raises DatabaseError.
        """
        return self._read(receipt_id, sa.true(), settings)

    def read_if_due(self, receipt_id: int) -> int | None:
        """`read`, unless the photo was read since it was found to be due: it may have been queued twice."""
        return self._read(receipt_id, UNREAD)

    def read_in_turn(self, receipt_id: int) -> int | None:
        """`read_if_due`, unless the queue rests because of the model's service: then the receipt stays due."""
        return None if self.circuit.rest() else self.read_if_due(receipt_id)

    def read_if_failed(self, receipt_id: int, failure_id: int) -> int | None:
        """`read`, unless this failure is no longer the last word: it may have been queued twice."""
        still = sa.and_(ReceiptRow.status == ReceiptStatus.FAILED, ReceiptRow.failure_id == failure_id)
        return self._read(receipt_id, still)

    def release(self) -> None:
        """Give back what is being read: this process ends, and another need not wait for the lease to run out."""
        for receipt_id, lease in list(self._in_work.items()):
            mine = sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id, ReceiptRow.reading_until == lease)
            self.database.retry(rows_changed, mine.values(reading_until=None))

    def run_of(self, extraction_id: int | None) -> ExtractionRow | None:
        """The stored run."""
        with self.database.read() as session:
            return None if extraction_id is None else session.get(ExtractionRow, extraction_id)

    def _read(
        self, receipt_id: int, wanted: sa.ColumnElement[bool], settings: ReadingSettings | None = None
    ) -> int | None:
        settings = settings or self.production.current()
        receipt = self._take(receipt_id, wanted)
        if receipt is None:
            return None
        lease = receipt.reading_until
        assert lease is not None
        self._in_work[receipt_id] = lease
        try:
            with meters.reading(self.extractor.engine) as ended:
                run = self._runner.run(receipt.object_key, receipt.etag, settings)
                ended("failed" if run.get("error_class") else "read")
            extraction_id = self._store(receipt_id, lease, run, self.clock())
        finally:
            self._in_work.pop(receipt_id, None)
        if run.get("error_class") is None:
            self._go_on(receipt_id, extraction_id)
        return extraction_id

    def _go_on(self, receipt_id: int, extraction_id: int) -> None:
        if self.afterwards is None:
            return
        try:
            self.afterwards(receipt_id, extraction_id)
        except Exception:
            log.exception("receipt %d was read, and what comes after a reading failed: it waits for people", receipt_id)

    def _store(self, receipt_id: int, lease: dt.datetime, run: dict[str, Any], ended: dt.datetime) -> int:
        """Store a run: it was paid for, so a database that is away for a moment is waited for."""
        told = f"the reading of receipt {receipt_id} ({run.get('request_id')})"
        args = receipt_id, lease, run, ended
        return self.database.insist(store_run, *args, again=_store_once, told=told, sleep=self._sleep)

    def _take(self, receipt_id: int, wanted: sa.ColumnElement[bool]) -> ReceiptRow | None:
        lease = self.clock() + self.lease
        taken = sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id, wanted, self._free())
        return self.database.retry(_taken, receipt_id, taken.values(reading_until=lease))

    def _free(self) -> sa.ColumnElement[bool]:
        return sa.or_(ReceiptRow.reading_until.is_(None), ReceiptRow.reading_until < self.clock())


def _taken(session: Session, receipt_id: int, taking: sa.Executable) -> ReceiptRow | None:
    return session.get_one(ReceiptRow, receipt_id) if rows_changed(session, taking) == 1 else None


def _store_once(session: Session, receipt_id: int, lease: dt.datetime, run: dict[str, Any], ended: dt.datetime) -> int:
    """`store_run`, unless an earlier try was committed and only its answer was lost."""
    stored = find_run(session, receipt_id, ended)
    return store_run(session, receipt_id, lease, run, ended) if stored is None else stored
