"""Photos taken in as the bucket tells of them, without a request for each."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from typing import Final, Protocol

from ledger.database import Database
from ledger.errors import ObjectNotFound, UnsafeKey
from ledger.inbox.events import Arrival, NotUnderstood, arrivals_in
from ledger.inbox.ingest import fits, known_etags, take_in
from ledger.inbox.object_store import ObjectStore, StoredObject
from ledger.inbox.sqs_queue import AT_ONCE, Message

log = logging.getLogger(__name__)

_TOGETHER: Final = 500
"""Messages that are taken in at once where many wait: with each lot, what is due is handed out anew, which takes as
long as hundreds of them."""


class Queue(Protocol):
    """Messages, each there again after a while unless it was deleted."""

    def receive(self, wait_seconds: int = ...) -> list[Message]: ...
    def delete(self, messages: list[Message]) -> None: ...


def take_in_messages(database: Database, store: ObjectStore, queue: Queue, now: dt.datetime) -> tuple[int, int]:
    """Wait for messages and take in what they tell of; how many photos were new, and changed.

    A message is deleted once its photos are in the database. One that is not understood is left to the queue, which
    puts it aside. Raises ArrivalsUnavailable, StoreError and DatabaseError; the messages then come again.
    """
    understood: list[Message] = []
    arrivals: list[Arrival] = []
    for message in _received(queue):
        try:
            arrivals += arrivals_in(message.body)
            understood.append(message)
        except NotUnderstood as error:
            log.warning(
                "message %s of the queue of arrivals is not understood (%s); it is left there", message.id, error
            )
    taken = _take_in(database, store, arrivals, now)
    queue.delete(understood)
    return taken


def _received(queue: Queue) -> list[Message]:
    """Messages waited for; where one answer cannot hold all, those that wait behind them too."""
    received = newest = queue.receive()
    while len(newest) == AT_ONCE and len(received) < _TOGETHER:
        newest = queue.receive(wait_seconds=0)
        received = received + newest
    return received


def _take_in(database: Database, store: ObjectStore, arrivals: list[Arrival], now: dt.datetime) -> tuple[int, int]:
    told: dict[str, list[StoredObject | None]] = defaultdict(list)
    for arrival in arrivals:
        if arrival.address.startswith(store.name) and not arrival.key.endswith("/"):
            told[arrival.key].append(arrival.found)
    known = known_etags(database, store.name, list(told))
    found = [_as_it_is(store, key, events, known.get(key)) for key, events in told.items()]
    return take_in(database, store.name, [each for each in found if each is not None and fits(each)], now)


def _as_it_is(
    store: ObjectStore, key: str, events: list[StoredObject | None], known: str | None
) -> StoredObject | None:
    """A photo as its message tells of it; where that may be out of date, as it lies in the store, if it still does."""
    [only, *others] = events
    # Messages come in any order, and twice: an older one must not make a photo look changed.
    if only is not None and not others and known in (None, only.etag):
        return only
    try:
        return store.find(key)
    except (ObjectNotFound, UnsafeKey):
        return None
