"""Lists of receipts, page by page, and how many there are: bounded work, however many receipts lie behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from ledger.database import Database, up_to
from ledger.receipt import ReceiptStatus
from ledger.review.wanted import ALL, BY_NUMBER, READY, Filter, Order, Walk, walk_for, walked
from ledger.tables import ExtractionRow, ReceiptRow, ReceiptTermRow

PAGE: Final = 50
COUNTED: Final = 1_000
"""More are not counted: nobody acts on the difference, and everybody would wait for it."""
_FOUND: Final = 100
"""What a text leads to is counted so far: each of them is looked at."""
_FEW: Final = 300
"""So many rows are sorted rather than walked past."""
_STEPS: Final = (_FEW, 1_000, 6_000)
"""So far it is counted where each term leads, step by step, until one leads to fewer than that."""


@dataclass(frozen=True, slots=True)
class Line:
    """One receipt in a list. Its row holds nothing large."""

    row: ReceiptRow
    cursor: str
    """Where the next page begins when this is the last line."""
    error_class: str | None = None
    error_message: str | None = None
    error_fields: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; with `more`, at least so many."""

    number: int
    more: bool

    @classmethod
    def of(cls, number: int, most: int = COUNTED) -> Count:
        """What was counted up to one more than `most`."""
        return cls(min(number, most), number > most)

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.more else ''}"


def page(
    database: Database, wanted: Filter = ALL, order: Order = Order.RISK, after: str = "", limit: int = PAGE
) -> list[Line]:
    """The receipts that are wanted, from where the page before ended; without statuses those that wait for a person.

    What is searched by text comes by number, and what is searched by days comes day by day.
    """
    with database.read() as session:
        if wanted.text.strip():
            walk, rows = BY_NUMBER, _by_text(session, wanted, _last(after, BY_NUMBER), limit)
        else:
            walk = walk_for(wanted, order)
            rows = _by_walk(session, wanted, walk, _last(after, walk), limit)
        failures = _failures(session, rows)
    return [Line(row, _cursor(row, walk), *failures.get(row.failure_id or 0, ())) for row in rows]


def count(database: Database, wanted: Filter = ALL) -> Count:
    """How many are wanted, counted up to a thousand; what a text leads to, up to a hundred."""
    with database.read() as session:
        if wanted.text.strip():
            return Count.of(len(search(session, wanted, _FOUND + 1)), _FOUND)
        return Count.of(sum(session.scalars(sa.union_all(*(_count(wanted, s) for s in _statuses(wanted))))))


def search(session: Session, wanted: Filter, limit: int) -> list[int]:
    """Ids of the first receipts that a text leads to."""
    return _by_text(session, wanted, None, limit, columns=(ReceiptRow.id,))


def waiting_counts(database: Database) -> dict[ReceiptStatus, Count]:
    """Receipts by status, each counted up to a thousand."""
    with database.read() as session:
        query = sa.select(*(_count(ALL, status).scalar_subquery() for status in ReceiptStatus))
        found = session.execute(query).one()
    return {status: Count.of(number) for status, number in zip(ReceiptStatus, found, strict=True)}


def models(database: Database) -> list[str]:
    """Models whose readings wait for a person."""
    found: set[str] = set()
    with database.read() as session:
        for status in READY:
            query = sa.select(sa.func.min(ReceiptRow.model)).where(ReceiptRow.status == status)
            model = session.scalar(query)
            while model is not None:
                found.add(model)
                model = session.scalar(query.where(ReceiptRow.model > model))
    return sorted(found)


def _by_walk(session: Session, wanted: Filter, walk: Walk, last: list[Any] | None, limit: int) -> list[ReceiptRow]:
    """One walk for each status, over the index alone; of what they meet, the page's rows are loaded."""
    walks = []
    for status in _statuses(wanted):
        query = sa.select(*walk.by).where(ReceiptRow.status == status, *wanted.conditions())
        if last is not None:
            query = query.where(walk.beyond(last))
        index = _few_index(session, wanted, status) if walk is BY_NUMBER else walk.index
        walks.append(sa.select(walked(query, index).order_by(*walk.order()).limit(limit).subquery()))
    met = sorted(session.execute(sa.union_all(*walks)).all(), key=lambda values: _place(values, walk))
    ids = [values[-1] for values in met[:limit]]
    rows = {row.id: row for row in session.scalars(sa.select(ReceiptRow).where(ReceiptRow.id.in_(ids)))}
    return [rows[receipt_id] for receipt_id in ids if receipt_id in rows]


