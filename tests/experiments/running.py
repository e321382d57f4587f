"""What runs an experiment in tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from ledger.database import Database
from ledger.experiments.lab import Lab
from ledger.experiments.pictures import picture
from ledger.extraction.models import load_models
from tests.factories import NOW, RIGHT, FakeExtractor, MemoryStore


class Stores:
    """Where the pictures lie."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.datasets = MemoryStore()


def lab(
    database: Database,
    stores: Stores,
    extractor: FakeExtractor | None = None,
    clock: Callable[[], dt.datetime] = lambda: NOW,
    **more: Any,
) -> Lab:
    reader = extractor or FakeExtractor(RIGHT)
    extractors = {"openai": reader, "offline": reader}
    return Lab(database, partial(picture, stores), extractors, None, load_models(), clock, **more)
