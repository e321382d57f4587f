"""How things stand, counted by hand, on SQLite and MariaDB."""

from __future__ import annotations

import datetime as dt

from ledger.database import Database
from ledger.operations.now import Now, how_things_stand
from ledger.receipt import ReceiptStatus
from tests.operations.happened import arrived, at, decided

NOON = at(12)


def stands(*, waiting: int, decided: int = 0, arrived: int = 0) -> Now:
    return Now(pending=0, ready=waiting, failed=0, oldest=NOON, decided=decided, arrived=arrived)


def test_an_empty_desk(database: Database) -> None:
    assert how_things_stand(database, NOON) == Now(0, 0, 0, None, 0, 0)


def test_what_waits_and_since_when(database: Database) -> None:
    arrived(database, at(1), ReceiptStatus.FAILED)
    arrived(database, at(3), ReceiptStatus.EXTRACTED)
    arrived(database, at(2), ReceiptStatus.IN_REVIEW)
    arrived(database, at(11.5), ReceiptStatus.PENDING, count=4)

    found = how_things_stand(database, NOON)

    assert (found.pending, found.ready, found.failed) == (4, 2, 1)
    assert found.oldest == at(2)
    assert (found.decided, found.arrived) == (0, 4)


def test_the_pace_is_what_was_decided_within_the_hour(database: Database) -> None:
    for when, more in ((at(10.9), {}), (at(11.1), {}), (at(11.9), {"decision": "rejected"})):
        decided(database, when, **more)
    decided(database, at(11.9), undone_at=NOON)

    assert how_things_stand(database, NOON).decided == 2


def test_counts_end_where_more_would_tell_nothing(database: Database) -> None:
    arrived(database, at(11.5), count=5)

    found = how_things_stand(database, NOON, most=3)

    assert (found.pending, found.arrived) == (3, 3)


def test_the_queue_is_empty_when_what_waits_is_divided_by_the_pace() -> None:
    assert stands(waiting=30, decided=20, arrived=0).time_to_empty == dt.timedelta(minutes=90)
    assert stands(waiting=30, decided=20, arrived=10).time_to_empty == dt.timedelta(hours=3)


def test_why_nobody_can_tell_when_the_queue_is_empty() -> None:
    assert stands(waiting=0, decided=20).time_to_empty == "empty"
    assert stands(waiting=30, decided=4).time_to_empty == "unknown"
    assert stands(waiting=30, decided=20, arrived=20).time_to_empty == "growing"
