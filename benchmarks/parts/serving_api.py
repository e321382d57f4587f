"""How fast the HTTP interface answers its callers, one alone and fifty together, and what memory that takes.

The model's service answers after 0.2 s and costs next to nothing itself; the database is MariaDB, the photos lie on an
S3 server, and the interface is a process of its own, as in production. Each request is for one photo that nobody has
read before. They are small, and OCR on this machine is off: preparing pictures is another measurement (extraction.py).

The ideal is the model's own time. For one caller the rest is the interface's. Fifty who ask anew as soon as they are
answered would be 250 photos a second at that ideal, 8 ms of both processors for each, server, database, store and
callers together: what such a figure tells is the size of the machine. So fifty callers are measured as people are
behind them, who take four seconds from one photo to the next, each beginning at a moment of their own; what they wait
beyond the ideal is a queue, a lock, a lack of threads. How long the fifty wait who never pause, and those who all come
in one moment, is printed too. Alone: python -m benchmarks.parts.serving_api
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Final

import boto3

from benchmarks.parts.experiment_made import answer
from benchmarks.parts.figures import Figure, report
from benchmarks.parts.fixed_service import ROOT, fixed_service
from tests import servers
from tests.faults.storm import photo
from tests.schema import created

CALLERS: Final = 50
ANSWERS_IN: Final = 0.2
EVERY: Final = 4.0
"""Seconds from one photo of a caller to the next."""
OVERHEAD: Final = 30.0
"""Milliseconds, of one caller."""
OF_IDEAL: Final = 1.3
FEW, MANY = 200, 2_200
"""Requests after which the memory is looked at."""
GROWTH: Final = 5.0
"""Percent."""

_ALONE, _EACH, _BURSTS, _WARM = 100, 6, 4, 2
_QUICK: Final = 0.01
"""The model's time where only memory is measured."""
_BUCKET: Final = "receipts"
_LONGEST: Final = 60.0


def measured() -> Iterator[Figure]:
    """What one caller waits beyond the model's time, what fifty do, and how the memory grows."""
    with tempfile.TemporaryDirectory() as name, servers.mariadb(Path(name) / "mariadb") as mariadb:
        folder = Path(name)
        with servers.seaweedfs(folder) as s3:
            bodies = _put(s3, _ALONE + CALLERS * (_WARM + 2 * _EACH + _BURSTS) + MANY)
            with _api(folder / "waits", f"{mariadb}/waits", s3, ANSWERS_IN) as api:
                yield from _waits(api, bodies)
            with _api(folder / "memory", f"{mariadb}/memory", s3, _QUICK) as api:
                yield _memory(api, bodies)


