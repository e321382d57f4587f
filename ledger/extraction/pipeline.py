"""One reading from end to end: take the receipt, run the reader, store the run, move the receipt on."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger import meters, traces
from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import ReadingNeverEnds
from ledger.extraction.circuit import Circuit
from ledger.extraction.crew import Crew
from ledger.extraction.extractor import Extractor, ReadingSettings
from ledger.extraction.production import Production
from ledger.extraction.retries import MOST_TRIES, TRANSIENT
from ledger.extraction.runner import Looker, Runner
from ledger.extraction.storing import LONGEST, Storing
from ledger.extraction.turns import Turn, Turns
from ledger.inbox.ingest import add_object
from ledger.inbox.object_store import FetchedObject, ObjectStore, StoredObject
from ledger.receipt import ReceiptStatus
from ledger.recent import Recent
from ledger.tables import UNDECIDED, ExtractionRow, ReceiptRow

log = logging.getLogger(__name__)

_FETCHING: Final = dt.timedelta(minutes=4)
"""Longest fetch of a photo, three tries of 25 seconds each with waits between them, see s3_store; and a look at it."""


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
        crew: Crew | None = None,
    ) -> None:
        self.database = database
        self._photos = store
        self.extractor = extractor
        self.clock = clock
        self.production = production or Production(database, extractor.engine, extractor.default_settings, clock)
        """What is read with where nobody asks for anything else."""
        self.afterwards = afterwards
        """Called with receipt and run when a good reading is stored. What fails there never costs the reading."""
        self.circuit = Circuit(database, extractor.engine, clock)
        """Whether what is due waits until the model's service is well again."""
        self._storing = Storing(database, self.circuit, sleep)
        self._crew = crew or Crew()
        self.runner = Runner(store, extractor, looker, clock, self._crew)
        self.longest = _FETCHING + dt.timedelta(seconds=extractor.longest_seconds) + LONGEST
        """Above everything that one reading may wait for."""
        self._turns = Turns(database, clock)
        self._settings_in_turn = Recent(self.production.current)
        self._rest_in_turn = Recent(self.circuit.rest)

    def due(self, most: int | None = None) -> list[int]:
        """Receipts that are to be read and that nobody reads, the longest due first: new and changed photos, those
        whose reader was killed, and those that are to be tried again by now.
        """
        query = sa.select(ReceiptRow.id).where(self._is_due(), self._turns.free())
        with self.database.read() as session:
            return list(session.scalars(query.order_by(ReceiptRow.due_at, ReceiptRow.id).limit(most)))

    def failed(self, most: int | None = None, *, transient: bool = False) -> list[tuple[int, int]]:
        """Receipts that could not be read and that nobody reads, each with its failure's id, oldest first.

        With `transient` only those whose failure may pass by itself or with the settings.
        """
        query = (
            sa.select(ReceiptRow.id, ExtractionRow.id)
            .join(ExtractionRow, ExtractionRow.id == ReceiptRow.failure_id)
            .where(ReceiptRow.status == ReceiptStatus.FAILED, self._turns.free())
            .order_by(ReceiptRow.id)
            .limit(most)
        )
        if transient:
            query = query.where(ExtractionRow.error_class.in_(TRANSIENT))
        with self.database.read() as session:
            return [(receipt_id, failure_id) for receipt_id, failure_id in session.execute(query)]

    def last_runs(self, receipt_ids: Collection[int]) -> dict[int, int]:
        """Ids of the newest runs of these receipts; 0 of one that has none."""
        query = sa.select(ReceiptRow.id, ReceiptRow.extraction_id, ReceiptRow.failure_id)
        with self.database.read() as session:
            found = session.execute(query.where(ReceiptRow.id.in_(receipt_ids)))
            return {receipt_id: max(good or 0, failed or 0) for receipt_id, good, failed in found}

    def read(self, receipt_id: int, settings: ReadingSettings | None = None) -> int | None:
        """Read one receipt and return the id of its run; None when somebody else is reading it or it does not exist.

        A failed reading is a stored run too, not an exception. Raises DatabaseError.
        """
        return _id(self._read(self._taking(receipt_id, sa.true(), asked=True), settings))

    def read_again(self, receipt_id: int, last_run: int) -> int | None:
        """`read`, unless there is a newer run than that one: the task may come twice, and each reading is paid for."""
        columns = ReceiptRow.extraction_id, ReceiptRow.failure_id
        none_newer = sa.and_(*(sa.func.coalesce(column, 0) <= last_run for column in columns))
        return _id(self._read(self._taking(receipt_id, none_newer, asked=True)))

    def read_if_due(self, receipt_id: int) -> int | None:
        """`read`, unless the photo was read since it was found to be due: it may have been queued twice.

        One that was begun often enough, and whose reader never told of an end, is not begun again: that is its run.
        """
        return _id(self.read_fetched(receipt_id, None))

    def read_fetched(self, receipt_id: int, fetched: FetchedObject | None) -> ExtractionRow | None:
        """`read_if_due`, and the run itself, for who waits for it.

        The photo, if they have it, is not fetched again unless another lies there by now.
        """
        return self._read(self._taking(receipt_id, self._is_due()), self._settings_in_turn(), fetched)

    def read_new(self, found: StoredObject, fetched: FetchedObject | None) -> ExtractionRow | None:
        """Take in a photo that nobody knows, and read it; None where somebody has taken it in, who may be reading it.

        As `read_fetched` otherwise.
        """
        add = partial(add_object, self.database, self._photos, found, self.clock())
        return self._read(partial(self._turns.begin, found, add), self._settings_in_turn(), fetched)

    def read_in_turn(self, receipt_id: int) -> int | None:
        """`read_if_due`, unless the queue rests because of the model's service: then the receipt stays due."""
        # Almost always all is well, and asked at each photo. A rest is over at the moment when somebody read well.
        return None if self._rest_in_turn() and self.circuit.rest() else self.read_if_due(receipt_id)

    def read_if_failed(self, receipt_id: int, failure_id: int) -> int | None:
        """`read`, unless this failure is no longer the last word: it may have been queued twice."""
        still = sa.and_(ReceiptRow.status == ReceiptStatus.FAILED, ReceiptRow.failure_id == failure_id)
        return _id(self._read(self._taking(receipt_id, still, asked=True)))

    def release(self) -> None:
        """Give back what is being read: this process ends, and another need not wait for it."""
        self._turns.give_back()

    def store_answer(
        self, turn: Turn, run: dict[str, Any], ended: dt.datetime, mine: Callable[[Session], bool]
    ) -> int | None:
        """Store a reading that was asked for long ago, in one transaction with what `mine` writes; its run's id.

        `turn` is how the receipt was then; nobody keeps it. None where `mine` says that it is stored already. Of a
        photo that was replaced meanwhile it is kept beside the others, and moves nothing. Raises DatabaseError.
        """
        stored = self._storing.late(turn, run, ended, mine)
        if stored is not None and stored.error_class is None:
            self._go_on(turn.receipt_id, stored.id)
        return _id(stored)

    def run_of(self, extraction_id: int | None) -> ExtractionRow | None:
        """The stored run."""
        with self.database.read() as session:
            return None if extraction_id is None else session.get(ExtractionRow, extraction_id)

    def _taking(
        self, receipt_id: int, wanted: sa.ColumnElement[bool], *, asked: bool = False
    ) -> Callable[[], Turn | None]:
        return partial(self._turns.take, receipt_id, wanted, asked=asked)

    def _read(
        self,
        take: Callable[[], Turn | None],
        settings: ReadingSettings | None = None,
        fetched: FetchedObject | None = None,
    ) -> ExtractionRow | None:
        with self._crew.works():
            began, settings = traces.now(), settings or self.production.current()
            turn = take()
            if turn is None:
                return None
            with traces.span("reading", since=began, receipt=turn.receipt_id, engine=self.extractor.engine) as reading:
                traces.past("take", since=began)
                run = self._read_taken(turn, settings, fetched)
                reading.tell(reading=run.id, outcome=run.error_class or "read", error=run.error_class)
            return run

    def _read_taken(self, turn: Turn, settings: ReadingSettings, fetched: FetchedObject | None) -> ExtractionRow:
        with self._turns.kept(turn):
            columns = self._run(turn, settings, fetched)
            with traces.span("store"):
                run = self._storing.now(turn, columns, self.clock())
        if run.error_class is None:
            self._go_on(turn.receipt_id, run.id)
        else:
            self._rest_in_turn.forget()
        return run

    def _run(self, turn: Turn, settings: ReadingSettings, fetched: FetchedObject | None) -> dict[str, Any]:
        if turn.tries > MOST_TRIES:
            return self.runner.given_up(turn.etag, settings, ReadingNeverEnds(tries=MOST_TRIES))
        with meters.reading(self.extractor.engine) as ended:
            run = self.runner.run(turn.object_key, turn.etag, settings, fetched)
            ended("failed" if run.get("error_class") else "read")
        return run

    def _go_on(self, receipt_id: int, extraction_id: int) -> None:
        if self.afterwards is None:
            return
        try:
            self.afterwards(receipt_id, extraction_id)
        except Exception:
            log.exception("receipt %d was read, and what comes after a reading failed: it waits for people", receipt_id)

    def _is_due(self) -> sa.ColumnElement[bool]:
        return sa.and_(ReceiptRow.due_at <= self.clock(), UNDECIDED)


def _id(run: ExtractionRow | None) -> int | None:
    return None if run is None else run.id
