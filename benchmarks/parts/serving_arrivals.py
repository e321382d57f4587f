"""Photos that arrive: 100,000 keys of a real S3 server taken in, beside boto3's bare paginator in the same run.

Alone: python -m benchmarks.parts.serving_arrivals
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from multiprocessing import Process
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config

from benchmarks.parts.figures import Figure, report
from ledger.clock import utc_now
from ledger.inbox.ingest import IngestReport, ingest
from ledger.inbox.listing import Listing
from ledger.inbox.object_store import StoredObject
from ledger.inbox.s3_store import S3Store
from tests.kept import cursor_on
from tests.schema import created
from tests.servers import S3Server, mariadb, seaweedfs

KEYS: Final = 100_000
_LOADERS: Final = 2
_ROUNDS: Final = 3
_BUCKET: Final = "arrivals"
_LATENCY: Final = 0.1
_MOST_MEGABYTES: Final = 60
_WRITES: Final = ("Innodb_rows_inserted", "Innodb_rows_updated", "Innodb_rows_deleted")


def measured() -> Iterator[Figure]:
    """How fast a first look is and one that finds nothing new, what the latter touches, and what parting gives."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with seaweedfs(folder) as s3, mariadb(folder) as url:
            _load(s3)
            os.environ |= {"AWS_ACCESS_KEY_ID": s3.key, "AWS_SECRET_ACCESS_KEY": s3.secret}
            store = S3Store(_BUCKET, "ledger/", s3.endpoint, "us-east-1")
            yield from _looks(s3, store, url)
            yield from _slow_store(s3)


def _looks(s3: S3Server, store: S3Store, url: str) -> Iterator[Figure]:
    # One after the other in turn, so that whatever else the machine does meets all alike.
    rounds = [_round(s3, store, url, f"bench_{number}") for number in range(_ROUNDS)]
    bare, first, again = (statistics.median(column) for column in zip(*(r[:3] for r in rounds), strict=True))
    print(f"arrivals: {KEYS} keys: bare paginator {bare:.1f} s, first look {first:.1f} s, nothing new {again:.1f} s")
    yield Figure("speed of taking 100,000 keys in, of the bare paginator's", bare / first, 0.8)
    yield Figure("time of a look that finds nothing new, of one bare listing", again / bare, 1.2, at_least=False)
    yield Figure("rows touched by looks that found nothing new", sum(r[3] for r in rounds), 0, at_least=False)
    grown = max(r[4] for r in rounds[1:])
    yield Figure("memory grown over a look at 100,000 keys, MB", grown, _MOST_MEGABYTES, at_least=False)


def _round(s3: S3Server, store: S3Store, url: str, name: str) -> tuple[float, float, float, int, float]:
    database = created(f"{url}/{name}?charset=utf8mb4")
    bare = _seconds(lambda: _listed_bare(s3), KEYS)
    before = _resident()
    first = _seconds(lambda: ingest(database, store, utc_now()), IngestReport(KEYS, KEYS, 0))
    grown = (_resident() - before) / 1e6
    writes = _writes(url)
    again = _seconds(lambda: ingest(database, store, utc_now()), IngestReport(KEYS, 0, 0))
    touched = _writes(url) - writes
    database.close()
    return bare, first, again, touched, grown


def _slow_store(s3: S3Server) -> Iterator[Figure]:
    """A listing whose every answer takes a tenth of a second longer: in one go, and parted."""
    whole, parts = _Slow(s3), _Slow(s3)
    whole.bounds = ()
    slow, fast = (_seconds(lambda s=s: sum(map(len, Listing(s).pages())), KEYS) for s in (whole, parts))
    print(f"arrivals: with {_LATENCY} s more to each answer: {slow:.1f} s in one go, {fast:.1f} s parted")
    yield Figure("speed of a parted listing of a slow store, of one in one go", slow / fast, 1.5)


class _Slow(S3Store):
    def __init__(self, s3: S3Server) -> None:
        super().__init__(_BUCKET, "ledger/", s3.endpoint, "us-east-1")

    def list(self, after: str = "") -> Iterator[StoredObject]:
        objects = super().list(after)
        time.sleep(_LATENCY)
        while page := list(islice(objects, 1_000)):
            yield from page
            time.sleep(_LATENCY)


def _seconds(work: Callable[[], object], expected: object) -> float:
    begin = time.perf_counter()
    found = work()
    seconds = time.perf_counter() - begin
    assert found == expected, found
    return seconds


def _writes(url: str) -> int:
    with cursor_on(url) as cursor:
        cursor.execute("SHOW GLOBAL STATUS WHERE Variable_name IN %s", [_WRITES])
        return sum(int(value) for _name, value in cursor.fetchall())


def _resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _listed_bare(s3: S3Server) -> int:
    pages = _client(s3).get_paginator("list_objects_v2").paginate(Bucket=_BUCKET, Prefix="ledger/")
    return sum(len(page["Contents"]) for page in pages)


def _load(s3: S3Server) -> None:
    _client(s3).create_bucket(Bucket=_BUCKET)
    begin = time.perf_counter()
    loaders = [Process(target=_put, args=(s3, KEYS // _LOADERS)) for _ in range(_LOADERS)]
    for loader in loaders:
        loader.start()
    for loader in loaders:
        loader.join()
    print(f"arrivals: {KEYS} photos put in {time.perf_counter() - begin:.0f} s")


def _put(s3: S3Server, count: int) -> None:
    client = _client(s3)
    keys = (f"ledger/{uuid.uuid4()}-영수증 {number}.jpg" for number in range(count))
    with ThreadPoolExecutor(6) as pool:
        for _ in pool.map(lambda key: client.put_object(Bucket=_BUCKET, Key=key, Body=b"x"), keys):
            pass


def _client(s3: S3Server) -> Any:
    config = Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required")
    return boto3.Session().client(
        "s3",
        endpoint_url=s3.endpoint,
        region_name="us-east-1",
        aws_access_key_id=s3.key,
        aws_secret_access_key=s3.secret,
        config=config,
    )


if __name__ == "__main__":
    sys.exit(report(measured()))
