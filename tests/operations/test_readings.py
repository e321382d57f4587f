"""What was read, counted by hand, on SQLite and MariaDB."""

from __future__ import annotations

from ledger.database import Database
from ledger.operations.readings import failures, readings
from tests.operations.happened import THAT_DAY, arrived, at, read

USAGE = {"prompt_tokens": 1_000, "completion_tokens": 100, "cached_tokens": 500, "cost_microusd": 2_000}
TIMEOUT = {"error_class": "ModelTimeout", "error_message": "It did not answer.", "error_fields": {"seconds": "60"}}


def test_readings_are_counted_by_hour_model_and_error(database: Database) -> None:
    read(database, at(1), **USAGE)
    read(database, at(1.5), **USAGE)
    read(database, at(1.5), model="gpt-4o-mini", **USAGE)
    read(database, at(2), **TIMEOUT)
    read(database, at(24))

    found = {(each.begin, each.model, each.error_class): each for each in readings(database, THAT_DAY)}

    assert {key: each.count for key, each in found.items()} == {
        (at(1), "gpt-4o", None): 2,
        (at(1), "gpt-4o-mini", None): 1,
        (at(2), "gpt-4o", "ModelTimeout"): 1,
    }
    twice = found[at(1), "gpt-4o", None]
    assert (twice.prompt_tokens, twice.completion_tokens, twice.cached_tokens) == (2_000, 200, 1_000)
    assert (twice.cost_microusd, twice.unpriced) == (4_000, 0)
    assert found[at(2), "gpt-4o", "ModelTimeout"].prompt_tokens == 0


def test_tokens_without_a_price_are_told_apart_from_what_costs_nothing(database: Database) -> None:
    read(database, at(1), model="own-model", prompt_tokens=10, completion_tokens=1)
    read(database, at(1), engine="offline", model="offline")

    assert {each.model: each.unpriced for each in readings(database, THAT_DAY)} == {"own-model": 1, "offline": 0}


def test_failures_are_told_by_their_newest_most_frequent_first(database: Database) -> None:
    read(database, at(1), **TIMEOUT)
    read(database, at(3), error_class="NotAPicture", error_message="No picture.", error_fields={"name": "a"})
    receipt_id = arrived(database)
    read(database, at(2), receipt_id, **TIMEOUT | {"error_fields": {"seconds": "90"}, "model": "gpt-4o-mini"})
    read(database, at(5))

    timeout, no_picture = failures(database, readings(database, THAT_DAY))

    assert (timeout.error_class, timeout.count, timeout.fields) == ("ModelTimeout", 2, {"seconds": "90"})
    assert (timeout.receipt_id, timeout.at, timeout.message) == (receipt_id, at(2), "It did not answer.")
    assert (no_picture.error_class, no_picture.count) == ("NotAPicture", 1)


def test_nothing_read_is_nothing_to_count(database: Database) -> None:
    assert readings(database, THAT_DAY) == []
    assert failures(database, []) == []
