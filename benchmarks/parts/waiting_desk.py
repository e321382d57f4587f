"""The real desk with many receipts that wait, on MariaDB, and the smallest Streamlit app beside it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, sync_playwright

from ledger.checks import check_receipt
from ledger.clock import utc_now
from ledger.database import Database
from ledger.extraction.offline.engine import OfflineExtractor
from ledger.extraction.runner import Runner
from ledger.extraction.stored_run import store_run
from ledger.extraction.turns import Turn
from ledger.inbox.folder_store import FolderStore
from ledger.inbox.ingest import ingest
from ledger.receipt import Receipt
from ledger.tables import ReceiptRow
from tests import servers
from tests.schema import created

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
MINIMAL = """
import streamlit as st

st.session_state.setdefault("count", 0)
if st.button("Click"):
    st.session_state.count += 1
st.text(f"count={st.session_state.count}")
"""


@dataclass(frozen=True)
class WaitingDesk:
    """The desk as it runs: its address, its database, the process it is."""

    url: str
    database: Database
    pid: int

    @property
    def resident_mb(self) -> float:
        """Memory of the process, megabytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextlib.contextmanager
def waiting_desk(folder: Path, count: int) -> Iterator[WaitingDesk]:
    """The desk with `count` receipts, each a sample read by the offline engine: real photos, doubts and places."""
    photos, port = folder / "photos", servers.free_port()
    (folder / "mariadb").mkdir()
    with servers.mariadb(folder / "mariadb") as server:
        database = created(f"{server}/desk?charset=utf8mb4")
        _fill(database, photos, count)
        env = {
            "LEDGER_DATABASE_URL": f"{server}/desk?charset=utf8mb4",
            "LEDGER_STORE_URL": str(photos),
            "LEDGER_EXTRACTOR": "offline",
            "LEDGER_WATCH_SECONDS": "0",
        }
        url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "ledger", "serve", "--port", str(port)]
        ready = f"{url}/_stcore/script-health-check"
        with servers.process(command, log=folder / "desk.log", url=ready, env=env, cwd=ROOT) as process:
            yield WaitingDesk(url, database, process.pid)
        database.close()


@contextlib.contextmanager
def minimal_app(folder: Path) -> Iterator[str]:
    """A button and a number under Streamlit's own settings: what any app pays for a click. Its address."""
    script, port = folder / "minimal.py", servers.free_port()
    script.write_text(MINIMAL, "utf-8")
    options = ["--server.headless", "true", "--server.port", str(port), "--browser.gatherUsageStats", "false"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    url = f"http://127.0.0.1:{port}"
    with servers.process(command, log=folder / "minimal.log", url=f"{url}/_stcore/health", cwd=folder):
        yield url


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The distribution's Chromium, without a window."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=servers.chromium_path(), args=arguments)
        yield browser
        browser.close()


def _fill(database: Database, photos: Path, count: int) -> None:
    """`count` receipts with nothing wrong: copies of the samples that the engine reads so.

    Each sample is read once, and its run stored for every copy: a reading takes a second and a half.
    """
    extractor = OfflineExtractor()
    samples = FolderStore(SAMPLES)
    runner = Runner(samples, extractor, None, utc_now)
    runs = {found.key: runner.run(found.key, found.etag, extractor.default_settings) for found in samples.list()}
    good = {key: run for key, run in runs.items() if _nothing_wrong(run)}
    for number, key in zip(range(count), cycle(good), strict=False):
        copy = photos / f"ledger/{number:05d}-{Path(key).name}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((SAMPLES / key).read_bytes())
    ingest(database, FolderStore(photos), utc_now())
    by_name = {Path(key).name: run for key, run in good.items()}
    with database.read() as session:
        receipts = list(session.execute(sa.select(ReceiptRow.id, ReceiptRow.object_key, ReceiptRow.etag)))
    for receipt_id, key, etag in receipts:
        run = by_name[Path(key).name.partition("-")[2]]
        turn = Turn("", receipt_id, key, etag, tries=1)
        database.retry(store_run, turn, run | {"etag": etag}, utc_now())


def _nothing_wrong(run: dict[str, Any]) -> bool:
    read = Receipt.model_validate(run.get("document") or {})
    return not check_receipt(read, utc_now().date())
