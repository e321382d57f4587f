"""All figures of some days together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.database import Database
from ledger.operations.decisions import AUTO_CONFIRMED, Work, by_operator, decisions_by_slot, together, work_by_operator
from ledger.operations.field_effort import Effort, field_effort
from ledger.operations.period import Period
from ledger.operations.readings import Failure, Readings, failures, readings


@dataclass(frozen=True, slots=True)
class Part:
    """What was counted of some days. The parts of a period add up to its figures."""

    decisions: dict[tuple[dt.datetime, str], int]
    """Receipts by (begin of the slot, decision)."""
    work: list[Work]
    """By operator."""
    effort: Effort
    readings: list[Readings]


@dataclass(frozen=True, slots=True)
class Figures(Part):
    """What happened in some days."""

    failures: list[Failure]

    @property
    def everybody(self) -> Work:
        """The work of all operators."""
        return together(self.work)

    @property
    def auto_confirmed(self) -> int:
        """Receipts that were confirmed without a person."""
        return sum(count for (_, decision), count in self.decisions.items() if decision == AUTO_CONFIRMED)

    @property
    def read(self) -> int:
        """Readings that gave a receipt."""
        return sum(part.count for part in self.readings if part.error_class is None)

    @property
    def failed(self) -> int:
        """Readings that an error stopped."""
        return sum(part.count for part in self.readings if part.error_class is not None)

    @property
    def cost_microusd(self) -> int:
        """Millionths of a US dollar, as far as prices are known."""
        return sum(part.cost_microusd for part in self.readings)


def count(database: Database, period: Period) -> Part:
    """Everything that happened in these days, in four queries."""
    return Part(
        decisions=decisions_by_slot(database, period),
        work=work_by_operator(database, period),
        effort=field_effort(database, period),
        readings=readings(database, period),
    )


def figures(database: Database, parts: Sequence[Part]) -> Figures:
    """The figures of a period from its parts."""
    read = [found for part in parts for found in part.readings]
    return Figures(
        decisions={key: number for part in parts for key, number in part.decisions.items()},
        work=by_operator(work for part in parts for work in part.work),
        effort=sum((part.effort for part in parts), Effort()),
        readings=read,
        failures=failures(database, read),
    )
