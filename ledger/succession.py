"""Rows of which one holds at a time, each until the next one is made: kept for ever, and taken back step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.columns import Table
from ledger.database import rows_changed

RESTORES: Final = "restores"
"""Key of a reason: the id of the row that came back when the one after it was taken back."""


Row = TypeVar("Row", bound=Table)
"""A table with columns for the reason, the operator, and when a row began and ended: created_at, ended_at, ended_by."""


class Succession(Generic[Row]):
    """The rows of one table that follow each other: those with the values of `of`, as in {"engine": "openai"}."""

    def __init__(self, row: type[Row], of: Mapping[str, Any]) -> None:
        self._row: Any = row
        self._of = dict(of)
        self._ours: list[sa.ColumnElement[bool]] = [getattr(row, name) == value for name, value in of.items()]

    def rows(self) -> sa.Select[Row]:
        """All of them, the newest first."""
        of_these: sa.Select[Row] = sa.select(self._row).where(*self._ours)
        return of_these.order_by(self._row.id.desc())

    def holding(self) -> sa.Select[Row]:
        """The one that holds, if any does."""
        return self.rows().where(self._row.ended_at.is_(None)).limit(1)

    def hold(
        self, session: Session, values: Mapping[str, Any], reason: dict[str, Any], operator: str, now: dt.datetime
    ) -> int:
        """Have a row with these values hold from now on, in place of the one that does; its id."""
        self._end(session, operator, now)
        row = self._row(**self._of, **values, reason=reason, operator=operator, created_at=now)
        session.add(row)
        session.flush()
        # Where nothing held, two at once have not waited for each other. Now one meets the row of the other.
        self._end(session, operator, now, self._row.id != row.id)
        return int(row.id)

    def take_back(
        self,
        session: Session,
        row_id: int,
        operator: str,
        now: dt.datetime,
        may_hold: Callable[[Row], bool] = lambda _row: True,
    ) -> bool:
        """End a row, so that what it replaced holds again; False where it holds no longer.

        What may hold no more is passed over: then what that one had replaced holds, or nothing.
        """
        if self._end(session, operator, now, self._row.id == row_id) != 1:
            return False
        before = self._replaced_by(session, session.get_one(self._row, row_id))
        while before is not None and not may_hold(before):
            before = self._replaced_by(session, before)
        if before is not None:
            reason = (before.reason or {}) | {RESTORES: before.id}
            self.hold(session, self._values(before), reason, operator, now)
        return True

    def _values(self, row: Any) -> dict[str, Any]:
        """What a row says beside whom it is of, when, why and by whom."""
        frame = {*self._of, "id", "reason", "operator", "created_at", "ended_at", "ended_by"}
        return {column.name: getattr(row, column.name) for column in self._row.__table__.c if column.name not in frame}

    def _replaced_by(self, session: Session, row: Any) -> Any:
        """The row that held until this one was made; what came back goes by where it stood at first."""
        while restored := (row.reason or {}).get(RESTORES):
            row = session.get_one(self._row, restored)
        ended_by_it = (self._row.id < row.id, self._row.ended_at == row.created_at)
        return session.scalar(self.rows().where(*ended_by_it).limit(1))

    def _end(self, session: Session, operator: str, now: dt.datetime, *which: sa.ColumnElement[bool]) -> int:
        """End rows that hold; how many those were."""
        holding = sa.update(self._row).where(self._row.ended_at.is_(None), *self._ours, *which)
        return rows_changed(session, holding.values(ended_at=now, ended_by=operator))
