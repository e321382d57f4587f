"""Confirmed receipts, each with a photo of its own, to be frozen."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from ledger.database import Database
from ledger.experiments.freezing import FrozenReport, freeze
from ledger.extraction.pipeline import Reader
from ledger.inbox.ingest import ingest_object
from ledger.inbox.stores import open_store
from ledger.receipt import Receipt
from ledger.review.confirm import Action, confirm
from ledger.review.confirmed import Search
from tests.factories import MISREAD, NOW, RIGHT, FakeExtractor, MemoryStore, jpeg


def bought(shop: str = "루트231", day: int = 0) -> Receipt:
    """A receipt of this shop, so many days after the first."""
    assert RIGHT.date is not None
    return RIGHT.model_copy(update={"location": f"경기 하남시 1, {shop}", "date": RIGHT.date + dt.timedelta(days=day)})


def confirmed(
    database: Database, store: MemoryStore, number: int, truth: Receipt = RIGHT, *, photo: bytes | None = None
) -> int:
    """Id of a receipt that was read and confirmed; its photo is another one for each number below 256."""
    data = jpeg(number) if photo is None else photo
    receipt_id = ingest_object(database, store, store.put(f"ledger/{number}.jpg", data), NOW)
    extraction_id = Reader(database, store, FakeExtractor(MISREAD), lambda: NOW).read(receipt_id)
    etag = hashlib.sha256(data).hexdigest()
    confirm(database, Action(f"confirm {number}", receipt_id, extraction_id, "지수", NOW, etag), truth)
    return receipt_id


def four_confirmed(database: Database, folder: Path) -> None:
    """Four confirmed receipts, of two shops in turn, whose photos lie in a folder."""
    photos = open_store(str(folder))
    for number in range(4):
        confirmed(database, MemoryStore(), number, bought("카페" if number % 2 else "병원", day=number))
        photos.put(f"ledger/{number}.jpg", jpeg(number), "image/jpeg")


def frozen(database: Database, name: str = "첫 버전", **more: Any) -> FrozenReport:
    """A version of everything that is confirmed, half of it for the test."""
    asked: dict[str, Any] = {"search": Search(), "size": None, "seed": 7, "test_share": 0.5}
    return freeze(database, name=name, operator="지수", now=NOW, **asked | more)
