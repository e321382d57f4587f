"""The server's watch over the store: by looking, and beside a queue that tells of new photos."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.config import Settings
from ledger.database import Database
from ledger.errors import ArrivalsUnavailable, BrokerUnavailable
from ledger.inbox.sqs_queue import Message
from ledger.receipt import ReceiptStatus
from ledger.tables import ReceiptRow
from ledger.ui import server
from tests.factories import MemoryStore, migrated, take_in
from tests.services import services


class Telling:
    """A queue that has nothing to tell, or fails."""

    def __init__(self, stop: Callable[[], object]) -> None:
        self.stop, self.asked, self.fails = stop, 0, 0

    def receive(self, wait_seconds: int = 20) -> list[Message]:
        self.asked += 1
        if self.asked <= self.fails:
            raise ArrivalsUnavailable(queue="q", why="gone")
        self.stop()
        return []

    def delete(self, messages: list[Message]) -> None:
        assert messages == []


class Rounds(threading.Event):
    """Stops a watch after so many rounds, and never waits."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.left = rounds
        self.between: Callable[[], object] = lambda: None

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        self.between()
        if not self.left:
            self.set()
        return True


class NobodyThere:
    """Hands tasks to workers, whose queue is away."""

    def submit(self, task: Callable[..., object], *args: Any) -> None:
        raise BrokerUnavailable(why="refused")

    def workers(self) -> int:
        raise BrokerUnavailable(why="refused")

    def close(self) -> None:
        """Nothing is held."""


class Counting(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.listings = 0

    def check(self) -> None:
        self.listings += 1
        super().check()


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return migrated(f"sqlite:///{tmp_path_factory.mktemp('watch') / 'ledger.db'}")


@pytest.mark.parametrize(("told", "listings"), [(False, 4), (True, 1)])
def test_a_store_whose_bucket_tells_of_photos_is_listed_seldom(database: Database, told: bool, listings: int) -> None:
    store, stop = Counting(), Rounds(4)
    queue = Telling(stop.set) if told else None

    server._watch(services(database, store, queue=queue), stop)

    assert store.listings == listings


def test_an_hour_later_it_is_listed_again(database: Database) -> None:
    store, stop = Counting(), Rounds(3)

    server._watch(services(database, store, queue=Telling(stop.set)), stop, seldom=0)

    assert store.listings == 3


def test_photos_are_taken_in_while_nobody_can_be_told_to_read_them(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    store, stop = Counting(), Rounds(4)
    store.put("ledger/a.jpg", b"x")

    server._watch(replace(services(database, store, queue=Telling(stop.set)), tasks=NobodyThere()), stop)

    assert store.listings == 1
    assert "does not answer: refused" in caplog.text
    with database.read() as session:
        assert session.scalars(sa.select(ReceiptRow.status)).all() == [ReceiptStatus.PENDING]


def test_a_queue_that_fails_is_asked_again_after_a_while(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    stop = Rounds(9)
    queue = Telling(stop.set)
    queue.fails = 2

    server._listen(services(database, queue=queue), stop)

    assert (queue.asked, stop.left) == (3, 7)
    assert "does not answer: gone" in caplog.text


def test_photos_that_are_due_are_read_between_seldom_looks(database: Database) -> None:
    store, stop = Counting(), Rounds(2)
    desk = services(database, store, queue=Telling(stop.set))
    stop.between = lambda: desk.reader.due() or take_in(database, store, "a.jpg")

    server._watch(desk, stop)

    with database.read() as session:
        assert session.scalars(sa.select(ReceiptRow.status)).all() == [ReceiptStatus.EXTRACTED]


def test_without_a_queue_nobody_listens(database: Database) -> None:
    server._listen(services(database), threading.Event())
    assert Settings().arrivals_queue_url is None
