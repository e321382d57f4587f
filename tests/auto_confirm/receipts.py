"""Receipts that were read with the risks they are told to have, on a desk whose people decide upon them."""

from __future__ import annotations

import datetime as dt
import itertools
import random

from ledger.auto_confirm.confirming import AfterReading
from ledger.auto_confirm.standing import AutoConfirm
from ledger.auto_confirm.tables import AutoConfirmRow
from ledger.database import Database
from ledger.extraction.pipeline import Reader
from ledger.extraction.production import Production
from ledger.inbox.ingest import ingest_object
from ledger.receipt import Receipt
from ledger.review.confirm import Action, confirm
from ledger.tables import ExtractionRow, ReceiptRow
from tests.factories import NOW, RIGHT, SETTINGS, FakeExtractor, MemoryStore

_photos = itertools.count()


class Readings:
    """A reader with its store, and auto-confirm beside it, which is off."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store, self.extractor, self.now = MemoryStore(), FakeExtractor(), NOW
        self.production = Production(database, "fake", SETTINGS, self.clock)
        self.auto = AutoConfirm(database, self.production, "fake", self.clock)
        self.after = AfterReading(self.auto)
        self.reader = Reader(database, self.store, self.extractor, self.clock, production=self.production)

    def clock(self) -> dt.datetime:
        return self.now

    def read(self, receipt: Receipt | None = None, risk: float | None = 0.01, **columns: object) -> int:
        """Id of a receipt, read as `receipt` with this risk; what comes after a reading has not come yet."""
        number = next(_photos)
        data = random.Random(number).randbytes(40)
        receipt_id = ingest_object(self.database, self.store, self.store.put(f"{number}.jpg", data), NOW)
        values = {"engine": "fake", "model": SETTINGS.model, "prompt_version": SETTINGS.prompt_version}
        values |= {"settings": SETTINGS.as_json(), "latency_ms": 1, "created_at": self.now, "risk": risk}
        document = (receipt or bought(number, self.now.date())).model_dump(mode="json")
        with self.database.write() as session:
            row = session.get_one(ReceiptRow, receipt_id)
            doubts = {"formula": "test", "fields": {}}
            more = {"etag": row.etag, "document": document, "doubts": doubts} | columns
            run = ExtractionRow(receipt_id=receipt_id, **(values | more))
            session.add(run)
            session.flush()
            row.status, row.extraction_id, row.read_etag, row.risk = "extracted", run.id, row.etag, risk or 0.0
        return receipt_id

    def come(self, count: int = 1, risk: float = 0.01) -> list[int]:
        """Ids of so many receipts that were read, with what comes after."""
        ids = [self.read(risk=risk) for _ in range(count)]
        for receipt_id in ids:
            self.after(receipt_id, self.run_of(receipt_id))
        return ids

    def run_of(self, receipt_id: int) -> int:
        """Id of its newest reading."""
        return int(self.row(receipt_id).extraction_id or 0)

    def row(self, receipt_id: int) -> ReceiptRow:
        with self.database.read() as session:
            return session.get_one(ReceiptRow, receipt_id)

    def status(self, receipt_id: int) -> str:
        return str(self.row(receipt_id).status)

    def click(self, receipt_id: int, name: str = "click") -> Action:
        row = self.row(receipt_id)
        return Action(f"{name} {receipt_id}", receipt_id, row.extraction_id, "지수", self.now, row.etag)

    def people_confirm(self, receipt_id: int, *, wrong: bool = False) -> None:
        """As it was read, or with another name for its first item."""
        with self.database.read() as session:
            run = session.get_one(ExtractionRow, self.run_of(receipt_id))
        read = Receipt.model_validate(run.document)
        renamed = read.items[0].model_copy(update={"name": "다른 이름"}), *read.items[1:]
        confirm(self.database, self.click(receipt_id), read.model_copy(update={"items": renamed}) if wrong else read)

    def proven(self, count: int = 149, risk: float = 0.05) -> None:
        """As many receipts, all of them right, as allow to confirm others of that risk."""
        for _ in range(count):
            self.people_confirm(self.read(risk=risk))

    def standing(self, threshold: float = 0.1, audit_share: float = 0.0, bound: float = 0.02) -> AutoConfirmRow:
        """Auto-confirm, on without any evidence but the setting that it holds for."""
        evidence = {"setting": self.production.current().as_json() | {"engine": "fake"}}
        values = {"bound": bound, "confidence": 0.95, "audit_share": audit_share, "seed": 7, "evidence": evidence}
        with self.database.write() as session:
            row = AutoConfirmRow(threshold=threshold, operator="지수", created_at=NOW, **values)
            session.add(row)
        return row


def bought(number: int, day: dt.date | None = None) -> Receipt:
    """A complete receipt, like no other: its day, its place and its amount are its own."""
    item = RIGHT.items[0].model_copy(update={"price": 1_000 + 10 * number, "count": 1})
    update = {
        "date": day or RIGHT.date,
        "items": (item,),
        "total_amount": item.price,
        "location": f"서울 {number}길 {number}, 가게{number}",
    }
    return RIGHT.model_copy(update=update)
