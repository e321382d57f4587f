"""What was read beside what was confirmed, receipt by receipt: what insight, proposals and exports are made of.

A pair is the reading that an operator saw and the newest decision that counts, so that a later amendment is in it too.
Receipts that were typed by hand have no reading, and those that nobody looked at no truth: neither is a pair. That some
field of such a one was amended since makes no truth of the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ledger.corrections.diff import Correction, corrections
from ledger.database import Database
from ledger.receipt import Receipt, ReceiptStatus
from ledger.review.shop_items import shop_key
from ledger.review.unattended import nobody_looked
from ledger.tables import ExtractionRow, ReceiptRow, ReviewRow

_PAGE: Final = 500
"""Pairs in memory at a time."""
_DOUBTED_PAGE: Final = 100
"""The same with all that was doubted of them, which is most of a pair."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One receipt as a model or engine read it, and as people left it."""

    receipt_id: int
    review_id: int
    """The newest decision that counts."""
    extraction_id: int
    read: Receipt
    confirmed: Receipt
    decision: str
    """confirmed, or amended where it was changed after that."""
    operator: str
    at: dt.datetime
    store: str
    object_key: str
    image_sha256: str | None
    engine: str
    model: str
    temperature: float | None
    prompt_version: str | None
    settings: dict[str, Any]
    doubts: dict[str, Any] | None
    places: dict[str, Any] | None
    risk: float | None
    quarter_turns: int

    @property
    def shop(self) -> str:
        """The shop's key, by what was confirmed; empty for an unreadable place."""
        return shop_key(self.confirmed.location)

    def corrections(self) -> list[Correction]:
        """What people changed, amendments counted."""
        return corrections(self.read, self.confirmed)


def each_pair(
    database: Database, *which: sa.ColumnElement[bool], after: int = 0, with_doubts: bool = True
) -> Iterator[Pair]:
    """The pairs by the id of their newest decision, oldest first, a few hundred in memory at a time.

    `which` are conditions on receipts, readings and decisions (ReviewRow is the newest); `after` goes on behind a
    decision's id. Doubts are most of a pair: who needs none is quicker without. Raises DatabaseError.
    """
    query = _pairs(*which) if with_doubts else _without_doubts(_pairs(*which)).limit(_PAGE)
    while page := _page(database, query.where(ReviewRow.id > after)):
        after = page[-1].review_id
        page.reverse()
        while page:  # let go of each, or two pages would be in memory while the next is read
            yield page.pop()


def newest_pairs(
    database: Database, *which: sa.ColumnElement[bool], limit: int, with_doubts: bool = True
) -> list[Pair]:
    """The newest pairs first, at most so many; as `each_pair`. Raises DatabaseError."""
    pairs = _pairs(*which)
    newest = (
        (pairs if with_doubts else _without_doubts(pairs)).order_by(None).order_by(ReviewRow.id.desc()).limit(limit)
    )
    return _page(database, newest)


def _pairs(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    later = aliased(ReviewRow)
    counting = later.receipt_id == ReviewRow.receipt_id, later.undone_at.is_(None), later.document.is_not(None)
    newer = sa.exists().where(*counting, later.id > ReviewRow.id).correlate(ReviewRow)
    return (
        sa.select(*_COLUMNS)
        .join(ReceiptRow, ReceiptRow.id == ReviewRow.receipt_id)
        .join(ExtractionRow, ExtractionRow.id == ReviewRow.extraction_id)
        .where(ReviewRow.undone_at.is_(None), ReviewRow.document.is_not(None), ~newer)
        .where(~nobody_looked(ReviewRow.receipt_id), ReceiptRow.status == ReceiptStatus.CONFIRMED)
        .where(ExtractionRow.document.is_not(None), *which)
        .order_by(ReviewRow.id)
        .limit(_DOUBTED_PAGE)
    )


_DOUBTS: Final = "doubts"
_COLUMNS: Final = (
    ReviewRow.receipt_id,
    ReviewRow.id.label("review_id"),
    ReviewRow.extraction_id,
    ExtractionRow.document.label("read"),
    ReviewRow.document.label("confirmed"),
    ReviewRow.decision,
    ReviewRow.operator,
    ReviewRow.created_at.label("at"),
    ReceiptRow.store,
    ReceiptRow.object_key,
    ReceiptRow.quarter_turns,
    ExtractionRow.image_sha256,
    ExtractionRow.engine,
    ExtractionRow.model,
    ExtractionRow.temperature,
    ExtractionRow.prompt_version,
    ExtractionRow.settings,
    ExtractionRow.doubts,
    ExtractionRow.places,
    ExtractionRow.risk,
)


def _without_doubts(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.with_only_columns(*(sa.null().label(_DOUBTS) if each.name == _DOUBTS else each for each in _COLUMNS))


def _page(database: Database, query: sa.Select[Any]) -> list[Pair]:
    with database.read() as session:
        return [_pair(dict(row)) for row in session.execute(query).mappings()]


def _pair(row: dict[str, Any]) -> Pair:
    read, confirmed = Receipt.model_validate(row.pop("read")), Receipt.model_validate(row.pop("confirmed"))
    return Pair(read=read, confirmed=confirmed, **row)
