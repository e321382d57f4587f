"""A reading as it is stored: the columns of its run, and what it does to its receipt."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger import checks
from ledger.columns import Table
from ledger.errors import ExtractionError, LedgerError
from ledger.extraction.confidence.doubt import Doubts
from ledger.extraction.extractor import ExtractionResult, ReadingSettings, Usage
from ledger.extraction.retries import plan_next
from ledger.extraction.turns import Turn, end_turn
from ledger.inbox.object_store import FetchedObject
from ledger.notes import Note
from ledger.receipt import OPEN_STATUSES, Receipt, ReceiptStatus
from ledger.tables import DraftRow, ExtractionRow, LedgerRow, ReceiptRow
from ledger.terms import (
    BYTES,
    PICTURE,
    PLACE,
    SALE,
    add_terms,
    bytes_term,
    picture_terms,
    set_terms,
    told_terms,
)

log = logging.getLogger(__name__)

BY_BATCH: Final = {"lane": "batch"}
"""What the settings of a reading say beside themselves if it came in a batch."""
_LONGEST_MESSAGE: Final = 16_000
"""Characters of the longest error message kept: a TEXT column of MySQL has 65,535 bytes."""


def member_id_of(fetched: FetchedObject) -> str | None:
    """The member the photo belongs to; None when nobody is named, or with an id that no column holds."""
    longest = getattr(ReceiptRow.__table__.c.member_id.type, "length", 0)
    if fetched.member_id is not None and len(fetched.member_id) > longest:
        log.warning("a member's id of %d characters is left out: cut, it could be another's", len(fetched.member_id))
        return None
    return fetched.member_id


def settings_columns(settings: ReadingSettings) -> dict[str, Any]:
    """The columns of the settings, as asked for or as applied."""
    return {
        "model": settings.model,
        "temperature": settings.temperature,
        "prompt_version": settings.prompt_version,
        "settings": settings.as_json(),
    }


def result_columns(result: ExtractionResult) -> dict[str, Any]:
    """The columns of a good reading."""
    return settings_columns(result.settings) | {
        "document": result.receipt.model_dump(mode="json"),
        "raw_answer": result.raw_answer,
        "problems": [asdict(problem) for problem in result.problems],
        "notes": [asdict(note) for note in result.notes],
        "request_id": result.request_id,
        "quarter_turns": result.quarter_turns,
        "sight": result.sight.as_json() if result.sight else None,
        "offered": dict(result.offered) if result.offered is not None else None,
        **asdict(result.usage),
    }


def error_columns(exc: Exception) -> dict[str, Any]:
    """The run's error. What is not one of ours is a defect: logged whole, shown by its type, and the queue goes on."""
    if not isinstance(exc, LedgerError):
        log.exception("a reading failed in an unexpected way")
        exc = LedgerError(why=type(exc).__name__)
    columns: dict[str, Any] = {
        "error_class": type(exc).__name__,
        "error_message": str(exc)[:_LONGEST_MESSAGE],
        "error_fields": {name: _blank(value) for name, value in exc.fields.items()},
    }
    if isinstance(exc, ExtractionError):
        columns |= {"raw_answer": exc.raw_answer, "request_id": exc.request_id}
        columns |= asdict(exc.usage) if isinstance(exc.usage, Usage) else {}
    return columns


def _blank(value: object) -> str | dict[str, Any]:
    return asdict(value) if isinstance(value, Note) else str(value)


def storable(run: dict[str, Any], table: type[Table]) -> dict[str, Any]:
    """The run's columns as they fit. What a service sends is not ours to refuse: it was paid for, so it is stored."""
    columns = table.__table__.c
    return {key: _fitting(value, columns[key].type) for key, value in run.items() if key in columns}


def _fitting(value: Any, column: sa.types.TypeEngine[Any]) -> Any:
    if not isinstance(value, str):
        return value
    # JSON may spell half of a surrogate pair, which no database takes.
    return value.encode(errors="replace").decode()[: getattr(column, "length", None)]


