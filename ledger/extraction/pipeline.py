"""One reading from end to end: take the receipt, fetch the photo, read it, store the run, move the receipt on."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.errors import ExtractionError, LedgerError
from ledger.extraction.extractor import ExtractionResult, Extractor, ReadingSettings, Usage
from ledger.inbox.images import open_photo
from ledger.inbox.object_store import FetchedObject, ObjectStore
from ledger.receipt import OPEN_STATUSES, ReceiptStatus
from ledger.tables import DraftRow, ExtractionRow, ReceiptRow

log = logging.getLogger(__name__)

LEASE: Final = dt.timedelta(minutes=10)
"""How long a reading may take before another reader may start it again: above every timeout and its retries."""

_LONGEST_MESSAGE: Final = 16_000
"""Characters of the longest error message kept: a TEXT column of MySQL has 65,535 bytes."""

_UNREAD: Final = sa.or_(ReceiptRow.read_etag.is_(None), ReceiptRow.read_etag != ReceiptRow.etag)


def utc_now() -> dt.datetime:
    """The present time, aware."""
    return dt.datetime.now(dt.UTC)


class Reader:
    """Reads receipts with one extractor. Safe to use from several threads and processes at once."""

    def __init__(
        self,
        database: Database,
        store: ObjectStore,
        extractor: Extractor,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.database = database
        self.store = store
        self.extractor = extractor
        self.clock = clock
        self._in_work: dict[int, dt.datetime] = {}

    def due(self) -> list[int]:
        """Receipts whose photo, as it lies in the store, was never read and that nobody reads, oldest first."""
        query = sa.select(ReceiptRow.id).where(_UNREAD, self._free()).order_by(ReceiptRow.id)
        with self.database.read() as session:
            return list(session.scalars(query))

    def read(self, receipt_id: int, settings: ReadingSettings | None = None) -> int | None:
        """Read one receipt and return the id of its run; None when somebody else is reading it or it does not exist.

        A failed reading is a stored run too, not an exception. Raises DatabaseError.
        """
        return self._read(receipt_id, sa.true(), settings or self.extractor.default_settings)

    def read_if_due(self, receipt_id: int) -> int | None:
        """`read`, unless the photo was read since it was found to be due: it may have been queued twice."""
        return self._read(receipt_id, _UNREAD, self.extractor.default_settings)

    def release(self) -> None:
        """Give back what is being read: this process ends, and another may begin at once instead of in ten minutes."""
        for receipt_id, lease in list(self._in_work.items()):
            mine = sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id, ReceiptRow.reading_until == lease)
            self.database.retry(rows_changed, mine.values(reading_until=None))

    def run_of(self, extraction_id: int | None) -> ExtractionRow | None:
        """The stored run."""
        with self.database.read() as session:
            return None if extraction_id is None else session.get(ExtractionRow, extraction_id)

    def _read(self, receipt_id: int, wanted: sa.ColumnElement[bool], settings: ReadingSettings) -> int | None:
        receipt = self._take(receipt_id, wanted)
        if receipt is None:
            return None
        lease = receipt.reading_until
        assert lease is not None
        self._in_work[receipt_id] = lease
        try:
            run = self._run(receipt, settings)
        finally:
            self._in_work.pop(receipt_id, None)
        return self.database.retry(_store, receipt_id, lease, run, self.clock())

    def _take(self, receipt_id: int, wanted: sa.ColumnElement[bool]) -> ReceiptRow | None:
        lease = self.clock() + LEASE
        taken = sa.update(ReceiptRow).where(ReceiptRow.id == receipt_id, wanted, self._free())
        return self.database.retry(_taken, receipt_id, taken.values(reading_until=lease))

    def _free(self) -> sa.ColumnElement[bool]:
        return sa.or_(ReceiptRow.reading_until.is_(None), ReceiptRow.reading_until < self.clock())

    def _run(self, receipt: ReceiptRow, settings: ReadingSettings) -> dict[str, Any]:
        run: dict[str, Any] = {"engine": self.extractor.engine, "etag": receipt.etag} | _settings_columns(settings)
        started = time.monotonic()
        try:
            fetched = self.store.fetch(receipt.object_key)
            run |= {"etag": fetched.etag, "member_id": _member_id(fetched)}
            photo = open_photo(fetched.data, receipt.object_key.rpartition("/")[2])
            run["image_sha256"] = photo.sha256
            started = time.monotonic()
            run |= _result_columns(self.extractor.extract(photo, settings))
        except Exception as exc:
            run |= _error_columns(exc)
        return run | {"latency_ms": round((time.monotonic() - started) * 1000)}


def _taken(session: Session, receipt_id: int, taking: sa.Executable) -> ReceiptRow | None:
    return session.get_one(ReceiptRow, receipt_id) if rows_changed(session, taking) == 1 else None


def _member_id(fetched: FetchedObject) -> str | None:
    longest = getattr(ReceiptRow.__table__.c.member_id.type, "length", 0)
    if fetched.member_id is not None and len(fetched.member_id) > longest:
        log.warning("a member's id of %d characters is left out: cut, it could be another's", len(fetched.member_id))
        return None
    return fetched.member_id


def _settings_columns(settings: ReadingSettings) -> dict[str, Any]:
    return {
        "model": settings.model,
        "temperature": settings.temperature,
        "prompt_version": settings.prompt_version,
        "settings": settings.as_json(),
    }


def _result_columns(result: ExtractionResult) -> dict[str, Any]:
    return _settings_columns(result.settings) | {
        "document": result.receipt.model_dump(mode="json"),
        "raw_answer": result.raw_answer,
        "problems": [asdict(problem) for problem in result.problems],
        "notes": [asdict(note) for note in result.notes],
        "request_id": result.request_id,
        "quarter_turns": result.quarter_turns,
        **asdict(result.usage),
    }


def _error_columns(exc: Exception) -> dict[str, Any]:
    """The run's error. What is not one of ours is a defect: logged whole, shown by its type, and the queue goes on."""
    if not isinstance(exc, LedgerError):
        log.exception("a reading failed in an unexpected way")
        exc = LedgerError(why=type(exc).__name__)
    columns: dict[str, Any] = {
        "error_class": type(exc).__name__,
        "error_message": str(exc)[:_LONGEST_MESSAGE],
        "error_fields": {name: str(value) for name, value in exc.fields.items()},
    }
    if isinstance(exc, ExtractionError):
        columns |= {"raw_answer": exc.raw_answer, "request_id": exc.request_id}
        columns |= asdict(exc.usage) if isinstance(exc.usage, Usage) else {}
    return columns


