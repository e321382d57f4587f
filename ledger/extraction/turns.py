"""Whose turn it is: a photo is read by one reader at a time, for as long as that reader lives.

A reader takes a receipt for a short while and, as long as it reads, again and again. So a slow reading is never taken
for a dead one, and a photo whose reader was killed is free a minute and a half later.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.errors import DatabaseError
from ledger.inbox.object_store import StoredObject
from ledger.tables import ReceiptRow

log = logging.getLogger(__name__)

LEASE: Final = dt.timedelta(seconds=90)
"""How long others leave a receipt alone whose reader is not heard of."""
RENEWED_EVERY: Final = 20.0
"""Seconds between two renewals of a lease: four may fail before it runs out."""
_NEEDED: Final = sa.select(ReceiptRow.id, ReceiptRow.object_key, ReceiptRow.etag, ReceiptRow.tries)


@dataclass(frozen=True, slots=True)
class Turn:
    """One receipt, taken to be read: what a reading needs to know of it. `token` tells this taking from every other."""

    token: str
    receipt_id: int
    object_key: str
    etag: str
    tries: int


class Turns:
    """Takes receipts for the readers of this process. Safe to use from several threads at once."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime], renewed_every: float = RENEWED_EVERY
    ) -> None:
        self._database = database
        self._clock = clock
        self._renewed_every = renewed_every
        self._taken: dict[str, Turn] = {}
        self._lock = threading.Lock()
        self._renewer: threading.Thread | None = None

    def free(self) -> sa.ColumnElement[bool]:
        """The receipts that nobody reads."""
        return sa.or_(ReceiptRow.reading_until.is_(None), ReceiptRow.reading_until < self._clock())

    def take(self, receipt_id: int, wanted: sa.ColumnElement[bool], *, asked: bool) -> Turn | None:
        """The receipt, if it is as wanted and nobody reads it. Tries are counted, anew where it is asked for.

        From here on it is due, so that it is read by another one if this reader does not live to tell. Raises
        DatabaseError.
        """
        token = uuid.uuid4().hex
        taking = _by_its_id(sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id, wanted, self.free()))
        values = taking.values(**self._reads(token), tries=1 if asked else ReceiptRow.tries + 1)
        return self._database.retry(_taken, receipt_id, token, values)

    def begin(self, found: StoredObject, add: Callable[..., int | None]) -> Turn | None:
        """The receipt of a photo that nobody knew, which `add` makes with columns that say that it is taken already.

        None where `add` made none. Raises DatabaseError.
        """
        token = uuid.uuid4().hex
        receipt_id = add(**self._reads(token), tries=1)
        return None if receipt_id is None else Turn(token, receipt_id, found.key, found.etag, tries=1)

    def _reads(self, token: str) -> dict[str, Any]:
        now = self._clock()
        return {"reading_until": now + LEASE, "reading_by": token, "due_at": now}

    @contextmanager
    def kept(self, turn: Turn) -> Iterator[None]:
        """Keep the receipt while the block runs, however long that is."""
        with self._lock:
            self._taken[turn.token] = turn
            if self._renewer is None:
                self._renewer = threading.Thread(target=self._renew, name="leases", daemon=True)
                self._renewer.start()
        try:
            yield
        finally:
            with self._lock:
                self._taken.pop(turn.token, None)

    def give_back(self) -> None:
        """Let others read what is being read here, because this process ends; such a try does not count.

        Raises DatabaseError.
        """
        for turn in self._kept():
            fewer = sa.case((ReceiptRow.tries > 0, ReceiptRow.tries - 1), else_=0)
            self._database.retry(rows_changed, _still(turn).values(reading_until=None, reading_by=None, tries=fewer))

    def _kept(self) -> list[Turn]:
        with self._lock:
            return list(self._taken.values())

    def _renew(self) -> None:
        """Renew all leases, time and again, until there is none."""
        while True:
            time.sleep(self._renewed_every)
            for turn in self._kept():
                self._renew_one(turn)
            with self._lock:
                if not self._taken:
                    self._renewer = None
                    return

    def _renew_one(self, turn: Turn) -> None:
        try:
            self._database.retry(rows_changed, _still(turn).values(reading_until=self._clock() + LEASE))
        except DatabaseError as error:
            log.warning("the lease of receipt %d is not renewed yet: %s", turn.receipt_id, error)
        except Exception:  # the others' leases are renewed all the same
            log.exception("the lease of receipt %d is not renewed yet", turn.receipt_id)


def _by_its_id(statement: sa.Update) -> sa.Update:
    # MariaDB would go by the index of due receipts and lock others on the way, whose runs are being stored just then:
    # one in a hundred readings met a deadlock, and a caller of the interface was refused after five in a row.
    for dialect in ("mysql", "mariadb"):
        statement = statement.with_hint("FORCE INDEX (PRIMARY)", dialect_name=dialect)
    return statement


def _still(turn: Turn) -> sa.Update:
    """A change of the receipt, unless somebody else has taken it since."""
    return sa.update(ReceiptRow).where(ReceiptRow.id == turn.receipt_id, ReceiptRow.reading_by == turn.token)


def _taken(session: Session, receipt_id: int, token: str, taking: sa.Update) -> Turn | None:
    # Nothing of the session is to be kept in step with the UPDATE, which otherwise takes as long as the statement.
    if rows_changed(session, taking.execution_options(synchronize_session=False)) != 1:
        return None
    return Turn(token, *session.execute(_NEEDED.where(ReceiptRow.id == receipt_id)).one())


def has_turn(session: Session, turn: Turn) -> bool:
    """Whether nobody has taken the receipt since, nor was it given back. It is locked until the transaction ends."""
    reader = sa.select(ReceiptRow.reading_by).where(ReceiptRow.id == turn.receipt_id).with_for_update()
    return session.scalar(reader) == turn.token


def end_turn(receipt: ReceiptRow, token: str) -> None:
    """Let go of a receipt whose run is stored, unless somebody else has taken it since."""
    if receipt.reading_by == token:
        receipt.reading_until = receipt.reading_by = None
