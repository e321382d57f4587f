"""Exports read what other tests prove on both databases; one is enough for their forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.database import Database
from tests.factories import migrated


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield database
    database.close()
