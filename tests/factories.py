"""What many tests begin with: a migrated database, a store in memory, a reader that says what it is told to."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from PIL import Image

from ledger.database import Database
from ledger.errors import ExtractionError, ObjectNotFound
from ledger.extraction.extractor import ExtractionResult, ReadingSettings, Usage
from ledger.extraction.look import Look
from ledger.extraction.pipeline import Reader
from ledger.inbox.images import Photo
from ledger.inbox.ingest import ingest_object
from ledger.inbox.object_store import FetchedObject, StoredObject, new_key
from ledger.receipt import Category, LineItem, Receipt, to_contract
from ledger.review.confirm import Action, confirm
from tests.schema import migrated as migrated

NOW: Final = dt.datetime(2024, 11, 12, 9, 30, 15, 123456, tzinfo=dt.UTC)
SETTINGS: Final = ReadingSettings(model="fake-1", temperature=0.2, prompt_version="receipt-v1@0123456789ab")

MISREAD: Final = Receipt(
    date=dt.date(2024, 11, 11),
    location="경기 하남시 미사대로 1, 루트231",
    items=(
        LineItem(name="장난감", price=13_500, count=3, category=Category.SUPPLIES),
        LineItem(name="검자", price=4_000, count=1, category=Category.FOOD),
    ),
    total_amount=17_500,
)
"""What a model reads: the second item is 감자."""

RIGHT: Final = MISREAD.model_copy(
    update={"items": (MISREAD.items[0], MISREAD.items[1].model_copy(update={"name": "감자"}))}
)
"""What a person makes of MISREAD."""


def jpeg(shade: int = 200) -> bytes:
    """A small good photo; another shade is another photo."""
    out = io.BytesIO()
    Image.new("L", (16, 16), shade).save(out, "JPEG")
    return out.getvalue()


def smaller(photo: bytes) -> bytes:
    """The same photo as an app that passes photos on would make it."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(photo)) as picture:
        picture.resize((picture.width // 2, picture.height // 2)).save(out, "JPEG", quality=60)
    return out.getvalue()


class MemoryStore:
    """Photos in memory."""

    name = "memory://photos/"
    bounds: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.objects: dict[str, tuple[StoredObject, bytes, str | None]] = {}
        self.failure: Exception | None = None
        """Raised by whatever is asked, if set."""

    def list(self, after: str = "") -> Iterator[StoredObject]:
        self.check()
        yield from [self.objects[key][0] for key in sorted(self.objects) if key > after]

    def find(self, key: str) -> StoredObject:
        self.check()
        if key not in self.objects:
            raise ObjectNotFound(key=key)
        return self.objects[key][0]

    def fetch(self, key: str) -> FetchedObject:
        self.check()
        if key not in self.objects:
            raise ObjectNotFound(key=key)
        stored, data, member_id = self.objects[key]
        return FetchedObject(data, stored.etag, stored.modified, member_id)

    def put(self, key: str, data: bytes, mime: str = "image/jpeg", member_id: str | None = None) -> StoredObject:
        modified = NOW + dt.timedelta(seconds=len(self.objects))
        stored = StoredObject(key, hashlib.sha256(data).hexdigest(), len(data), modified)
        self.objects[key] = stored, data, member_id
        return stored

    def new_key(self, filename: str) -> str:
        return new_key("", filename)

    def key_named(self, name: str) -> str:
        return f"named/{name}"

    def check(self) -> None:
        if self.failure is not None:
            raise self.failure


class FakeExtractor:
    """Gives the scripted outcomes one after the other, the last one again and again, and records what it was asked."""

    engine = "fake"
    default_settings = SETTINGS
    longest_seconds = 60.0

    def __init__(self, *outcomes: Receipt | ExtractionResult | Exception) -> None:
        self._outcomes = list(outcomes or (MISREAD,))
        self._lock = threading.Lock()
        self.asked: list[tuple[Photo, ReadingSettings]] = []
        self.looks: list[Look | None] = []
        self.shares = False
        """Whether repetitions are said to come out of one request."""
        self.before_answer: Callable[[], object] = lambda: None
        """Called while the photo is being read."""

    def check(self, settings: ReadingSettings | None = None) -> str:
        return "fake-1 reads what it is told"

    def close(self) -> None:
        """Nothing is held."""

    def extract(self, photo: Photo, settings: ReadingSettings, look: Look | None = None) -> ExtractionResult:
        with self._lock:
            self.asked.append((photo, settings))
            self.looks.append(look)
            outcome = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
        self.before_answer()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome if isinstance(outcome, ExtractionResult) else result(outcome, settings)

    def shares_requests(self, settings: ReadingSettings) -> bool:
        return self.shares

    def extract_repeatedly(
        self, photo: Photo, settings: ReadingSettings, times: int, look: Look | None = None
    ) -> list[ExtractionResult | ExtractionError]:
        return [self._repetition(photo, settings, look, times if self.shares else 1) for _ in range(times)]

    def _repetition(
        self, photo: Photo, settings: ReadingSettings, look: Look | None, shared: int
    ) -> ExtractionResult | ExtractionError:
        try:
            return replace(self.extract(photo, settings, look), shared=shared)
        except ExtractionError as exc:
            exc.shared = shared
            return exc


def result(receipt: Receipt, settings: ReadingSettings = SETTINGS, **more: Any) -> ExtractionResult:
    """A reading of this receipt, with the usage of a real one."""
    answer = json.dumps(to_contract(receipt), ensure_ascii=False)
    usage = Usage(prompt_tokens=1_200, completion_tokens=90, cached_tokens=1_024, cost_microusd=2_620)
    return ExtractionResult(
        **{"receipt": receipt, "raw_answer": answer, "settings": settings, "usage": usage, "request_id": "req-1"} | more
    )


def take_in(database: Database, store: MemoryStore, key: str = "ledger/감자.jpg", member_id: str | None = None) -> int:
    """Id of a pending receipt whose photo lies in the store."""
    return ingest_object(database, store, store.put(key, jpeg(), member_id=member_id), NOW)


def read_one(
    database: Database,
    receipt: Receipt = MISREAD,
    *,
    key: str = "ledger/감자.jpg",
    member_id: str | None = "member-7",
) -> tuple[int, int]:
    """Ids of a receipt that was read so, and of that reading."""
    store = MemoryStore()
    receipt_id = take_in(database, store, key, member_id)
    extraction_id = Reader(database, store, FakeExtractor(receipt), lambda: NOW).read(receipt_id)
    assert extraction_id is not None
    return receipt_id, extraction_id


def action(
    receipt_id: int,
    extraction_id: int | None,
    action_id: str = "click-1",
    operator: str = "지수",
    photo: bytes | None = None,
) -> Action:
    """One click, with the photo in view that `take_in` puts into the store, or with another."""
    etag = hashlib.sha256(photo or jpeg()).hexdigest()
    return Action(action_id, receipt_id, extraction_id, operator, NOW, etag)


def confirm_one(database: Database, model: Receipt, human: Receipt, *, key: str = "ledger/감자.jpg") -> int:
    """Id of a receipt that was read as `model` and confirmed as `human`."""
    receipt_id, extraction_id = read_one(database, model, key=key)
    confirm(database, action(receipt_id, extraction_id, f"confirm {key}"), human)
    return receipt_id
