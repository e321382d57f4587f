"""Which receipts an operator wants to see, in which order, and the index that is walked for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from ledger.receipt import ReceiptStatus
from ledger.tables import ReceiptRow
from ledger.terms import text_terms

READY: Final = (ReceiptStatus.EXTRACTED, ReceiptStatus.IN_REVIEW)
"""Statuses of receipts that were read and wait for a decision, or are being decided upon."""
MOST_TERMS: Final = 12
"""Terms of a search that are looked up; a longer text is found by some of its own."""
_LONGEST_NUMBER: Final = 18
"""Digits of the longest receipt number."""


class Order(StrEnum):
    """Which of the untouched comes first."""

    RISK = "risk"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which receipts are wanted; what is not said is not asked."""

    text: str = ""
    """Part of the place that was read or confirmed, or a receipt's number."""
    since: dt.date | None = None
    until: dt.date | None = None
    """The last day that is wanted."""
    statuses: tuple[ReceiptStatus, ...] = ()
    warned: bool = False
    """Only what a check found something wrong with."""
    model: str | None = None

    @property
    def dated(self) -> bool:
        """True when only some days are wanted; then lists go by the day."""
        return self.since is not None or self.until is not None

    @property
    def number(self) -> int | None:
        """The receipt's number, if the text is one."""
        text = self.text.strip().removeprefix("#")
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None

    @property
    def terms(self) -> list[str]:
        """The terms that a place has which holds the text."""
        return sorted(text_terms(self.text))[:MOST_TERMS]

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The same for a query; but for the statuses, which choose the index, and the text, which chooses the terms."""
        wanted: list[sa.ColumnElement[bool] | None] = [
            ReceiptRow.read_date >= self.since if self.since else None,
            ReceiptRow.read_date <= self.until if self.until else None,
            ReceiptRow.warned == self.warned if self.warned else None,
            ReceiptRow.model == self.model if self.model else None,
        ]
        return [condition for condition in wanted if condition is not None]


ALL: Final = Filter()


@dataclass(frozen=True, slots=True)
class Walk:
    """An index and the order in which it is walked within one status."""

    index: str
    by: tuple[Any, ...]
    """Columns, the number last. Risk falls, all others rise."""

    def order(self) -> list[sa.ColumnElement[Any]]:
        """The same for a query."""
        return [column.desc() if column is ReceiptRow.risk else column for column in self.by]

    def beyond(self, last: list[Any]) -> sa.ColumnElement[bool]:
        """What comes after these values of `by`."""
        ways: list[sa.ColumnElement[bool]] = []
        same: list[sa.ColumnElement[bool]] = []
        for column, value in zip(self.by, last, strict=True):
            further = column < value if column is ReceiptRow.risk else column > value
            ways.append(sa.and_(*same, further))
            same.append(column == value)
        return sa.or_(*ways)


_BY_RISK: Final = (ReceiptRow.risk, ReceiptRow.id)
BY_NUMBER: Final = Walk("ix_receipt_status_id", (ReceiptRow.id,))


def walk_for(wanted: Filter, order: Order) -> Walk:
    """The walk that meets what is wanted soonest. With a range of days it goes by the day, whatever the order."""
    if wanted.dated:
        return Walk("ix_receipt_status_date", (ReceiptRow.read_date, *_BY_RISK))
    if order is Order.AGE:
        return BY_NUMBER
    if wanted.model:
        return Walk("ix_receipt_status_model", _BY_RISK)
    if wanted.warned:
        return Walk("ix_receipt_status_warned", _BY_RISK)
    return Walk("ix_receipt_status_risk", _BY_RISK)


def walked(query: sa.Select[Any], index: str) -> sa.Select[Any]:
    """The query, bound to walk this index. Optimizers guess, and with a LIMIT they often guess wrong."""
    for dialect in ("mysql", "mariadb"):
        query = query.with_hint(ReceiptRow, f"FORCE INDEX ({index})", dialect)
    return query