def _few_index(session: Session, wanted: Filter, status: ReceiptStatus) -> str:
    """The index to go by number: of few that fit the filter, its own; among many the next one is never far."""
    narrow = walk_for(wanted, Order.RISK).index
    if wanted.model is None and not wanted.warned:
        return BY_NUMBER.index
    return narrow if (session.scalar(_count(wanted, status, _FEW)) or 0) < _FEW else BY_NUMBER.index


def _by_text(
    session: Session, wanted: Filter, last: list[Any] | None, limit: int, columns: tuple[Any, ...] = (ReceiptRow,)
) -> list[Any]:
    """What the text leads to, by number, beginning with its rarest term."""
    after = last[0] if last else 0
    fitting = ReceiptRow.status.in_(_statuses(wanted)), *wanted.conditions()
    rows: list[Any] = []
    if wanted.number is not None and wanted.number > after:
        rows += session.scalars(sa.select(*columns).where(ReceiptRow.id == wanted.number, *fitting))
    ranked = _rarest_first(session, wanted.terms)
    if ranked:
        query = _through_terms(columns, ranked, after).where(*fitting).limit(limit)
        rows += [row for row in session.scalars(query) if row not in rows]
    return sorted(rows, key=lambda row: row if isinstance(row, int) else row.id)[:limit]


def _through_terms(columns: tuple[Any, ...], terms: list[str], after: int) -> sa.Select[Any]:
    """Receipts that all terms lead to. The first one is walked in order, the others are looked up."""
    first, *others = (aliased(ReceiptTermRow) for _ in terms)
    query = sa.select(*columns).select_from(first)
    for other, term in zip(others, terms[1:], strict=True):
        query = query.join(other, sa.and_(other.term == term, other.receipt_id == first.receipt_id))
    query = query.join(ReceiptRow, ReceiptRow.id == first.receipt_id)
    for dialect in ("mysql", "mariadb"):
        query = query.prefix_with("STRAIGHT_JOIN", dialect=dialect)
    return query.where(first.term == terms[0], first.receipt_id > after).order_by(first.receipt_id)


def _rarest_first(session: Session, terms: list[str]) -> list[str]:
    """The terms by how many receipts they lead to, as far as that is worth counting."""
    if len(terms) < 2:
        return terms
    found: list[tuple[int, str]] = []
    for most in _STEPS:
        numbers = session.execute(sa.select(*(_leading(term, most).scalar_subquery() for term in terms))).one()
        found = sorted(zip(numbers, terms, strict=True))
        if found[0][0] < most:
            break
    return [term for _, term in found]


def _leading(term: str, most: int) -> sa.Select[int]:
    return up_to(sa.select(sa.literal(1)).select_from(ReceiptTermRow).where(ReceiptTermRow.term == term), most)


def _count(wanted: Filter, status: ReceiptStatus, most: int = COUNTED + 1) -> sa.Select[int]:
    some = sa.select(sa.literal(1).label("one")).select_from(ReceiptRow).where(ReceiptRow.status == status)
    return up_to(walked(some.where(*wanted.conditions()), walk_for(wanted, Order.RISK).index), most)


def _statuses(wanted: Filter) -> tuple[ReceiptStatus, ...]:
    return wanted.statuses or READY


def _failures(session: Session, rows: list[ReceiptRow]) -> dict[int, tuple[Any, ...]]:
    """Why the newest readings of these receipts failed, by reading."""
    failed = [row.failure_id for row in rows if row.failure_id is not None]
    if not failed:
        return {}
    run = ExtractionRow
    query = sa.select(run.id, run.error_class, run.error_message, run.error_fields).where(run.id.in_(failed))
    return {row[0]: tuple(row[1:]) for row in session.execute(query)}


def _place(values: Sequence[Any], walk: Walk) -> tuple[Any, ...]:
    """Where values of `walk.by` stand in this order."""
    return tuple(-value if by is ReceiptRow.risk else value for by, value in zip(walk.by, values, strict=True))


def _cursor(row: ReceiptRow, walk: Walk) -> str:
    return "|".join(str(getattr(row, column.key)) for column in walk.by)


def _last(after: str, walk: Walk) -> list[Any] | None:
    """The values of a cursor; None for none, or one of another order, as an old address may hold."""
    read: dict[str, Callable[[str], Any]] = {"id": int, "risk": float, "read_date": dt.date.fromisoformat}
    try:
        return [read[column.key](text) for column, text in zip(walk.by, after.split("|"), strict=True)]
    except ValueError:
        return None
