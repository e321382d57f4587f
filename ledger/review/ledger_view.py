"""The ledger of one member as the app's users see it: what was bought on which day, and sums by month and category.

Its rows are ours or the app's own. A price is the amount of its line, all pieces together, so it is never multiplied.
The table has no currency: that of our rows stands in the decision that confirmed them; the app's are in won.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.receipt import UNREADABLE_NUMBER
from ledger.tables import ItemRow, LedgerRow, ReceiptRow, ReviewRow

_APP_CURRENCY: Final = "KRW"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry. `price` is the amount of the line; None where the app wrote that nobody could read it."""

    name: str
    price: int | None
    count: int
    category: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One purchase. `receipt_id` is None for one that the app wrote itself."""

    ledger_id: int
    receipt_id: int | None
    date: dt.date
    location: str
    currency: str
    items: tuple[Line, ...]
    total: int | None = None
    """What the receipt says in all, which need not be what its items come to; None where nobody confirmed any."""

    @property
    def amount(self) -> int:
        """What its items come to, of those that could be read."""
        return sum(item.price for item in self.items if item.price is not None)

    @property
    def differs_by(self) -> int:
        """By how much its total is more than its items; 0 where there is none."""
        return 0 if self.total is None else self.total - self.amount


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a ledger a page ended: everything older than this is still to come."""

    date: dt.date
    ledger_id: int


@dataclass(frozen=True, slots=True)
class Sum:
    """What was spent on one category in one month, in one currency's smallest unit."""

    month: dt.date
    """Its first day."""
    category: str
    currency: str
    amount: int
    lines: int
    unread: int
    """How many of the lines have no amount that could be read; they are not in `amount`."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `since` to before `until`; None is no limit."""

    since: dt.date | None = None
    until: dt.date | None = None


def entries(
    database: Database, member: str | None, span: Span, *, limit: int, after: Place | None = None
) -> list[Entry]:
    """Purchases of a member, newest day first; of None those that belong to nobody."""
    query = purchases(member, span).add_columns(LedgerRow.location, TOTAL.label("total"))
    if after is not None:
        # The first condition says nothing new, but it alone tells the index where to begin.
        same_day = sa.and_(LedgerRow.date == after.date, LedgerRow.id < after.ledger_id)
        query = query.where(LedgerRow.date <= after.date, sa.or_(LedgerRow.date < after.date, same_day))
    with database.read() as session:
        found = session.execute(query.order_by(LedgerRow.date.desc(), LedgerRow.id.desc()).limit(limit)).all()
        lines = _lines(session, [row.id for row in found])
    return [_entry(row, lines[row.id]) for row in found]


def sums(database: Database, member: str | None, span: Span) -> list[Sum]:
    """What a member spent, by month, currency and category, the earliest month first."""
    bought = purchases(member, span).subquery()
    year, month = sa.extract("year", bought.c.date), sa.extract("month", bought.c.date)
    unread = is_unread(bought)
    by = year, month, bought.c.currency, ItemRow.category
    query = (
        sa.select(
            *by,
            sa.func.sum(sa.case((unread, 0), else_=ItemRow.price)),
            sa.func.count(),
            sa.func.sum(sa.case((unread, 1), else_=0)),
        )
        .join(ItemRow, ItemRow.ledger_id == bought.c.id)
        .group_by(*by)
        .order_by(*by)
    )
    with database.read() as session:
        return [_sum(*row) for row in session.execute(query)]


def purchases(member: str | None, span: Span) -> sa.Select[int, dt.date, int, Any]:
    """The member's rows of the ledger, each with the receipt it was confirmed from and its currency."""
    query = (
        sa.select(
            LedgerRow.id,
            LedgerRow.date,
            ReceiptRow.id.label("receipt_id"),
            sa.func.coalesce(_CURRENCY, _APP_CURRENCY).label("currency"),
        )
        .outerjoin(ReceiptRow, ReceiptRow.ledger_id == LedgerRow.id)
        .where(*of_member(member))
    )
    if span.since:
        query = query.where(LedgerRow.date >= span.since)
    return query.where(LedgerRow.date < span.until) if span.until else query


def of_member(member: str | None) -> tuple[sa.ColumnElement[bool], ...]:
    """The index finds those that a database calls equal; among them '7x' for a number, or 'Kim' for 'kim'."""
    if member is None:
        return (LedgerRow.member_id.is_(None),)
    same_bytes = sa.cast(LedgerRow.member_id, sa.LargeBinary) == sa.cast(sa.literal(member), sa.LargeBinary)
    return LedgerRow.member_id == member, same_bytes


def is_unread(bought: sa.Subquery) -> sa.ColumnElement[bool]:
    """Whether the app wrote that the amount of a line could not be read."""
    return sa.and_(bought.c.receipt_id.is_(None), ItemRow.price == UNREADABLE_NUMBER)


def _newest(value: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    """Something of the decision that counts about a receipt."""
    counting = sa.select(value).where(ReviewRow.receipt_id == ReceiptRow.id, ReviewRow.undone_at.is_(None))
    return counting.order_by(ReviewRow.id.desc()).limit(1).correlate(ReceiptRow).scalar_subquery()


_CURRENCY: Final = _newest(ReviewRow.document["currency"].as_string())
TOTAL: Final = _newest(ReviewRow.document["total_amount"].as_integer())
"""What a receipt says in all, as it was confirmed last."""


def _lines(session: Session, ledger_ids: Iterable[int]) -> dict[int, list[ItemRow]]:
    lines: dict[int, list[ItemRow]] = defaultdict(list)
    for item in session.scalars(sa.select(ItemRow).where(ItemRow.ledger_id.in_(ledger_ids)).order_by(ItemRow.id)):
        lines[item.ledger_id].append(item)
    return lines


def _entry(row: sa.Row[Any], items: Iterable[ItemRow]) -> Entry:
    lines = tuple(
        Line(item.name, _price(item.price, theirs=row.receipt_id is None), item.quantity, item.category)
        for item in items
    )
    return Entry(row.id, row.receipt_id, row.date, row.location, row.currency, lines, row.total)


def _price(price: int, *, theirs: bool) -> int | None:
    # The contract says -1 for what could not be read. What a person confirmed is an amount, whatever it is.
    return None if theirs and price == UNREADABLE_NUMBER else price


def _sum(year: int, month: int, currency: str, category: str, amount: Any, lines: int, unread: Any) -> Sum:
    return Sum(dt.date(year, month, 1), category, currency, int(amount), lines, int(unread))
