"""The HTTP interface over real services, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from ledger.api.server import create_api
from ledger.database import Database
from tests.factories import FakeExtractor, MemoryStore
from tests.services import services

BUCKET = "photos"
Api = Callable[[FakeExtractor], TestClient]


@pytest.fixture
def store() -> MemoryStore:
    """Photos in memory, named as a bucket's are."""
    store = MemoryStore()
    store.name = f"s3://{BUCKET}/ledger/"
    return store


@pytest.fixture
def api(database: Database, store: MemoryStore) -> Iterator[Api]:
    """The interface with a reader that says what it is told to."""
    opened: list[TestClient] = []

    def over(extractor: FakeExtractor) -> TestClient:
        client = TestClient(create_api(services(database, store, extractor)), raise_server_exceptions=False)
        opened.append(client.__enter__())
        return opened[-1]

    yield over
    for client in opened:
        client.__exit__()


def address(key: str) -> str:
    """The address of a photo, as the app's server joins it."""
    return f"https://{BUCKET}.s3.ap-northeast-2.amazonaws.com/{key}"
