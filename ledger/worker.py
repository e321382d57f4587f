"""A worker: reads what the desk and the HTTP interface queue, and looks now and then for what is due and not queued."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from ledger.bootstrap import reading_threads
from ledger.broker import TOLD_EVERY, Presence, Task, work, workers_at
from ledger.errors import BrokerUnavailable, DatabaseError
from ledger.loaded import keep_what_is_loaded
from ledger.services import Services
from ledger.tasks import keep_doing

log = logging.getLogger(__name__)

_ASKED_AGAIN_SECONDS: Final = 2.0


def wait_for_others(services: Services, broker_url: str, sleep: Callable[[float], object] = time.sleep) -> None:
    """Wait until database, schema and Redis are there: all may start together, and an update's migration takes a while.

    What is waited for is said in the log, once.
    """
    said = ""
    while why := _missing(services, broker_url):
        if why != said:
            log.warning("waiting before anything is read: %s", why)
        said = why
        sleep(_ASKED_AGAIN_SECONDS)


def _missing(services: Services, broker_url: str) -> str:
    try:
        services.database.check()
        workers_at(broker_url)
    except (DatabaseError, BrokerUnavailable) as error:
        return str(error)
    return ""


def run_worker(services: Services, broker_url: str) -> None:
    """Read until the process is told to end; then what has begun is finished."""
    stop, reader = threading.Event(), services.reader
    presence = Presence(broker_url)
    for name, task, seconds in (
        ("sweep", services.read_in_turn, services.settings.watch_seconds),
        ("presence", presence.tell, TOLD_EVERY),
    ):
        threading.Thread(target=keep_doing, args=(task, seconds, stop), name=name, daemon=True).start()
    keep_what_is_loaded()
    try:
        tasks: list[Task] = [reader.read_again, reader.read_if_due, reader.read_in_turn, reader.read_if_failed]
        if services.batches is not None:
            tasks.append(services.batches.look_at_batches)
        work(broker_url, tasks, reading_threads(services.settings))
    finally:
        stop.set()
        presence.end()
        services.close()
