"""How fast photos are read in the background: by this process, by two workers, and one after the other.

The model's service answers after a second and costs next to nothing itself; the database is MariaDB, the photos lie in
a folder. They are small, and OCR on this machine is off: preparing pictures is another measurement (extraction.py).
Alone: python -m benchmarks.parts.serving_reading
"""

from __future__ import annotations

import contextlib
import math
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from pydantic import SecretStr

from benchmarks.parts.experiment_made import answer
from benchmarks.parts.figures import Figure, report
from benchmarks.parts.fixed_service import fixed_service
from ledger.bootstrap import build_services
from ledger.clock import utc_now
from ledger.config import Settings
from ledger.database import Database
from ledger.inbox.folder_store import FolderStore
from ledger.inbox.ingest import ingest
from ledger.loaded import keep_what_is_loaded
from ledger.receipt import ReceiptStatus
from ledger.services import Services
from ledger.tables import ReceiptRow
from ledger.tasks import InlineTaskRunner
from tests import servers
from tests.faults.storm import photo
from tests.schema import created

PHOTOS: Final = 500
IN_FLIGHT: Final = 32
ONE_BY_ONE: Final = 15
ANSWERS_IN: Final = 1.0
SHARE: Final = 0.95
WORKERS: Final = 2
_KEY: Final = "sk-nobody-0123456789"
_LONGEST: Final = 300.0


def measured() -> Iterator[Figure]:
    """Shares of the rate that so many photos in flight would have if nothing but the model's second counted.

    They are answered in whole seconds then, the last time not all of the places taken: 500 by 32 in sixteen.
    """
    ideal = PHOTOS / (math.ceil(PHOTOS / IN_FLIGHT) * ANSWERS_IN)
    with tempfile.TemporaryDirectory() as name, servers.mariadb(Path(name) / "mariadb") as mariadb:
        folder = Path(name)
        with fixed_service(folder, answer(), ANSWERS_IN) as service, servers.redis(folder) as redis:
            made = [
                _Made(folder / way, f"{mariadb}/{way}", service.base_url) for way in ("alone", "shared", "sequential")
            ]
            rates = made[0].in_this_process(), made[1].by_workers(redis), made[2].one_by_one()
    for way, rate in zip(("one process", f"{WORKERS} workers", "one after the other"), rates, strict=True):
        print(f"reading: {way}: {rate:.2f} photos a second, {rate / ideal:.3f} of {ideal:g}")
    yield Figure(f"share of the ideal rate, one process, {IN_FLIGHT} in flight", rates[0] / ideal, SHARE)
    yield Figure(f"share of the ideal rate, {WORKERS} workers, {IN_FLIGHT} in flight", rates[1] / ideal, SHARE)


class _Made:
    """A desk with photos that are taken in and not read."""

    def __init__(self, folder: Path, database_url: str, base_url: str) -> None:
        folder.mkdir()
        self._folder = folder
        created(database_url).close()
        self._settings = Settings().model_copy(
            update={
                "database_url": database_url,
                "store_url": str(folder / "photos"),
                "datasets_url": str(folder / "datasets"),
                "extractor": "openai",
                "openai_api_key": SecretStr(_KEY),
                "base_url": base_url,
                "local_ocr": False,
                "readers": IN_FLIGHT,
            }
        )
        for place in ("photos", "datasets"):
            (folder / place).mkdir()

    def in_this_process(self) -> float:
        services = build_services(self._settings)
        keep_what_is_loaded()  # as each process that serves does
        with contextlib.closing(services):
            self._warm(services)
            return self._rate(services)

    def by_workers(self, redis: str) -> float:
        settings = self._settings.model_copy(update={"broker_url": redis})
        with contextlib.ExitStack() as running:
            for number in range(WORKERS):
                log = self._folder / f"worker-{number}.log"
                command = [sys.executable, "-m", "ledger", "worker"]
                env = self._environment(redis) | {"LEDGER_READERS": str(IN_FLIGHT // WORKERS)}
                running.enter_context(servers.process(command, log=log, env=env))
            services = running.enter_context(contextlib.closing(build_services(settings)))
            self._warm(services)
            return self._rate(services)

    def one_by_one(self) -> float:
        services = build_services(self._settings, InlineTaskRunner())
        with contextlib.closing(services):
            return self._rate(services, ONE_BY_ONE)

    def _rate(self, services: Services, photos: int = PHOTOS) -> float:
        self._take_in(services, photos)
        begun = time.monotonic()
        services.read_in_turn()
        _until_read(services.database)
        return photos / (time.monotonic() - begun)

    def _warm(self, services: Services) -> None:
        """Have each process read something, so that it is there and connected."""
        self._take_in(services, 2 * IN_FLIGHT, first=PHOTOS)
        services.read_in_turn()
        _until_read(services.database)

    def _take_in(self, services: Services, photos: int, first: int = 0) -> None:
        store = FolderStore(self._folder / "photos")
        for number in range(first, first + photos):
            store.put(store.key_named(f"{number:04}.jpg"), photo(number), "image/jpeg")
        ingest(services.database, services.store, utc_now())

    def _environment(self, redis: str) -> dict[str, str]:
        return {
            "LEDGER_DATABASE_URL": self._settings.database_url,
            "LEDGER_STORE_URL": self._settings.store_url,
            "LEDGER_DATASETS_URL": self._settings.datasets_url,
            "LEDGER_EXTRACTOR": "openai",
            "OPENAI_API_KEY": _KEY,
            "LEDGER_BASE_URL": str(self._settings.base_url),
            "LEDGER_LOCAL_OCR": "false",
            "LEDGER_BROKER_URL": redis,
            "LEDGER_WATCH_SECONDS": "0",
        }


def _until_read(database: Database) -> None:
    end = time.monotonic() + _LONGEST
    unread = sa.select(ReceiptRow.id).where(ReceiptRow.status != ReceiptStatus.EXTRACTED).limit(1)
    while True:
        with database.read() as session:
            if session.scalar(unread) is None:
                return
        assert time.monotonic() < end, "not everything was read"
        time.sleep(0.1)  # each question costs the processor as much as a tenth of a reading


if __name__ == "__main__":
    sys.exit(report(measured()))
