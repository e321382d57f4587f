"""The days that figures are told of, in the operators' zone, cut into hours or days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ledger.columns import UtcDateTime

_HOUR: Final = dt.timedelta(hours=1)
_DAY: Final = dt.timedelta(days=1)
_MOST_DAYS_BY_HOUR: Final = 2


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the first and the last included. The zone is one without summer time: each day has 24 hours."""

    first: dt.date
    last: dt.date
    zone: str
    slot: dt.timedelta
    """What it is cut into."""

    @classmethod
    def of(cls, first: dt.date, last: dt.date, zone: str) -> Period:
        """These days, cut into hours for a day or two, into days for more."""
        return cls(first, last, zone, _HOUR if (last - first).days < _MOST_DAYS_BY_HOUR else _DAY)

    def split(self, day: dt.date) -> list[Period]:
        """What of it lies before this day, and what lies from there on; both are cut as it is."""
        before = replace(self, last=min(self.last, day - _DAY))
        rest = replace(self, first=max(self.first, day))
        return [part for part in (before, rest) if part.first <= part.last]

    @property
    def since(self) -> dt.datetime:
        """The first moment, UTC."""
        return self._midnight(self.first)

    @property
    def until(self) -> dt.datetime:
        """The first moment after it, UTC."""
        return self._midnight(self.last + _DAY)

    def slots(self, now: dt.datetime) -> list[dt.datetime]:
        """When each slot begins, UTC; those that are still to come are left out."""
        count = -(-(min(self.until, now) - self.since) // self.slot)
        return [self.begin_of(number) for number in range(max(count, 0))]

    def begin_of(self, number: int) -> dt.datetime:
        """When the slot with this number begins, UTC."""
        return self.since + self.slot * int(number)

    def covers(self, column: Any) -> sa.ColumnElement[bool]:
        """The condition that a time lies in it."""
        return sa.and_(column >= self.since, column < self.until)

    def slot_of(self, column: Any) -> sa.Label[int]:
        """Number of the slot in which a time lies, from 0, as `slot`."""
        length = sa.literal_column(str(int(self.slot.total_seconds())), sa.Integer())
        return _Slot(sa.literal(self.since, UtcDateTime()), column, length).label("slot")

    def _midnight(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time.min, ZoneInfo(self.zone)).astimezone(dt.UTC)


class _Slot(FunctionElement[int]):
    """How many whole slots lie between two times: begin, end, seconds of a slot."""

    type = sa.Integer()
    inherit_cache = True


@compiles(_Slot)
def _on_mysql(element: _Slot, compiler: SQLCompiler, **options: Any) -> str:
    begin, end, length = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(TIMESTAMPDIFF(SECOND, {begin}, {end}) DIV {length})"


@compiles(_Slot, "sqlite")
def _on_sqlite(element: _Slot, compiler: SQLCompiler, **options: Any) -> str:
    begin, end, length = (compiler.process(clause, **options) for clause in element.clauses)
    # Cut, because strftime would round the last microseconds of a day up into the next one.
    return f"((strftime('%s', substr({end}, 1, 19)) - strftime('%s', substr({begin}, 1, 19))) / {length})"
