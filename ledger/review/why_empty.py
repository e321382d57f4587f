"""Why nothing waits for an operator, in sentences: who holds what, what failed, what comes back when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.notes import Note
from ledger.receipt import ReceiptStatus
from ledger.review.lists import Count, count, waiting_counts
from ledger.review.postponed import count_postponed, first_back
from ledger.review.wanted import ALL, READY, Filter
from ledger.tables import ReceiptRow

READING: Final = "Photos being read: {count}. The first one opens here by itself."
HELD: Final = "Receipts that others are working on: {count}. One that they let go of opens here by itself."
MINE: Final = "Receipts that you have open in another window: {count}."
LEFT_OUT: Final = "Nothing more fits the filter; receipts that wait behind it: {count}."
POSTPONED: Final = "Postponed receipts: {count}. The first one comes back at {time}."
FAILED: Final = "Photos that could not be read: {count}. The inbox says why."
NOTHING_SINCE: Final = "Nothing has arrived since {time}. Look for new photos or upload some in the inbox."
NOTHING_EVER: Final = "No photo has arrived yet. Look for new photos or upload some in the inbox."
SENTENCES: Final = (READING, HELD, MINE, LEFT_OUT, POSTPONED, FAILED, NOTHING_SINCE, NOTHING_EVER)


def why_empty(database: Database, operator: str, now: dt.datetime, wanted: Filter = ALL) -> list[Note]:
    """What keeps the queue empty for this operator. `count` fills with digits, `time` with a moment in ISO's form."""
    with database.read() as session:
        held = list(_held(session, operator, now))
        newest = session.scalar(sa.select(ReceiptRow.arrived_at).order_by(ReceiptRow.id.desc()).limit(1))
    counts = waiting_counts(database)
    left_out = count(database, Filter(statuses=READY)) if wanted != ALL else Count(0, more=False)
    notes = [
        *_told(READING, counts[ReceiptStatus.PENDING]),
        *held,
        *(_told(LEFT_OUT, left_out)),
        *_postponed(database, now),
        *_told(FAILED, counts[ReceiptStatus.FAILED]),
    ]
    if newest is None:
        return [Note(NOTHING_EVER)]
    return notes if counts[ReceiptStatus.PENDING].number else [*notes, Note(NOTHING_SINCE, _time(newest))]


def _held(session: Session, operator: str, now: dt.datetime) -> Iterator[Note]:
    """Few people hold few receipts each, so all of them are looked at."""
    query = (
        sa.select(ReceiptRow.claim_operator == operator, sa.func.count())
        .where(ReceiptRow.status == ReceiptStatus.IN_REVIEW, ReceiptRow.claim_until > now)
        .group_by(ReceiptRow.claim_operator == operator)
    )
    found = {bool(mine): number for mine, number in session.execute(query)}
    yield from _told(HELD, Count(found.get(False, 0), more=False))
    yield from _told(MINE, Count(found.get(True, 0), more=False))


def _postponed(database: Database, now: dt.datetime) -> Iterator[Note]:
    """How many were postponed, and when the first of them comes back."""
    if (first := first_back(database, now)) is not None:
        yield Note(POSTPONED, {"count": str(count_postponed(database, now)), **_time(first)})


def _told(sentence: str, number: Count) -> list[Note]:
    return [Note(sentence, {"count": str(number)})] if number.number else []


def _time(moment: dt.datetime) -> dict[str, str]:
    return {"time": moment.isoformat()}
