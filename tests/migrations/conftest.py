from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.database import Database
from tests.schema import by_migrations


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    """A database that the migrations themselves made; a test that takes it runs on SQLite and on MariaDB."""
    database = by_migrations(empty_database_url)
    yield database
    database.close()
