"""Photos taken in as their bucket tells of them: each once, in whatever order and however often that is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import ArrivalsUnavailable, DatabaseUnavailable
from ledger.inbox.messages import take_in_messages
from ledger.inbox.object_store import StoredObject
from ledger.inbox.sqs_queue import SqsQueue
from ledger.tables import ReceiptRow
from tests.factories import NOW, MemoryStore
from tests.inbox.sqs import SqsServer, sqs_server


class Bucket(MemoryStore):
    """Photos of s3://photos/ledger/; it counts what it was asked."""

    name = "s3://photos/ledger/"

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def find(self, key: str) -> StoredObject:
        self.asked.append(key)
        return super().find(key)


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[SqsServer]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with sqs_server() as server:
        yield server


@pytest.fixture
def queue(sqs: SqsServer) -> SqsQueue:
    return SqsQueue(sqs.url, sqs.url.partition("/0000")[0], "us-east-1")


def told(key: str, etag: str, bucket: str = "photos") -> dict[str, Any]:
    photo = {"key": key, "size": 1, "eTag": etag}
    where = {"bucket": {"name": bucket}, "object": photo}
    return {"Records": [{"eventName": "ObjectCreated:Put", "eventTime": "2026-11-23T08:30:00.000Z", "s3": where}]}


def etags(database: Database) -> dict[str, str]:
    with database.read() as session:
        return dict(session.execute(sa.select(ReceiptRow.object_key, ReceiptRow.etag)).all())


def test_what_is_told_is_taken_in_without_a_request_and_deleted(
    database: Database, sqs: SqsServer, queue: SqsQueue
) -> None:
    store = Bucket()
    for number in range(22):
        sqs.send(told(f"ledger/{number}.jpg", "e"))
    sqs.send({"Event": "s3:TestEvent"})

    counts = [take_in_messages(database, store, queue, NOW) for _ in range(2)]

    assert counts == [(22, 0), (0, 0)]
    assert (len(etags(database)), store.asked, sqs.messages) == (22, [], {})
    assert sqs.waits == [20, 0, 0, 20], "nobody waits for more while there is something to take in"


def test_a_queue_that_never_ends_is_taken_in_a_lot_at_a_time(
    database: Database, sqs: SqsServer, queue: SqsQueue
) -> None:
    for number in range(501):
        sqs.send(told(f"ledger/{number}.jpg", "e"))

    assert take_in_messages(database, Bucket(), queue, NOW) == (500, 0)
    assert take_in_messages(database, Bucket(), queue, NOW) == (1, 0)


def test_photos_of_other_places_are_passed_over(database: Database, sqs: SqsServer, queue: SqsQueue) -> None:
    for key, bucket in (("ledger/a.jpg", "photos-old"), ("ledger-old/a.jpg", "photos"), ("ledger/2026/", "photos")):
        sqs.send(told(key, "e", bucket))

    assert take_in_messages(database, Bucket(), queue, NOW) == (0, 0)
    assert sqs.messages == {}


def test_messages_twice_or_in_the_wrong_order_do_no_harm(database: Database, sqs: SqsServer, queue: SqsQueue) -> None:
    store = Bucket()
    store.put("ledger/a.jpg", b"old")
    old = store.objects["ledger/a.jpg"][0].etag
    new = store.put("ledger/a.jpg", b"new").etag
    counts = []
    for etag in (new, new, old, new):
        sqs.send(told("ledger/a.jpg", etag))
        counts.append(take_in_messages(database, store, queue, NOW))

    assert counts == [(1, 0), (0, 0), (0, 0), (0, 0)]
    assert etags(database) == {"ledger/a.jpg": new}
    assert store.asked == ["ledger/a.jpg"], "only where a message says something else than is known"


def test_of_two_messages_at_once_the_store_says_which_holds(
    database: Database, sqs: SqsServer, queue: SqsQueue
) -> None:
    store = Bucket()
    new = store.put("ledger/a.jpg", b"new").etag
    for etag in (new, "old"):
        sqs.send(told("ledger/a.jpg", etag))
    sqs.send(told("ledger/gone.jpg", ""))

    assert take_in_messages(database, store, queue, NOW) == (1, 0)
    assert etags(database) == {"ledger/a.jpg": new}


def test_a_changed_photo_is_noticed(database: Database, sqs: SqsServer, queue: SqsQueue) -> None:
    store = Bucket()
    sqs.send(told("ledger/a.jpg", store.put("ledger/a.jpg", b"old").etag))
    take_in_messages(database, store, queue, NOW)
    new = store.put("ledger/a.jpg", b"new").etag
    sqs.send(told("ledger/a.jpg", new))

    assert take_in_messages(database, store, queue, NOW) == (0, 1)
    assert etags(database) == {"ledger/a.jpg": new}


def test_a_message_that_is_not_understood_is_left_and_logged_without_what_it_says(
    database: Database, sqs: SqsServer, queue: SqsQueue, caplog: pytest.LogCaptureFixture
) -> None:
    sqs.send(json.dumps({"Records": [{"name": "김감자"}]}))
    sqs.send(told("ledger/a.jpg", "e"))

    assert take_in_messages(database, Bucket(), queue, NOW) == (1, 0)
    assert len(sqs.messages) == 1
    assert "is not understood" in caplog.text
    assert "김감자" not in caplog.text


def test_what_could_not_be_stored_comes_again(database: Database, sqs: SqsServer, queue: SqsQueue) -> None:
    sqs.send(told("ledger/a.jpg", "e"))
    with pytest.raises(DatabaseUnavailable):
        take_in_messages(Database("mysql://nobody@127.0.0.1:1/away"), Bucket(), queue, NOW)
    sqs.give_back()

    assert take_in_messages(database, Bucket(), queue, NOW) == (1, 0)
    assert sqs.messages == {}


def test_a_queue_that_refuses_us_is_named(sqs: SqsServer, queue: SqsQueue) -> None:
    sqs.failing = True

    with pytest.raises(
        ArrivalsUnavailable, match=r"arrivals, which tells of new photos, does not answer.*AccessDenied"
    ):
        queue.receive()
