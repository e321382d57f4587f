"""The desk that tests of batches move."""

from __future__ import annotations

import pytest

from ledger.database import Database
from ledger.extraction.openai_extractor import OpenAIExtractor
from tests.extraction.batches.lane import Lane
from tests.factories import MemoryStore
from tests.openai_standin import StandIn


@pytest.fixture
def lane(database: Database, store: MemoryStore, extractor: OpenAIExtractor, standin: StandIn) -> Lane:
    return Lane(database, store, extractor, standin)
