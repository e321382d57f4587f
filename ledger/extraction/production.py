"""What photos are read with from day to day: the configured setting, or one that was chosen, until it is taken back."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from ledger.clock import utc_now
from ledger.database import Database
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.tables import ProductionSettingRow
from ledger.prompts.families import family_of
from ledger.prompts.shelf import Prompts
from ledger.succession import Succession

log = logging.getLogger(__name__)

_NAMES: Final = frozenset(field.name for field in fields(ReadingSettings))


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
        prompts: Prompts | None = None,
    ) -> None:
        self.configured = configured
        self.prompts = prompts or Prompts(database, clock)
        self._database = database
        self._choices = Succession(ProductionSettingRow, {"engine": engine})
        self._clock = clock
        self._told: set[int] = set()

    def current(self) -> ReadingSettings:
        """What photos are read with now: the setting, with the prompt active for its model. Raises DatabaseError."""
        chosen = self.chosen()
        return self.with_active_prompt(chosen.settings if chosen else self.configured)

    def with_active_prompt(self, settings: ReadingSettings) -> ReadingSettings:
        """The setting with the prompt that was promoted for its model's family, if one was."""
        if settings.prompt_version is None:  # nothing is prompted
            return settings
        promoted = self.prompts.promoted(family_of(settings.model))
        return replace(settings, prompt_version=promoted) if promoted else settings

    def chosen(self) -> Chosen | None:
        """The choice that holds; None where the configured setting does."""
        with self._database.read() as session:
            row = session.scalar(self._choices.holding())
        return self._described(row) if row else None

    def history(self) -> list[Chosen]:
        """All choices, the newest first."""
        with self._database.read() as session:
            return [self._described(row) for row in session.scalars(self._choices.rows())]

    def choose(self, settings: ReadingSettings, reason: Mapping[str, Any], operator: str) -> int:
        """Read with this setting from now on, in place of the one that holds; the id of the choice.

        Its prompt is not part of the choice: prompts are promoted for a family of models, by themselves.
        """
        values = {"settings": settings.as_json() | {"prompt_version": None}}
        return self._database.retry(self._choices.hold, values, dict(reason), operator, self._clock())

    def take_back(self, chosen_id: int, operator: str) -> bool:
        """End a choice, so that what it replaced holds again; False where it holds no longer."""
        return self._database.retry(self._choices.take_back, chosen_id, operator, self._clock())

    def _described(self, row: ProductionSettingRow) -> Chosen:
        settings = self._understood(row)
        return Chosen(row.id, settings, row.reason or {}, row.operator, row.created_at, row.ended_at, row.ended_by)

    def _understood(self, row: ProductionSettingRow) -> ReadingSettings:
        """The setting as far as this version of the program knows it: photos must be read, whoever stored it."""
        known = {name: value for name, value in row.settings.items() if name in _NAMES - {"prompt_version"}}
        if unknown := sorted(row.settings.keys() - _NAMES):
            self._tell_once(row.id, f"this version knows no {', '.join(unknown)}")
        return replace(self.configured, **known)

    def _tell_once(self, chosen_id: int, what: str) -> None:
        if chosen_id not in self._told:
            self._told.add(chosen_id)
            log.warning("the chosen setting %d is read with as far as it is understood: %s", chosen_id, what)
