"""What every test may rely on: real servers, a clean environment, and no network but loopback."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest
from sqlalchemy.engine import make_url

from tests import servers


@pytest.fixture(scope="session")
def mariadb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a MariaDB that lives as long as the tests, without a database name."""
    with servers.mariadb(tmp_path_factory.mktemp("mariadb")) as url:
        yield url


@pytest.fixture
def mariadb_url(mariadb_server: str) -> Iterator[str]:
    """URL of an empty MariaDB database that belongs to one test."""
    name = f"test_{uuid.uuid4().hex}"
    _mariadb(mariadb_server, f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    yield f"{mariadb_server}/{name}?charset=utf8mb4"
    _mariadb(mariadb_server, f"DROP DATABASE IF EXISTS {name}")


def _mariadb(server: str, statement: str) -> None:
    url = make_url(server)
    # A test that leaves a transaction open fails here after ten seconds, instead of blocking DROP for a day.
    with pymysql.connect(
        host=url.host, port=url.port, user=url.username, init_command="SET lock_wait_timeout=10"
    ) as connection:
        connection.cursor().execute(statement)


@pytest.fixture(params=["sqlite", "mariadb"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database of each kind that we support; a test that takes it runs once on each."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("mariadb_url"))


_FOREIGN = ("OPENAI_", "AWS_", "LEDGER_")


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
