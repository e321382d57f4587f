"""Many take photos in at the same time, in threads and in processes: each photo is one receipt."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.inbox.ingest import IngestReport, ingest
from ledger.tables import ReceiptRow
from tests.factories import NOW, MemoryStore

ROOT = Path(__file__).parents[2]
OBJECTS = 500


def etags(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(sa.select(ReceiptRow.etag)))


def many(count: int = OBJECTS) -> MemoryStore:
    store = MemoryStore()
    for n in range(count):
        store.put(f"ledger/{n:04d} 영수증.jpg", b"%d" % n)
    return store


@pytest.mark.parametrize("at_once", [2, 4])
def test_ingests_at_once_in_threads_make_one_receipt_an_object(database: Database, at_once: int) -> None:
    store, gate = many(), threading.Barrier(at_once)

    def run() -> IngestReport:
        gate.wait()
        return ingest(database, store, NOW)

    with ThreadPoolExecutor(at_once) as pool:
        reports = [future.result() for future in [pool.submit(run) for _ in range(at_once)]]

    assert sum(report.added for report in reports) == OBJECTS
    assert len(etags(database)) == OBJECTS


def test_ingests_at_once_of_changed_photos_change_each_once(database: Database) -> None:
    store, gate = many(), threading.Barrier(2)
    ingest(database, store, NOW)
    for key, (stored, data, member_id) in store.objects.items():
        store.objects[key] = dataclasses.replace(stored, etag="new"), data, member_id

    def run() -> IngestReport:
        gate.wait()
        return ingest(database, store, NOW)

    with ThreadPoolExecutor(2) as pool:
        reports = [future.result() for future in [pool.submit(run) for _ in range(2)]]

    assert sum(report.changed for report in reports) == OBJECTS
    assert set(etags(database)) == {"new"}


_INGEST = """
import datetime as dt, sys
from ledger.database import Database
from ledger.inbox.ingest import ingest
from ledger.inbox.stores import open_store
database, store = Database(sys.argv[1]), open_store(sys.argv[2])
database.check()
print("ready", flush=True)
sys.stdin.readline()
print(ingest(database, store, dt.datetime.now(dt.UTC)).added)
"""


def test_ingests_at_once_in_two_processes_make_one_receipt_an_object(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for n in range(OBJECTS):
        (folder / f"{n:04d} 영수증.jpg").write_bytes(b"%d" % n)
    cmd = [sys.executable, "-c", _INGEST, database_url, str(folder)]
    started = [
        subprocess.Popen(cmd, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]

    for child in started:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in started:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    added = [int(child.communicate()[0]) for child in started]

    assert [child.returncode for child in started] == [0, 0]
    assert sum(added) == OBJECTS
    assert len(etags(database)) == OBJECTS