@dataclass(frozen=True)
class _Api:
    """The interface as it runs."""

    port: int
    pid: int

    @property
    def megabytes(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    @property
    def processor(self) -> float:
        """Seconds that it has taken so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _waits(api: _Api, bodies: list[bytes]) -> Iterator[Figure]:
    _asked(api, bodies, CALLERS, _WARM)
    alone = _told("one caller", api, bodies, 1, _ALONE)
    together = _told(f"{CALLERS} callers, each every {EVERY:g} s", api, bodies, CALLERS, _EACH, every=EVERY)
    _told(f"{CALLERS} callers without a pause", api, bodies, CALLERS, _EACH)
    _told(f"{CALLERS} callers in one moment", api, bodies, CALLERS, 1, times=_BURSTS)
    overhead = (statistics.median(alone) - ANSWERS_IN) * 1000
    yield Figure("api: one caller, median ms beyond the model's", overhead, OVERHEAD, at_least=False)
    ratio = _p95(together) / ANSWERS_IN
    yield Figure(f"api: {CALLERS} callers every {EVERY:g} s, p95 by the ideal", ratio, OF_IDEAL, at_least=False)


def _memory(api: _Api, bodies: list[bytes]) -> Figure:
    _asked(api, bodies, CALLERS, FEW // CALLERS)
    few = api.megabytes
    _asked(api, bodies, CALLERS, (MANY - FEW) // CALLERS)
    many = api.megabytes
    print(f"api: {few:.0f} MB after {FEW} requests, {many:.0f} MB after {MANY}")
    return Figure(f"api: memory after {MANY} requests, % above that after {FEW}", (many / few - 1) * 100, GROWTH, False)


def _told(
    way: str, api: _Api, bodies: list[bytes], callers: int, each: int, *, every: float = 0, times: int = 1
) -> list[float]:
    """What `_asked` measures, so many times over; printed."""
    processor, begun = api.processor, time.monotonic()
    waits = [wait for _ in range(times) for wait in _asked(api, bodies, callers, each, every)]
    rate, cost = len(waits) / (time.monotonic() - begun), (api.processor - processor) / len(waits)
    median, p95 = statistics.median(waits) * 1000, _p95(waits) * 1000
    print(
        f"api: {way}: median {median:.0f} ms, p95 {p95:.0f} ms; {rate:.1f}/s, {cost * 1000:.1f} ms of a processor each"
    )
    return waits


def _asked(api: _Api, bodies: list[bytes], callers: int, each: int, every: float = 0) -> list[float]:
    """Seconds of each request, of so many callers who begin together, or with `every` each at a moment of their own."""
    begin, moments = Barrier(callers), random.Random(1)

    def caller(own: list[bytes], begins_in: float) -> list[float]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", api.port, timeout=_LONGEST)) as connection:
            connection.connect()
            begin.wait()
            start = time.monotonic() + begins_in
            return [_ask_at(start + number * every, connection, body) for number, body in enumerate(own)]

    lots = [[bodies.pop() for _ in range(each)] for _ in range(callers)]
    with ThreadPoolExecutor(callers) as pool:
        return [wait for waits in pool.map(caller, lots, [moments.uniform(0, every) for _ in lots]) for wait in waits]


def _ask_at(moment: float, connection: http.client.HTTPConnection, body: bytes) -> float:
    time.sleep(max(0.0, moment - time.monotonic()))
    begun = time.perf_counter()
    connection.request("POST", "/ml/ledger_receipt", body, {"Content-Type": "application/json"})
    with connection.getresponse() as response:
        said = response.read()
    assert response.status == 200, said
    return time.perf_counter() - begun


def _p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[-1]


@contextlib.contextmanager
def _api(folder: Path, database_url: str, s3: servers.S3Server, seconds: float) -> Iterator[_Api]:
    """The interface over a database of its own and a service that answers after so many seconds."""
    folder.mkdir()
    created(database_url).close()
    port = servers.free_port()
    command = [sys.executable, "-m", "ledger", "api", "--port", str(port)]
    ready = f"http://127.0.0.1:{port}/ready"
    with fixed_service(folder, answer(), seconds) as service:
        env = _environment(folder, database_url, s3, service.base_url)
        with servers.process(command, log=folder / "api.log", url=ready, env=env, cwd=ROOT) as child:
            yield _Api(port, child.pid)


def _environment(folder: Path, database_url: str, s3: servers.S3Server, base_url: str) -> dict[str, str]:
    return {
        "LEDGER_DATABASE_URL": database_url,
        "LEDGER_STORE_URL": f"s3://{_BUCKET}/ledger/",
        "LEDGER_DATASETS_URL": str(folder),
        "LEDGER_S3_ENDPOINT": s3.endpoint,
        "LEDGER_S3_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": s3.key,
        "AWS_SECRET_ACCESS_KEY": s3.secret,
        "LEDGER_EXTRACTOR": "openai",
        "OPENAI_API_KEY": "sk-nobody-0123456789",
        "LEDGER_BASE_URL": base_url,
        "LEDGER_LOCAL_OCR": "false",
        "LEDGER_API_READERS": str(CALLERS),
    }


def _put(s3: servers.S3Server, photos: int) -> list[bytes]:
    """Put so many photos into the bucket, and return the body of the request for each."""
    client = boto3.client(
        "s3",
        endpoint_url=s3.endpoint,
        region_name="us-east-1",
        aws_access_key_id=s3.key,
        aws_secret_access_key=s3.secret,
    )
    client.create_bucket(Bucket=_BUCKET)

    def put(number: int) -> bytes:
        key = f"ledger/{number:04}.jpg"
        client.put_object(Bucket=_BUCKET, Key=key, Body=photo(number))
        return json.dumps({"image_data": [f"https://{_BUCKET}.s3.us-east-1.amazonaws.com/{key}"]}).encode()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(put, range(photos)))


if __name__ == "__main__":
    sys.exit(report(measured()))
