"""A worker: reads what the desk and the HTTP interface queue, and looks now and then for what is due and not queued."""

from __future__ import annotations

import threading

from ledger.bootstrap import Services, reading_threads
from ledger.broker import work
from ledger.tasks import keep_doing


def run_worker(services: Services, broker_url: str) -> None:
    """Read until the process is told to end; then what has begun is finished."""
    stop, reader = threading.Event(), services.reader
    sweeping = services.read_in_turn, services.settings.watch_seconds, stop
    threading.Thread(target=keep_doing, args=sweeping, name="sweep", daemon=True).start()
    try:
        tasks = (reader.read, reader.read_if_due, reader.read_in_turn, reader.read_if_failed)
        work(broker_url, tasks, reading_threads(services.settings))
    finally:
        stop.set()
        services.close()
