"""How fast the HTTP interface answers its callers, one alone and fifty together, and what memory that takes.

The model's service answers after 0.2 s and costs next to nothing itself; the database is MariaDB, the photos lie on an
S3 server, and the interface is a process of its own, as in production. Each request is for one photo that nobody has
read before. They are small, and OCR on this machine is off: preparing pictures is another measurement (extraction.py).

The ideal is the model's own time. For one caller the rest is the interface's; what its service takes to answer is asked
of it without the interface, in the same minute. Fifty who ask anew as soon as they are answered would be 250 photos a
second at that ideal, 8 ms of both processors for each, server, database, store and callers together: what such a figure
tells is the size of the machine. So fifty callers are measured as people are behind them, who take four seconds from
one photo to the next, each beginning at a moment of their own; what they wait beyond the ideal is a queue, a lock, a
lack of threads. They ask two processes, the fewest that deploy/k8s/api.yaml keeps up, each caller one of them. How long
they wait for one process is printed too, and how long those do who never pause, and those who all come in one moment.
Alone: python -m benchmarks.parts.serving_api
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
from itertools import cycle
from pathlib import Path
from threading import Barrier
from typing import Final

import boto3

from benchmarks.parts.experiment_made import answer
from benchmarks.parts.figures import Figure, report
from benchmarks.parts.fixed_service import ROOT, FixedService, fixed_service
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
FEW, MANY = 400, 2_400
"""Requests after which the memory is looked at. By the first, each thread has read photos and has its connection."""
GROWTH: Final = 5.0
"""Percent."""

_ALONE, _EACH, _BURSTS, _WARM = 100, 6, 4, 2
_PROCESSES: Final = 2
_SENT: Final = 30_000
"""Bytes of a request to the model, as the interface sends it for one of these photos."""
_QUICK: Final = 0.01
"""The model's time where only memory is measured."""
_BUCKET: Final = "receipts"
_LONGEST: Final = 60.0


def measured() -> Iterator[Figure]:
    """What one caller waits beyond the model's time, what fifty do, and how the memory grows."""
    with tempfile.TemporaryDirectory() as name, servers.mariadb(Path(name) / "mariadb") as mariadb:
        folder = Path(name)
        with servers.seaweedfs(folder) as s3:
            bodies = _put(s3, _ALONE + CALLERS * (2 * _WARM + 3 * _EACH + _BURSTS) + MANY)
            with _api(folder / "waits", f"{mariadb}/waits", s3, ANSWERS_IN, _PROCESSES) as api:
                yield from _waits(api, bodies)
            with _api(folder / "memory", f"{mariadb}/memory", s3, _QUICK) as api:
                yield _memory(api, bodies)


@dataclass(frozen=True)
class _Process:
    """One process of the interface as it runs."""

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


@dataclass(frozen=True)
class _Api:
    """The interface, in one process or several, and the model's service that it asks."""

    processes: tuple[_Process, ...]
    service: FixedService

    @property
    def alone(self) -> _Api:
        """Its first process."""
        return _Api(self.processes[:1], self.service)

    @property
    def megabytes(self) -> float:
        return sum(process.megabytes for process in self.processes)

    @property
    def processor(self) -> float:
        return sum(process.processor for process in self.processes)


def _waits(api: _Api, bodies: list[bytes]) -> Iterator[Figure]:
    _asked(api, bodies, CALLERS, 2 * _WARM)
    alone = _told("one caller", api.alone, bodies, 1, _ALONE)
    model = statistics.median(_answers(api.service, _ALONE))
    print(f"api: the model's service alone: median {model * 1000:.1f} ms")
    paced = f"{CALLERS} callers, each every {EVERY:g} s"
    _told(f"{paced}, one process", api.alone, bodies, CALLERS, _EACH, every=EVERY)
    together = _told(f"{paced}, {len(api.processes)} processes", api, bodies, CALLERS, _EACH, every=EVERY)
    _told(f"{CALLERS} callers without a pause, {len(api.processes)} processes", api, bodies, CALLERS, _EACH)
    _told(f"{CALLERS} callers in one moment, {len(api.processes)} processes", api, bodies, CALLERS, 1, times=_BURSTS)
    overhead = (statistics.median(alone) - model) * 1000
    yield Figure("api: one caller, median ms beyond the model's", overhead, OVERHEAD, at_least=False)
    ratio = _p95(together) / ANSWERS_IN
    yield Figure(f"api: {CALLERS} callers every {EVERY:g} s, p95 by the ideal", ratio, OF_IDEAL, at_least=False)


def _answers(service: FixedService, times: int) -> list[float]:
    """Seconds of each answer of the model's service to who asks it without the interface."""
    address = service.address.removeprefix("http://")
    with contextlib.closing(http.client.HTTPConnection(address, timeout=_LONGEST)) as connection:
        return [_posted(connection, "/v1/chat/completions", b" " * _SENT) for _ in range(times)]


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
    """Seconds of each request, of so many callers who begin together, or with `every` each at a moment of their own.

    A caller stays with one process, and the next one has the next.
    """
    begin, moments = Barrier(callers), random.Random(1)

    def caller(port: int, own: list[bytes], begins_in: float) -> list[float]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_LONGEST)) as connection:
            connection.connect()
            begin.wait()
            start = time.monotonic() + begins_in
            return [_ask_at(start + number * every, connection, body) for number, body in enumerate(own)]

    lots = [[bodies.pop() for _ in range(each)] for _ in range(callers)]
    ports, starts = cycle(process.port for process in api.processes), [moments.uniform(0, every) for _ in lots]
    with ThreadPoolExecutor(callers) as pool:
        return [wait for waits in pool.map(caller, ports, lots, starts) for wait in waits]


def _ask_at(moment: float, connection: http.client.HTTPConnection, body: bytes) -> float:
    time.sleep(max(0.0, moment - time.monotonic()))
    return _posted(connection, "/ml/ledger_receipt", body)


def _posted(connection: http.client.HTTPConnection, path: str, body: bytes) -> float:
    begun = time.perf_counter()
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    with connection.getresponse() as response:
        said = response.read()
    assert response.status == 200, said
    return time.perf_counter() - begun


def _p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[-1]


@contextlib.contextmanager
def _api(folder: Path, database_url: str, s3: servers.S3Server, seconds: float, processes: int = 1) -> Iterator[_Api]:
    """The interface over a database of its own and a service that answers after so many seconds."""
    folder.mkdir()
    created(database_url).close()
    with contextlib.ExitStack() as stack:
        service = stack.enter_context(fixed_service(folder, answer(), seconds))
        env = _environment(folder, database_url, s3, service.base_url)
        started = [stack.enter_context(_process(folder, env)) for _ in range(processes)]
        yield _Api(tuple(started), service)


@contextlib.contextmanager
def _process(folder: Path, env: dict[str, str]) -> Iterator[_Process]:
    port = servers.free_port()
    command, ready = [sys.executable, "-m", "ledger", "api", "--port", str(port)], f"http://127.0.0.1:{port}/ready"
    with servers.process(command, log=folder / f"api-{port}.log", url=ready, env=env, cwd=ROOT) as child:
        yield _Process(port, child.pid)


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
        "MALLOC_ARENA_MAX": "2",  # as in the image
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
