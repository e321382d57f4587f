"""What photos are read with from day to day: the configured setting, or one that was chosen, until it is taken back."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.clock import utc_now
from ledger.database import Database, rows_changed
from ledger.errors import ConfigurationError
from ledger.extraction.extractor import ReadingSettings
from ledger.prompts.versions import load_version
from ledger.tables import ProductionSettingRow

log = logging.getLogger(__name__)

_NAMES: Final = frozenset(field.name for field in fields(ReadingSettings))
_RESTORES: Final = "restores"
"""Key of a reason: the id of the choice that came back when the one after it was taken back."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A setting that was chosen, why, and by whom. While it holds it has no end."""

    id: int
    settings: ReadingSettings
    reason: Mapping[str, Any]
    """The evidence as it was given; of a choice that came back also `restores`, the id it had before."""
    operator: str
    created_at: dt.datetime
    ended_at: dt.datetime | None = None
    ended_by: str | None = None


class Production:
    """The setting that one engine reads with. Choices are kept for ever; safe to use from several threads at once."""

    def __init__(
        self,
        database: Database,
        engine: str,
        configured: ReadingSettings,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.configured = configured
        self._database = database
        self._engine = engine
        self._clock = clock
        self._told: set[int] = set()

    def current(self) -> ReadingSettings:
        """What photos are read with now. Raises DatabaseError."""
        chosen = self.chosen()
        return chosen.settings if chosen else self.configured

    def chosen(self) -> Chosen | None:
        """The choice that holds; None where the configured setting does."""
        holding = self._rows().where(ProductionSettingRow.ended_at.is_(None)).limit(1)
        with self._database.read() as session:
            row = session.scalar(holding)
        return self._described(row) if row else None

    def history(self) -> list[Chosen]:
        """All choices, the newest first."""
        with self._database.read() as session:
            return [self._described(row) for row in session.scalars(self._rows())]

    def choose(self, settings: ReadingSettings, reason: Mapping[str, Any], operator: str) -> int:
        """Read with this setting from now on, in place of the one that holds; the id of the choice."""
        return self._database.retry(self._hold, settings.as_json(), dict(reason), operator, self._clock())

    def take_back(self, chosen_id: int, operator: str) -> bool:
        """End a choice, so that what it replaced holds again; False where it holds no longer."""
        return self._database.retry(self._take_back, chosen_id, operator, self._clock())

    def _hold(
        self, session: Session, settings: dict[str, Any], reason: dict[str, Any], operator: str, now: dt.datetime
    ) -> int:
        ours = ProductionSettingRow.engine == self._engine
        _end(session, operator, now, ours)
        row = ProductionSettingRow(
            engine=self._engine, settings=settings, reason=reason, operator=operator, created_at=now
        )
        session.add(row)
        session.flush()
        # Where nothing held, two choices at once have not waited for each other. Now one meets the row of the other.
        _end(session, operator, now, ours, ProductionSettingRow.id != row.id)
        return row.id

    def _take_back(self, session: Session, chosen_id: int, operator: str, now: dt.datetime) -> bool:
        mine = (ProductionSettingRow.engine == self._engine, ProductionSettingRow.id == chosen_id)
        if _end(session, operator, now, *mine) != 1:
            return False
        before = self._replaced_by(session, session.get_one(ProductionSettingRow, chosen_id))
        if before is not None:
            reason = (before.reason or {}) | {_RESTORES: before.id}
            self._hold(session, before.settings, reason, operator, now)
        return True

    def _replaced_by(self, session: Session, row: ProductionSettingRow) -> ProductionSettingRow | None:
        """The choice that held until this one was made; what came back goes by where it stood at first."""
        while restored := (row.reason or {}).get(_RESTORES):
            row = session.get_one(ProductionSettingRow, restored)
        ended_by_it = (ProductionSettingRow.id < row.id, ProductionSettingRow.ended_at == row.created_at)
        return session.scalar(self._rows().where(*ended_by_it).limit(1))

    def _rows(self) -> sa.Select[ProductionSettingRow]:
        of_this_engine = sa.select(ProductionSettingRow).where(ProductionSettingRow.engine == self._engine)
        return of_this_engine.order_by(ProductionSettingRow.id.desc())

    def _described(self, row: ProductionSettingRow) -> Chosen:
        settings = self._understood(row)
        return Chosen(row.id, settings, row.reason or {}, row.operator, row.created_at, row.ended_at, row.ended_by)

    def _understood(self, row: ProductionSettingRow) -> ReadingSettings:
        """The setting as far as this version of the program knows it: photos must be read, whoever stored it."""
        known = {name: value for name, value in row.settings.items() if name in _NAMES}
        if unknown := sorted(row.settings.keys() - _NAMES):
            self._tell_once(row.id, f"this version knows no {', '.join(unknown)}")
        settings = replace(self.configured, **known)
        if settings.prompt_version in (None, self.configured.prompt_version):
            return settings
        try:
            load_version(str(settings.prompt_version))
        except ConfigurationError as error:
            self._tell_once(row.id, f"the configured prompt is used, for {error.fields['why']}")
            return replace(settings, prompt_version=self.configured.prompt_version)
        return settings

    def _tell_once(self, chosen_id: int, what: str) -> None:
        if chosen_id not in self._told:
            self._told.add(chosen_id)
            log.warning("the chosen setting %d is read with as far as it is understood: %s", chosen_id, what)


def _end(session: Session, operator: str, now: dt.datetime, *which: sa.ColumnElement[bool]) -> int:
    """End choices that hold; how many those were."""
    holding = sa.update(ProductionSettingRow).where(ProductionSettingRow.ended_at.is_(None), *which)
    return rows_changed(session, holding.values(ended_at=now, ended_by=operator))
