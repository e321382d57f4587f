"""A migrated database of each kind for the tests of figures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.database import Database
from tests.factories import migrated


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A test that takes it runs once on SQLite and once on MariaDB."""
    database = migrated(database_url)
    yield database
    database.close()