def store_run(session: Session, turn: Turn, run: dict[str, Any], ended: dt.datetime) -> ExtractionRow:
    """Store one run, end its turn, and move the receipt on. `ended` is when it ended.

    A photo that was seen to change since it was fetched is due: what was read of it is already past.
    """
    receipt = session.get_one(ReceiptRow, turn.receipt_id, with_for_update=True)
    overtaken = receipt.etag not in (turn.etag, run["etag"])
    member_id, turns = run.get("member_id"), run.get("quarter_turns")
    row = ExtractionRow(receipt_id=receipt.id, created_at=ended, **storable(run, ExtractionRow))
    session.add(row)
    session.flush()
    end_turn(receipt, turn.token)
    receipt.read_etag = run["etag"]
    if not overtaken:
        receipt.etag = run["etag"]
    receipt.member_id = member_id or receipt.member_id
    _name_member(session, receipt)
    if row.error_class is None:
        receipt.extraction_id, receipt.failure_id, receipt.quarter_turns = row.id, None, turns or 0
        _describe(receipt, row)
    else:
        receipt.failure_id = row.id
    with session.no_autoflush:  # the receipt is written once, at the end
        _make_findable(session, receipt, row, run.get("picture_hash"))
        if overtaken:
            receipt.due_at = receipt.due_at or ended
        else:
            receipt.status = _next_status(session, receipt, row)
            plan_next(session, receipt, row, service_trouble=run.get("service_trouble", False))
    return row


def store_beside(session: Session, receipt_id: int, run: dict[str, Any], ended: dt.datetime) -> ExtractionRow:
    """Store a run of a photo that is no longer the receipt's: it is kept, and nothing goes by it."""
    row = ExtractionRow(receipt_id=receipt_id, created_at=ended, **storable(run, ExtractionRow))
    session.add(row)
    session.flush()
    return row


def _describe(receipt: ReceiptRow, reading: ExtractionRow) -> None:
    """Write into the receipt what lists show and sort by, so that no list opens a document."""
    read = Receipt.model_validate(reading.document or {})
    receipt.risk, receipt.model = reading.risk or 0.0, reading.model
    receipt.read_place = _fitting(read.location, ReceiptRow.__table__.c.read_place.type)
    receipt.read_date, receipt.read_total, receipt.currency = read.date, read.total_amount, read.currency
    receipt.warned = any(note.sentence in checks.SENTENCES for note in _told(reading))


def _told(reading: ExtractionRow) -> Iterator[Note]:
    """What the marks of a reading say, so that a receipt counts as warned of exactly when its form shows why."""
    if reading.doubts is not None:
        for doubt in Doubts.from_json(reading.doubts).fields.values():
            yield from doubt.reasons


def _make_findable(session: Session, receipt: ReceiptRow, run: ExtractionRow, picture_hash: str | None) -> None:
    """Write the terms by which this receipt is found, as the copy of another one too."""
    terms: set[str] = set()
    kinds: list[str] = []
    if run.image_sha256 is not None:
        receipt.picture_hash = picture_hash
        terms |= {bytes_term(run.image_sha256)} | picture_terms(picture_hash)
        kinds += [BYTES, PICTURE]
    if run.error_class is None:
        told = told_terms(receipt.read_place, receipt.read_date, receipt.read_total)
        if receipt.status in OPEN_STATUSES:
            terms |= told
            kinds += [PLACE, SALE]
        else:  # what a person confirmed leads to it as well
            add_terms(session, receipt.id, told)
    if kinds:
        set_terms(session, receipt.id, terms, *kinds)


def _name_member(session: Session, receipt: ReceiptRow) -> None:
    """Write the member into the ledger too, when the receipt was confirmed before anybody knew whose it is."""
    if receipt.ledger_id is not None and receipt.member_id is not None:
        nobodys = sa.update(LedgerRow).where(LedgerRow.id == receipt.ledger_id, LedgerRow.member_id.is_(None))
        session.execute(nobodys.values(member_id=receipt.member_id))


def _next_status(session: Session, receipt: ReceiptRow, run: ExtractionRow) -> ReceiptStatus:
    status = ReceiptStatus(receipt.status)
    if status not in OPEN_STATUSES:
        return status
    if run.error_class is not None:
        # A good reading from before stays good when a later attempt fails.
        waiting = status in (ReceiptStatus.PENDING, ReceiptStatus.FAILED)
        return ReceiptStatus.FAILED if waiting else status
    draft = sa.select(DraftRow.receipt_id).where(DraftRow.receipt_id == receipt.id)
    in_hand = receipt.claim_until is not None or session.scalar(draft) is not None
    return ReceiptStatus.IN_REVIEW if in_hand else ReceiptStatus.EXTRACTED


def find_run(session: Session, receipt_id: int, ended: dt.datetime) -> ExtractionRow | None:
    """The receipt's run that ended at this moment, if it is stored."""
    same = sa.select(ExtractionRow).where(ExtractionRow.receipt_id == receipt_id, ExtractionRow.created_at == ended)
    return session.scalar(same.order_by(ExtractionRow.id.desc()).limit(1))
