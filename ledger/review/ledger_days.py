"""A member's ledger by day, and the days on which there is something: what a calendar shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.database import Database
from ledger.review.ledger_view import TOTAL, Span, is_unread, of_member, purchases
from ledger.tables import ItemRow, LedgerRow


@dataclass(frozen=True, slots=True)
class Day:
    """What was spent on one day in one currency, in its smallest unit."""

    date: dt.date
    currency: str
    purchases: int
    amount: int
    """What the items come to, as in sums by category; printed totals that differ change nothing about it."""
    unread: int
    """How many items have no amount that could be read."""
    differing: int
    """How many of the purchases have a total that is not the sum of their items."""
    difference: int
    """By how much those totals are more, in all."""


def days(database: Database, member: str | None, span: Span) -> list[Day]:
    """The days on which a member bought something, the earliest first; one that has two currencies comes twice."""
    each = _each_purchase(member, span).subquery()
    off = sa.func.coalesce(each.c.total - each.c.amount, 0)
    query = (
        sa.select(
            each.c.date,
            each.c.currency,
            sa.func.count(),
            *(sa.func.sum(of_all) for of_all in (each.c.amount, each.c.unread, sa.case((off != 0, 1), else_=0), off)),
        )
        .group_by(each.c.date, each.c.currency)
        .order_by(each.c.date, each.c.currency)
    )
    with database.read() as session:
        return [_day(*row) for row in session.execute(query)]


def _each_purchase(member: str | None, span: Span) -> sa.Select[Any]:
    bought = purchases(member, span).add_columns(TOTAL.label("total")).subquery()
    unread = is_unread(bought)
    by = bought.c.id, bought.c.date, bought.c.currency, bought.c.total
    amount = sa.func.coalesce(sa.func.sum(sa.case((unread, 0), else_=ItemRow.price)), 0)
    not_read = sa.func.coalesce(sa.func.sum(sa.case((unread, 1), else_=0)), 0)
    query = sa.select(*by, amount.label("amount"), not_read.label("unread"))
    return query.outerjoin(ItemRow, ItemRow.ledger_id == bought.c.id).group_by(*by)


def last_day(database: Database, member: str | None, before: dt.date | None = None) -> dt.date | None:
    """The newest day on which a member bought something, before another day if that is given."""
    query = sa.select(LedgerRow.date).where(*of_member(member)).order_by(LedgerRow.date.desc()).limit(1)
    with database.read() as session:
        return session.scalar(query.where(LedgerRow.date < before) if before else query)


def first_day(database: Database, member: str | None, since: dt.date) -> dt.date | None:
    """The earliest day on which a member bought something, from a day on."""
    query = sa.select(LedgerRow.date).where(*of_member(member), LedgerRow.date >= since)
    with database.read() as session:
        return session.scalar(query.order_by(LedgerRow.date).limit(1))


def _day(date: dt.date, currency: str, purchases_: int, *counted: Any) -> Day:
    return Day(date, currency, purchases_, *(int(each) for each in counted))
