"""Which prompt each family of models is asked with: promoted with its evidence, and taken back with one click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.prompts.tables import ActivePromptRow, PromptVersionRow
from ledger.succession import Succession


@dataclass(frozen=True, slots=True)
class Active:
    """A version that a family was asked with from a moment on. While it is, it has no end."""

    id: int
    family: str
    version: str
    reason: Mapping[str, Any]
    """The evidence as it was given; of one that came back also `restores`, the id it had before."""
    operator: str
    created_at: dt.datetime
    ended_at: dt.datetime | None = None
    ended_by: str | None = None


class Activations:
    """What was promoted, for all families. Nothing is deleted; safe to use from several threads at once."""

    def __init__(self, database: Database, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._clock = clock

    def holding(self, family: str) -> Active | None:
        """What the family is asked with; None where nothing was promoted for it."""
        with self._database.read() as session:
            row = session.scalar(_of(family).holding())
        return _described(row) if row else None

    def all_holding(self) -> list[Active]:
        """What every family with a promoted prompt is asked with."""
        holding = sa.select(ActivePromptRow).where(ActivePromptRow.ended_at.is_(None))
        with self._database.read() as session:
            return [_described(row) for row in session.scalars(holding.order_by(ActivePromptRow.family))]

    def history(self, family: str | None = None) -> list[Active]:
        """All that a family was asked with, the newest first; of all families without one."""
        all_of_them = sa.select(ActivePromptRow).order_by(ActivePromptRow.id.desc())
        with self._database.read() as session:
            rows = session.scalars(_of(family).rows() if family is not None else all_of_them)
            return [_described(row) for row in rows]

    def promote(self, family: str, version: str, reason: Mapping[str, Any], operator: str) -> int:
        """Have the family asked with this version from now on; the id of the promotion."""
        values = {"prompt_version": version}
        return self._database.retry(_of(family).hold, values, dict(reason), operator, self._clock())

    def take_back(self, active_id: int, operator: str) -> bool:
        """End a promotion, so that what it replaced is active again; False where it is active no longer.

        A version that was put away is passed over: whoever put it away did not want it to be asked with.
        """
        return self._database.retry(_take_back, active_id, operator, self._clock())


def _take_back(session: Session, active_id: int, operator: str, now: dt.datetime) -> bool:
    row = session.get(ActivePromptRow, active_id)
    may_hold = partial(_is_not_put_away, session)
    return row is not None and _of(row.family).take_back(session, active_id, operator, now, may_hold)


def _is_not_put_away(session: Session, row: ActivePromptRow) -> bool:
    name = row.prompt_version.partition("@")[0]
    away = sa.select(PromptVersionRow.id).where(PromptVersionRow.name == name, PromptVersionRow.retired_at.is_not(None))
    return session.scalar(away) is None


def _of(family: str) -> Succession[ActivePromptRow]:
    return Succession(ActivePromptRow, {"family": family})


def _described(row: ActivePromptRow) -> Active:
    return Active(
        row.id, row.family, row.prompt_version, row.reason, row.operator, row.created_at, row.ended_at, row.ended_by
    )
