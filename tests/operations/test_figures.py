"""The parts of a range add up to its figures, on SQLite and MariaDB."""

from __future__ import annotations

import datetime as dt

from ledger.database import Database
from ledger.operations.figures import count, figures
from ledger.operations.period import Period
from tests.operations.happened import DAY, SEOUL, at, decided, read


def test_a_range_counted_in_two_parts_is_the_range_counted_at_once(database: Database) -> None:
    three_days = Period.of(DAY, DAY + dt.timedelta(days=2), SEOUL)
    for hours, operator in ((1, "지수"), (2, "민수"), (49, "민수"), (49, "민수"), (70, "지수")):
        effort = {"items.0.name": {"seconds": float(hours), "edits": 1}}
        decided(database, at(hours), operator=operator, seconds=float(hours), effort=effort, corrections=hours % 2)
        read(database, at(hours), error_class="ModelTimeout", cost_microusd=hours)

    whole = figures(database, [count(database, three_days)])
    parts = figures(database, [count(database, part) for part in three_days.split(DAY + dt.timedelta(days=1))])

    assert (parts.decisions, parts.work, parts.effort) == (whole.decisions, whole.work, whole.effort)
    assert [work.operator for work in parts.work] == ["민수", "지수"]
    assert (parts.failed, parts.cost_microusd) == (whole.failed, whole.cost_microusd) == (5, 171)
    assert parts.failures == whole.failures
    assert (parts.everybody.decided, parts.everybody.unchanged) == (5, 2)
