"""What every test may rely on: real servers, a clean environment, and no network but loopback."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
import sys
import uuid
from collections.abc import Iterator
from itertools import chain, groupby, pairwise
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import boto3
import pytest
from botocore.config import Config
from hypothesis import settings
from mypy_boto3_s3 import S3Client
from redis import Redis

from ledger.database import Database
from tests import servers
from tests.kept import KeptDatabases, cursor_on
from tests.schema import migrated

settings.register_profile("ledger", deadline=None)  # how long an example takes says more of the machine than of us
settings.load_profile("ledger")


class NetworkForbidden(RuntimeError):
    """A test reached for the network. No OSError, or the code under test would take it for an ordinary outage."""


def _guard_network(event: str, args: tuple[Any, ...]) -> None:
    """Audit hook (PEP 578) for this process: names are not looked up and nothing is sent, except on loopback.

    It sees every use of the socket module, also by names imported earlier. It does not see child processes; Chromium
    is kept at home by its own flags, see browser_type_launch_args.
    """
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = args[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        if args[0].family not in (socket.AF_INET, socket.AF_INET6) or args[1] is None:
            return  # Unix sockets; and datagrams on a socket whose connection was allowed before
        host = args[1][0]
    else:
        return
    if not _is_loopback(host):
        raise NetworkForbidden(f"{event}: {host!r} is not on this machine. Start a server with tests/servers.py")


def _is_loopback(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified  # 0.0.0.0, where servers listen, is this machine too


sys.addaudithook(_guard_network)


_IN_ONE_PROCESS = ("tests/tuning/test_loop.py", "tests/extraction/places/test_samples_placed.py")
"""Files whose tests all begin with what takes seconds to make; each worker that has one of them would make it."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Deal out the tests one by one, and such a file as a whole.

    pytest-xdist's own mark for it does nothing: 3.8 adds the group to a name of the test that pytest 9.2 does not ask.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return file if file in _IN_ONE_PROCESS else nodeid

    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the tests of the whole desk among the others, between their files.

    They wait a good deal, for pages, servers and glances; two of them beside each other leave a processor idle.
    """
    of_desk = [item for item in items if "desk" in getattr(item, "fixturenames", ())]
    rest = [item for item in items if "desk" not in getattr(item, "fixturenames", ())]
    files = [list(file) for _, file in groupby(rest, lambda item: item.path)] or [[]]
    ends = [len(of_desk) * number // len(files) for number in range(len(files) + 1)]
    items[:] = chain.from_iterable(
        [*file, *of_desk[begin:end]] for file, (begin, end) in zip(files, pairwise(ends), strict=True)
    )


def pytest_collection_finish() -> None:
    """Set aside what is loaded by now: the collector of garbage would walk over thousands of tests again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def mariadb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a MariaDB that lives as long as the tests, without a database name."""
    with servers.mariadb(tmp_path_factory.mktemp("mariadb")) as url:
        yield url


@pytest.fixture
def mariadb_url(mariadb_server: str) -> Iterator[str]:
    """URL of an empty MariaDB database that belongs to one test."""
    name = f"test_{uuid.uuid4().hex}"
    with cursor_on(mariadb_server) as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    yield f"{mariadb_server}/{name}?{servers.MARIADB_OPTIONS}"
    with cursor_on(mariadb_server) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")


@pytest.fixture(params=["sqlite", "mariadb"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database without a schema of each kind that we support; a test that takes it runs once on each."""
    return _sqlite(tmp_path) if request.param == "sqlite" else str(request.getfixturevalue("mariadb_url"))


@pytest.fixture(scope="session")
def kept_databases(mariadb_server: str) -> KeptDatabases:
    return KeptDatabases(mariadb_server)


@pytest.fixture
def kept_mariadb_url(kept_databases: KeptDatabases) -> Iterator[str]:
    """URL of a MariaDB database with this version's schema and no rows, that belongs to one test."""
    with kept_databases.lent() as url:
        yield url


@pytest.fixture(params=["sqlite", "mariadb"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database of each kind with this version's schema and no rows."""
    if request.param == "mariadb":
        return str(request.getfixturevalue("kept_mariadb_url"))
    migrated(_sqlite(tmp_path)).close()
    return _sqlite(tmp_path)


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'ledger.db'}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database; a test that takes it runs once on SQLite and once on MariaDB."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a Redis that lives as long as the tests."""
    with servers.redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """URL of a Redis in which nothing is kept when the test begins."""
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.S3Server]:
    """An S3 server that lives as long as the tests."""
    with servers.seaweedfs(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def s3_client(s3_server: servers.S3Server) -> Iterator[S3Client]:
    """An S3 client with the server's keys, for what our own store does not do."""
    client = boto3.Session().client(
        "s3",
        endpoint_url=s3_server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=s3_server.key,
        aws_secret_access_key=s3_server.secret,
        # The server takes connections a moment before it serves buckets.
        config=Config(s3={"addressing_style": "path"}, retries={"mode": "standard", "total_max_attempts": 8}),
    )
    yield client
    client.close()


@pytest.fixture
def s3_bucket(s3_server: servers.S3Server, s3_client: S3Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Name of an empty bucket that belongs to one test, whose environment holds the keys to it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3_server.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3_server.secret)
    name = f"test-{uuid.uuid4().hex}"
    s3_client.create_bucket(Bucket=name)
    yield name
    s3_client.delete_bucket(Bucket=name)  # this server deletes what is in it, too


@pytest.fixture
def pages_leave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of pages in this process leave nothing to each other, and nothing to what is forked beside them.

    All sessions of AppTest have one id, and each page it runs stays this process's main module. Sessions of a server
    each have their own, so there is nothing that forgets them but the end of each.
    """
    from ledger.ui import work

    monkeypatch.setattr(work, "_works", WeakValueDictionary())
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


_FOREIGN = ("OPENAI_", "AWS_", "LEDGER_", "OTEL_", "FASTAPI_")


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> Iterator[None]:
    """Settings of the person who runs the tests have no say: neither their keys nor their proxies and profiles."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(_FOREIGN) or name.lower().endswith("_proxy"):
                patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")  # or boto3 without keys asks an address outside
        yield