def _storable(run: dict[str, Any]) -> dict[str, Any]:
    """The run's columns as they fit. What a service sends is not ours to refuse: it was paid for, so it is stored."""
    columns = ExtractionRow.__table__.c
    return {key: _fitting(value, columns[key].type) for key, value in run.items() if key in columns}


def _fitting(value: Any, column: sa.types.TypeEngine[Any]) -> Any:
    if not isinstance(value, str):
        return value
    # JSON may spell half of a surrogate pair, which no database takes.
    return value.encode(errors="replace").decode()[: getattr(column, "length", None)]


def _store(session: Session, receipt_id: int, lease: dt.datetime | None, run: dict[str, Any], now: dt.datetime) -> int:
    receipt = session.get_one(ReceiptRow, receipt_id, with_for_update=True)
    member_id, turns = run.get("member_id"), run.get("quarter_turns")
    row = ExtractionRow(receipt_id=receipt_id, created_at=now, **_storable(run))
    session.add(row)
    session.flush()
    if receipt.reading_until == lease:  # else ours ran out and somebody else is reading
        receipt.reading_until = None
    receipt.etag = receipt.read_etag = run["etag"]
    receipt.member_id = member_id or receipt.member_id
    if row.error_class is None:
        receipt.extraction_id, receipt.failure_id, receipt.quarter_turns = row.id, None, turns or 0
    else:
        receipt.failure_id = row.id
    receipt.status = _next_status(session, receipt, row)
    return row.id


def _next_status(session: Session, receipt: ReceiptRow, run: ExtractionRow) -> ReceiptStatus:
    status = ReceiptStatus(receipt.status)
    if status not in OPEN_STATUSES:
        return status
    if run.error_class is not None:
        # A good reading from before stays good when a later attempt fails.
        waiting = status in (ReceiptStatus.PENDING, ReceiptStatus.FAILED)
        return ReceiptStatus.FAILED if waiting else status
    has_draft = session.get(DraftRow, receipt.id) is not None
    return ReceiptStatus.IN_REVIEW if has_draft else ReceiptStatus.EXTRACTED
