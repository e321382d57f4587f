"""The slow, cheap lane: receipts that are read within a day, at half the price.

    submit ──▶ preparing ──▶ validating ──▶ in_progress ──▶ finalizing ──▶ completed | expired | cancelled | failed
               (here)        (at the service)                               then collected, its files deleted: closed

Every step may be killed. What is not closed is looked at again, by whichever process comes next: a batch whose id was
lost is found by its token, one that never began lets go of its receipts, an answer is stored together with its line.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import ExtractionError, LedgerError
from ledger.extraction.batches import book
from ledger.extraction.batches.collecting import Collecting
from ledger.extraction.batches.handing_in import HandedIn, HandingIn
from ledger.extraction.batches.lines import MOST_BYTES
from ledger.extraction.batches.service import BatchService
from ledger.extraction.batches.tables import BatchLineRow, BatchRow
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.extraction.pipeline import Reader
from ledger.receipt import ReceiptStatus
from ledger.tables import ReceiptRow

log = logging.getLogger(__name__)

EVERY: Final = dt.timedelta(minutes=5)
"""How often a batch is looked at. Most take hours."""
DEAD: Final = dt.timedelta(minutes=15)
"""A batch on which nobody worked for so long is no longer being handed in."""
MOST_ROUNDS: Final = 3
"""Batches in which a receipt may expire; then it is read the ordinary way."""


class Batches:
    """Batches of one desk. Safe to use from several threads and processes at once."""

    def __init__(
        self,
        database: Database,
        reader: Reader,
        extractor: OpenAIExtractor,
        threads: int = 2,
        clock: Callable[[], dt.datetime] = utc_now,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._database = database
        self._reader = reader
        self._service = BatchService(extractor)
        self._clock = clock
        self._handing_in = HandingIn(database, extractor, self._service, reader.runner, threads, clock, most_bytes)
        self._collecting = Collecting(database, reader, extractor, self._service, clock)

    def submit(self, receipt_ids: Sequence[int], settings: ReadingSettings | None = None) -> HandedIn:
        """Hand receipts in, with what is read with now unless settings are given.

        Raises ExtractionError where the service does not take them, and DatabaseError.
        """
        return self._handing_in.hand_in(receipt_ids, settings or self._reader.production.current())

    def unheld(self) -> list[int]:
        """Every open receipt that nobody works on."""
        statuses = (ReceiptStatus.PENDING, ReceiptStatus.EXTRACTED, ReceiptStatus.FAILED)
        with self._database.read() as session:
            open_ones = sa.select(ReceiptRow.id).where(ReceiptRow.status.in_(statuses))
            return list(session.scalars(open_ones.order_by(ReceiptRow.id)))

    def waits_for_look(self) -> bool:
        """Whether a batch is open that nobody has looked at for some minutes."""
        with self._database.read() as session:
            return session.scalar(self._open(self._clock() - EVERY).limit(1)) is not None

    def look_at_batches(self) -> None:
        """Look at all open batches that nobody has looked at for some minutes, and collect what is there.

        What fails is in the log, and is looked at again.
        """
        for batch_id, error in self.look(self._clock() - EVERY):
            if error is not None:
                log.warning("batch %d: %s", batch_id, error)

    def look(self, before: dt.datetime | None = None) -> list[tuple[int, LedgerError | None]]:
        """Look at the open batches, those that were looked at before that moment alone; what failed, by the batch.

        Raises DatabaseError.
        """
        before = before or self._clock()
        with self._database.read() as session:
            open_ones = session.scalars(self._open(before)).all()
        return [
            (batch_id, self._looked(batch_id))
            for batch_id in open_ones
            if self._database.retry(book.take_look, batch_id, before, self._clock())
        ]

    def cancel(self, batch_id: int) -> bool:
        """Have the service ask nothing more of a batch; False where there is no open one with this id.

        What it answered until then is collected. Raises ExtractionError and DatabaseError.
        """
        batch = self._batch(batch_id)
        if batch is None or batch.closed_at is not None or batch.service_id is None:
            return False
        told = self._service.cancel(batch.service_id)
        self._database.retry(book.note, batch_id, told, self._clock())
        return True

    def all(self) -> list[tuple[BatchRow, dict[str, int]]]:
        """All batches, the newest first, each with its lines by their outcome; "" are those that are waited for."""
        with self._database.read() as session:
            counts: dict[int, dict[str, int]] = {}
            line = BatchLineRow
            counted = sa.select(line.batch_id, line.outcome, sa.func.count()).group_by(line.batch_id, line.outcome)
            for batch_id, outcome, count in session.execute(counted):
                counts.setdefault(batch_id, {})[outcome or ""] = count
            batches = session.scalars(sa.select(BatchRow).order_by(BatchRow.id.desc())).all()
            return [(batch, counts.get(batch.id, {})) for batch in batches]

    def _open(self, before: dt.datetime) -> sa.Select[int]:
        """The batches that are to be looked at; one that is being handed in is left to who does that."""
        handed_in = sa.or_(BatchRow.status != book.PREPARING, BatchRow.checked_at <= self._clock() - DEAD)
        query = sa.select(BatchRow.id).where(BatchRow.closed_at.is_(None), BatchRow.checked_at <= before, handed_in)
        return query.order_by(BatchRow.id)

    def _batch(self, batch_id: int) -> BatchRow | None:
        with self._database.read() as session:
            return session.get(BatchRow, batch_id)

    def _looked(self, batch_id: int) -> LedgerError | None:
        try:
            self._look(batch_id)
        except ExtractionError as error:
            return error
        return None

    def _look(self, batch_id: int) -> None:
        batch = self._batch(batch_id)
        assert batch is not None
        told = self._service.look(batch.service_id) if batch.service_id else self._service.find(batch.token)
        if told is None:
            self._service.delete([batch.input_file_id])
            self._database.retry(book.give_up, batch_id, book.LEFT_OUT, None, self._clock())
            return
        self._database.retry(book.note, batch_id, told, self._clock())
        batch = self._batch(batch_id)
        if batch is not None and told.ended:
            self._collecting.collect(batch)
            self._database.retry(_settle_rest, batch, self._clock())
            self._hand_in_again(batch)
            self._service.delete([batch.input_file_id, batch.output_file_id, batch.error_file_id])
            self._database.retry(book.write, batch_id, {"closed_at": self._clock()})

    def _hand_in_again(self, batch: BatchRow) -> None:
        """Put the lines that expired into a new batch, or at last have their receipts read the ordinary way."""
        lines = BatchLineRow.batch_id == batch.id, BatchLineRow.outcome == book.EXPIRED
        with self._database.read() as session:
            expired = session.scalars(sa.select(BatchLineRow).where(*lines, BatchLineRow.again_in.is_(None))).all()
        if not expired:
            return
        if batch.round < MOST_ROUNDS:
            known = {each.name for each in fields(ReadingSettings)}
            settings = ReadingSettings(**{name: value for name, value in batch.settings.items() if name in known})
            self._handing_in.hand_in([line.receipt_id for line in expired], settings, batch.id)
        else:
            self._database.retry(_read_ordinarily, expired, self._clock())


def _settle_rest(session: Session, batch: BatchRow, now: dt.datetime) -> None:
    """Settle the lines of which the service told nothing, as it told of the whole."""
    for line in book.open_lines(session, batch.id):
        if batch.status == book.EXPIRED:
            book.settle(session, line.id, book.EXPIRED, now)
        else:
            book.let_go(session, line, book.CANCELLED if batch.status == book.CANCELLED else book.NOT_TAKEN, now)


def _read_ordinarily(session: Session, lines: Sequence[BatchLineRow], now: dt.datetime) -> None:
    for line in lines:
        if book.resettle(session, line.id, book.EXPIRED, book.ORDINARY):
            book.read_ordinarily(session, line, now)
