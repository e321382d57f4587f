"""Why nothing waits, in sentences with their numbers and times."""

from __future__ import annotations

import datetime as dt

from ledger.database import Database
from ledger.errors import AnswerNotJson
from ledger.extraction.pipeline import Reader
from ledger.review.claims import claim
from ledger.review.queue import postpone
from ledger.review.wanted import ALL, Filter
from ledger.review.why_empty import (
    FAILED,
    HELD,
    LEFT_OUT,
    MINE,
    NOTHING_EVER,
    NOTHING_SINCE,
    POSTPONED,
    READING,
    why_empty,
)
from tests.factories import NOW, FakeExtractor, MemoryStore, read_one, take_in


def why(database: Database, wanted: Filter = ALL) -> dict[str, tuple[str, ...]]:
    return {note.sentence: tuple(note.fields.values()) for note in why_empty(database, "지수", NOW, wanted)}


def test_an_empty_database_has_had_no_photo(database: Database) -> None:
    assert why(database) == {NOTHING_EVER: ()}


def test_what_others_hold_what_failed_and_what_was_postponed_is_told(database: Database) -> None:
    a, b, c, d = [read_one(database, key=f"{name}.jpg")[0] for name in "abcd"]
    claim(database, a, "민준", "1", NOW)
    claim(database, b, "지수", "2", NOW)
    later = NOW + dt.timedelta(hours=2)
    for number, until in ((c, later + dt.timedelta(days=1)), (d, later)):
        postpone(database, number, until, "지수", NOW)
    store = MemoryStore()
    failed = take_in(database, store, "e.jpg")
    Reader(database, store, FakeExtractor(AnswerNotJson(why="?")), lambda: NOW).read(failed)
    since = {NOTHING_SINCE: (NOW.isoformat(),)}

    told = {HELD: ("1",), MINE: ("1",), POSTPONED: ("2", later.isoformat()), FAILED: ("1",)}
    assert why(database) == told | since
    assert why(database, Filter(text="없는곳")) == told | {LEFT_OUT: ("4",)} | since


def test_while_photos_are_read_nobody_is_told_that_nothing_came(database: Database) -> None:
    take_in(database, MemoryStore())

    assert why(database) == {READING: ("1",)}
