"""What was read and decided since the desk began, counted by hand, on SQLite and MariaDB."""

from __future__ import annotations

import datetime as dt

from ledger.database import Database
from ledger.operations.ever import Ever, EverCounter
from tests.operations.happened import arrived, at, decided, read

NOON = at(12)
OK = "openai", "gpt-4o", None


def test_an_empty_desk_has_read_and_decided_nothing(database: Database) -> None:
    assert EverCounter(database).count(NOON) == Ever()


def test_tokens_and_cost_are_added_up_by_model_and_outcome(database: Database) -> None:
    spent = {"prompt_tokens": 1000, "cached_tokens": 600, "completion_tokens": 50, "cost_microusd": 7}
    read(database, at(-5000), **spent)
    read(database, at(1), **spent)
    read(database, at(2), error_class="ModelTimeout")
    read(database, at(3), model="local", prompt_tokens=5)
    read(database, at(3), engine="offline", model="ocr", prompt_tokens=0)

    found = EverCounter(database).count(NOON)

    other = {("openai", "gpt-4o", "ModelTimeout"): 1, ("openai", "local", None): 1, ("offline", "ocr", None): 1}
    assert found.readings == {OK: 2} | other
    assert (found.sent_tokens[OK], found.cached_tokens[OK], found.answered_tokens[OK]) == (800, 1200, 100)
    assert found.cost_microusd.total() == 14
    assert +found.unpriced == {("openai", "local", None): 1}


def test_decisions_are_counted_also_where_they_were_undone_and_apart_where_nobody_made_them(
    database: Database,
) -> None:
    receipt_id = arrived(database)
    decided(database, at(1), receipt_id=receipt_id)
    decided(database, at(1), receipt_id=receipt_id, undone_at=at(2))
    decided(database, at(1), receipt_id=receipt_id, decision="rejected")
    decided(database, at(1), receipt_id=receipt_id, auto_confirm_id=1)

    found = EverCounter(database).count(NOON).decisions

    assert found == {"confirmed": 2, "rejected": 1, "auto_confirmed": 1}


def test_a_count_never_shrinks_and_takes_in_what_is_stored_late_as_days_go_by(database: Database) -> None:
    counter, midnight = EverCounter(database), dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    moments = [midnight + dt.timedelta(minutes=minutes) for minutes in (-1, 5, 70, 1500)]
    read(database, midnight - dt.timedelta(minutes=2))
    counts = [counter.count(moments[0]).readings[OK]]

    for moment in moments[1:]:
        read(database, moment - dt.timedelta(minutes=6))  # stored now; it ended a while ago
        counts.append(counter.count(moment).readings[OK])

    assert counts == [1, 2, 3, 4]
