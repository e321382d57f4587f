"""Purchases of members: confirmed from a photo, or written by the app itself."""

from __future__ import annotations

import datetime as dt

from ledger.database import Database
from ledger.receipt import Category, LineItem, Receipt
from ledger.review.confirm import confirm
from ledger.tables import ItemRow, LedgerRow
from tests.factories import action, read_one


def buy(
    database: Database,
    day: dt.date,
    *items: LineItem,
    member: str | None = "7",
    currency: str = "KRW",
    total: int | None = 1,
) -> int:
    """Confirm a purchase; its receipt's id."""
    receipt = Receipt(date=day, location="멍멍마트", items=items, total_amount=total, currency=currency)
    name = f"{day}-{member}-{currency}.jpg"
    receipt_id, extraction_id = read_one(database, receipt, key=name, member_id=member)
    confirm(database, action(receipt_id, extraction_id, name), receipt)
    return receipt_id


def of_the_app(database: Database, day: dt.date, price: int, member: str | None = "7") -> None:
    """A purchase that the app wrote by itself."""
    with database.write() as session:
        row = LedgerRow(member_id=member, location="앱", date=day)
        session.add(row)
        session.flush()
        session.add(ItemRow(name="간식", price=price, quantity=2, category="식비", ledger_id=row.id))


def snack(price: int, count: int = 1) -> LineItem:
    """Something to eat."""
    return LineItem(name="간식", price=price, count=count, category=Category.FOOD)


def toy(price: int) -> LineItem:
    """Something to play with."""
    return LineItem(name="장난감", price=price, count=3, category=Category.SUPPLIES)


def day(month: int, number: int) -> dt.date:
    """A day of the year in which all of this is bought."""
    return dt.date(2026, month, number)
