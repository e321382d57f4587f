"""Looking for photos: one look at a time, in the background where it takes long, gone on with where it broke off."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ledger.database import Database
from ledger.errors import StoreUnavailable
from ledger.inbox.arrivals import Arrivals
from ledger.inbox.object_store import StoredObject
from tests.factories import MemoryStore, jpeg


class Watched(MemoryStore):
    """A store that tells where listings were begun, breaks off before one key, and waits before another."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.breaks_at = self.waits_at = ""
        self.reached, self.go_on = threading.Event(), threading.Event()
        for number in range(count):
            self.put(f"{number:02d}.jpg", jpeg())

    def list(self, after: str = "") -> Iterator[StoredObject]:
        self.begun.append(after)
        for found in super().list(after):
            if found.key == self.breaks_at:
                raise StoreUnavailable(store=self.name, why="gone")
            if found.key == self.waits_at:
                self.reached.set()
                assert self.go_on.wait(10)
            yield found


def test_a_look_goes_on_where_the_one_before_broke_off_and_the_next_one_is_whole_again(database: Database) -> None:
    store = Watched(11)
    store.breaks_at = "09.jpg"
    arrivals = Arrivals(database, store, page=4)
    with pytest.raises(StoreUnavailable):
        arrivals.look()

    store.breaks_at = ""
    assert (arrivals.look().added, arrivals.look().listed) == (3, 11)
    assert store.begun == ["", "07.jpg", ""]


def test_a_look_that_got_nowhere_is_begun_anew(database: Database) -> None:
    store = Watched(11)
    arrivals = Arrivals(database, store, page=4)
    for store.breaks_at in ("05.jpg", "05.jpg", ""):
        if store.breaks_at:
            with pytest.raises(StoreUnavailable):
                arrivals.look()

    assert arrivals.look().listed == 11
    assert store.begun == ["", "03.jpg", ""]


def test_a_long_look_says_how_far_it_is_and_keeps_nobody_waiting(database: Database) -> None:
    store = Watched(11)
    store.waits_at = "09.jpg"
    arrivals = Arrivals(database, store, page=4, long_seconds=0)

    look = arrivals.begin(arrivals.look)
    assert store.reached.wait(10)
    while arrivals.listed_so_far() != 8:
        assert not look.done()
    again = arrivals.begin(arrivals.look)
    store.go_on.set()

    assert again is look
    assert look.result(10).added == 11
    assert arrivals.listed_so_far() is None
    assert arrivals.begin(arrivals.look).result(10).added == 0


def test_a_look_ends_after_its_page_when_the_process_does(database: Database) -> None:
    store = Watched(11)
    store.waits_at = "06.jpg"
    arrivals = Arrivals(database, store, page=4)

    look = arrivals.begin(arrivals.look)
    assert store.reached.wait(10)
    arrivals.close()
    store.go_on.set()

    assert look.result(10).listed in (4, 8)
    assert arrivals.look().listed == 11


def test_a_failure_in_the_background_is_told_to_who_waits_for_it(database: Database) -> None:
    store = MemoryStore()
    store.failure = StoreUnavailable(store=store.name, why="gone")
    arrivals = Arrivals(database, store)

    with pytest.raises(StoreUnavailable):
        arrivals.begin(arrivals.look).result(10)
