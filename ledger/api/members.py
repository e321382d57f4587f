"""/v1/members: the confirmed ledger of one member, by day, and summed by month and category."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel

from ledger.api.callers import Callers
from ledger.api.keys import Scope
from ledger.api.problems import PROBLEMS
from ledger.database import Database
from ledger.review.ledger_view import Entry, Place, Span, Sum, entries, sums

_MOST: Final = 100
_MONTHS: Final = 12


def _cursor_checked(text: str) -> str:
    _place(text)
    return text


_A_MONTH: Final = r"^[12][0-9]{3}-(0[1-9]|1[0-2])$"
Member = Annotated[str, Path(min_length=1, max_length=64)]
Month = Annotated[str, Query(pattern=_A_MONTH, examples=["2026-11"])]
Cursor = Annotated[
    str,
    Query(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{1,18}$", description="`next` of the page before"),
    AfterValidator(_cursor_checked),
]
Limit = Annotated[int, Query(ge=1, le=_MOST)]


class LedgerLine(BaseModel):
    """One line. `price` is the amount of the line, all `count` pieces together; null where nobody could read it."""

    name: str
    price: int | None
    count: int
    category: str


class LedgerEntry(BaseModel):
    """One purchase. Amounts are in the currency's smallest unit."""

    id: int
    receipt: int | None
    """The receipt it was confirmed from; null for one that the app wrote itself."""
    date: dt.date
    location: str
    currency: str
    items: list[LedgerLine]


class LedgerPage(BaseModel):
    """Purchases, newest day first."""

    entries: list[LedgerEntry]
    next: str | None
    """What to ask for as `cursor` to go on; null at the end."""


class CategorySum(BaseModel):
    """What was spent on one category in one month. Each currency has sums of its own."""

    month: str
    currency: str
    category: str
    amount: int
    """In the currency's smallest unit."""
    lines: int
    unread: int
    """How many of the lines have no amount that could be read; they are not in `amount`."""


class Summary(BaseModel):
    """Sums by month, currency and category, the earliest month first; what nothing was spent on is left out."""

    sums: list[CategorySum]


def member_routes(database: Database, callers: Callers) -> APIRouter:
    """The routes; a key that may read sees every member."""
    reads = [Depends(callers.having(Scope.READ))]
    router = APIRouter(prefix="/v1/members", tags=["members"], responses=PROBLEMS, dependencies=reads)

    @router.get("/{member}/ledger")
    def ledger(
        member: Member, month: Month | None = None, cursor: Cursor | None = None, limit: Limit = 50
    ) -> LedgerPage:
        """The purchases of a member in one month, or in all, a page at a time."""
        span = _span(month, month) if month else Span()
        after = _place(cursor) if cursor else None
        found = entries(database, member, span, limit=limit + 1, after=after)
        more = _cursor(found[limit - 1]) if len(found) > limit else None
        return LedgerPage(entries=[_entry(entry) for entry in found[:limit]], next=more)

    @router.get("/{member}/summary")
    def summary(
        member: Member, month: Month | None = None, since: Month | None = None, until: Month | None = None
    ) -> Summary:
        """Sums of one `month`, or of the months from `since` to `until`, both included."""
        first, last = month or since, month or until
        if first is None or last is None or (month and (since or until)) or first > last:
            why = "say one month, or since and until, the earlier one first"
            raise RequestValidationError([{"loc": ("query", "month"), "msg": why, "type": "value_error"}])
        return Summary(sums=[_sum(each) for each in sums(database, member, _span(first, last))])

    return router


def _span(first: str, last: str) -> Span:
    end = dt.date.fromisoformat(f"{last}-01")
    after = dt.date(end.year + end.month // _MONTHS, end.month % _MONTHS + 1, 1)
    return Span(dt.date.fromisoformat(f"{first}-01"), after)


def _place(cursor: str) -> Place:
    date, _, ledger_id = cursor.partition("_")
    return Place(dt.date.fromisoformat(date), int(ledger_id))


def _cursor(entry: Entry) -> str:
    return f"{entry.date.isoformat()}_{entry.ledger_id}"


def _entry(entry: Entry) -> LedgerEntry:
    lines = [LedgerLine(name=it.name, price=it.price, count=it.count, category=it.category) for it in entry.items]
    return LedgerEntry(
        id=entry.ledger_id,
        receipt=entry.receipt_id,
        date=entry.date,
        location=entry.location,
        currency=entry.currency,
        items=lines,
    )


def _sum(found: Sum) -> CategorySum:
    return CategorySum(
        month=f"{found.month:%Y-%m}",
        currency=found.currency,
        category=found.category,
        amount=found.amount,
        lines=found.lines,
        unread=found.unread,
    )
