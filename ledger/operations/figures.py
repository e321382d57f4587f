"""All figures of some days together."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.database import Database
from ledger.operations.decisions import Work, decisions_by_slot, together, work_by_operator
from ledger.operations.field_effort import Effort, field_effort
from ledger.operations.period import Period
from ledger.operations.readings import Failure, Readings, failures, readings


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened in some days."""

    decisions: dict[tuple[int, str], int]
    """Receipts by (number of the slot, decision)."""
    work: list[Work]
    """By operator."""
    effort: Effort
    readings: list[Readings]
    failures: list[Failure]

    @property
    def everybody(self) -> Work:
        """The work of all operators."""
        return together(self.work)

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


def figures(database: Database, period: Period) -> Figures:
    """Everything about these days, in six queries."""
    found = readings(database, period)
    return Figures(
        decisions=decisions_by_slot(database, period),
        work=work_by_operator(database, period),
        effort=field_effort(database, period),
        readings=found,
        failures=failures(database, found),
    )
