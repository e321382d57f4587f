"""Photos that flow through two workers, while everything around them is taken away and given back."""

from __future__ import annotations

import contextlib
import hashlib
import io
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import boto3
import numpy as np
import sqlalchemy as sa
from PIL import Image

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import DatabaseError
from ledger.receipt import ReceiptStatus
from ledger.tables import ExtractionRow, ReceiptRow
from tests import servers
from tests.factories import migrated
from tests.faults.stopped_server import Server
from tests.forked import ForkedDesk
from tests.openai_standin import StandIn

BUCKET: Final = "receipts"
THREADS: Final = 4
"""Photos that each of the two workers reads at a time."""


class Stoppable:
    """A server that is killed and comes back at the same place."""

    def __init__(self, start: Callable[[], contextlib.AbstractContextManager[object]]) -> None:
        self._start, self._running = start, contextlib.ExitStack()

    def start(self) -> None:
        self._running.enter_context(self._start())

    def stop(self) -> None:
        self._running.close()

    def away(self, seconds: float) -> None:
        """Kill it, and start it again after a while."""
        self.stop()
        time.sleep(seconds)
        self.start()


@dataclass
class Storm:
    """The servers, the workers, and what became of the photos."""

    folder: Path
    standin: StandIn
    database: Database
    env: dict[str, str]
    redis: Stoppable
    s3: Stoppable
    mariadb: Server
    photos: int
    workers: list[ForkedDesk] = field(default_factory=list)

    def run(self, *command: str) -> ForkedDesk:
        name = f"{command[0]}-{len(self.workers)}"
        return ForkedDesk(command, log=self.folder / f"{name}.log", env=self.env, cwd=self.folder)

    def start_worker(self) -> None:
        self.workers.append(self.run("worker"))

    def kill_worker(self) -> None:
        """Kill the one that runs longest, with all that it reads."""
        killed = self.workers.pop(0)
        killed.send_signal(signal.SIGKILL)
        killed.wait(10)

    def good(self) -> int:
        """Photos that are read; what cannot be asked now is nothing."""
        with contextlib.suppress(DatabaseError), self.database.read() as session:
            read = ReceiptRow.status == ReceiptStatus.EXTRACTED
            return session.scalar(sa.select(sa.func.count()).where(read)) or 0
        return 0

    def until(self, read: int, seconds: float) -> None:
        """Wait until so many photos are read."""
        end = time.monotonic() + seconds
        while (good := self.good()) < read:
            assert time.monotonic() < end, f"{good} of {self.photos} photos are read"
            time.sleep(0.1)

    def let_leases_run_out(self) -> None:
        with self.database.write() as session:
            taken = sa.update(ReceiptRow).where(ReceiptRow.reading_until.is_not(None))
            session.execute(taken.values(reading_until=utc_now()))

    def failures(self) -> dict[str, int]:
        """Readings that failed on the way, by their error."""
        with self.database.read() as session:
            failed = session.scalars(sa.select(ExtractionRow.error_class).where(ExtractionRow.error_class.is_not(None)))
            return dict(Counter(map(str, failed)))

    def good_readings(self) -> Counter[int]:
        """By receipt."""
        with self.database.read() as session:
            good = sa.select(ExtractionRow.receipt_id).where(ExtractionRow.error_class.is_(None))
            return Counter(session.scalars(good))

    def paid(self) -> Counter[str]:
        """How often each photo was answered for, by what the model was shown."""
        return Counter(hashlib.sha256(request.picture).hexdigest() for request in self.standin.answered)


@contextlib.contextmanager
def storm(folder: Path, photos: int, *, answers_in: float) -> Iterator[Storm]:
    """Two workers, and photos that are taken in and not read yet."""
    port = servers.free_port()
    redis = Stoppable(lambda: servers.redis(folder, port, stop=signal.SIGKILL))
    s3_port = servers.free_port()
    s3 = Stoppable(lambda: servers.seaweedfs(folder, s3_port))
    mariadb = Server(folder / "mariadb", signal.SIGKILL)
    with contextlib.ExitStack() as stack, StandIn(seconds=answers_in) as standin:
        for server in (redis, s3):
            server.start()
            stack.callback(server.stop)
        stack.callback(mariadb.stop)
        database = migrated(mariadb.url)
        stack.callback(database.close)
        env = _environment(mariadb.url, f"redis://127.0.0.1:{port}/0", f"http://127.0.0.1:{s3_port}", standin)
        _put_photos(env, photos)
        made = Storm(folder, standin, database, env, redis, s3, mariadb, photos)
        assert made.run("ingest").wait(60) == 0
        for _ in range(2):
            made.start_worker()
        yield made
        for worker in made.workers:
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)


def _environment(database: str, redis: str, s3: str, standin: StandIn) -> dict[str, str]:
    return {
        "LEDGER_DATABASE_URL": database,
        "LEDGER_BROKER_URL": redis,
        "LEDGER_STORE_URL": f"s3://{BUCKET}/ledger/",
        "LEDGER_S3_ENDPOINT": s3,
        "LEDGER_S3_REGION": "us-east-1",
        "LEDGER_EXTRACTOR": "openai",
        "LEDGER_LOCAL_OCR": "false",
        "LEDGER_READERS": str(THREADS),
        "LEDGER_WATCH_SECONDS": "1",
        "AWS_ACCESS_KEY_ID": "test-key",
        "AWS_SECRET_ACCESS_KEY": "test-secret",
        "OPENAI_BASE_URL": standin.url,
        "OPENAI_API_KEY": standin.key,
    }


def _put_photos(env: dict[str, str], photos: int) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=env["LEDGER_S3_ENDPOINT"],
        region_name="us-east-1",
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
    )
    client.create_bucket(Bucket=BUCKET)
    for number in range(photos):
        client.put_object(Bucket=BUCKET, Key=f"ledger/{number:04}-영수증.jpg", Body=photo(number))


def photo(number: int) -> bytes:
    """A small photo that is like no other one."""
    noise = np.random.default_rng(number).integers(0, 256, (24, 24), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).resize((240, 240)).save(out, "JPEG")
    return out.getvalue()
