"""Receipts into a batch: reserved, looked at, written into a file, handed to the model's service."""

from __future__ import annotations

import datetime as dt
import json
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import (
    DatabaseError,
    ExtractionError,
    LedgerError,
    ModelServerError,
    ModelTimeout,
    ModelUnreachable,
)
from ledger.extraction.batches import book
from ledger.extraction.batches.lines import MOST_BYTES, request_line
from ledger.extraction.batches.question import Question
from ledger.extraction.batches.service import BatchService
from ledger.extraction.batches.tables import BatchLineRow, BatchRow
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.extraction.runner import Runner, seen
from ledger.extraction.stored_run import settings_columns
from ledger.tables import ReceiptRow

log = logging.getLogger(__name__)

AT_ONCE: Final = 500
"""Receipts of one batch at most: about what 200 MB hold, and few enough that a lost one costs little work."""
UNSURE: Final = (ModelServerError, ModelTimeout, ModelUnreachable)
"""What leaves it open whether a request was taken."""


@dataclass(slots=True)
class HandedIn:
    """What became of receipts that were to be handed in."""

    batches: list[int] = field(default_factory=list)
    receipts: int = 0
    left_out: dict[int, str] = field(default_factory=dict)
    """Why, by the receipt; these are read the ordinary way if they were due."""


_Prepared = tuple[BatchLineRow, bytes | None, Question | None, str]


@dataclass(frozen=True, slots=True)
class HandingIn:
    """Hands receipts in. `threads` photos are looked at at a time."""

    database: Database
    extractor: OpenAIExtractor
    service: BatchService
    runner: Runner
    threads: int
    clock: Callable[[], dt.datetime]
    most_bytes: int = MOST_BYTES

    def hand_in(self, receipt_ids: Sequence[int], settings: ReadingSettings, expired: int | None = None) -> HandedIn:
        """Hand receipts in, in as many batches as they need; `book.reserve` says which are left alone.

        A batch that the service does not take lets go of its receipts. Raises ExtractionError and DatabaseError.
        """
        handed, left = HandedIn(), list(receipt_ids)
        while left:
            some, left = left[:AT_ONCE], left[AT_ONCE:]
            batch_id = self.database.retry(book.reserve, some, settings.as_json(), self.clock(), expired)
            if batch_id is not None:
                left = [*self._hand_in(batch_id, settings, handed), *left]
        return handed

    def _hand_in(self, batch_id: int, settings: ReadingSettings, handed: HandedIn) -> list[int]:
        """Hand one batch in; the receipts for which its file had no room."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "receipts.jsonl"
            with path.open("wb") as file:
                count, no_room = self._write(batch_id, settings, file, handed)
            if count == 0:
                self.database.retry(book.give_up, batch_id, book.LEFT_OUT, None, self.clock())
                return no_room
            try:
                self._send(batch_id, path)
            except ExtractionError as error:
                with suppress(ExtractionError):  # it then goes by itself after a week
                    self.service.delete([self._batch(batch_id).input_file_id])
                self.database.retry(book.give_up, batch_id, book.NOT_TAKEN, str(error), self.clock())
                raise
        handed.batches.append(batch_id)
        handed.receipts += count
        return no_room

    def _write(
        self, batch_id: int, settings: ReadingSettings, file: BinaryIO, handed: HandedIn
    ) -> tuple[int, list[int]]:
        """Write the requests; how many, and the receipts for which there was no room."""
        count, size, full = 0, 0, False
        no_room: list[int] = []
        for line, data, question, why in self._prepared(batch_id, settings):
            full = full or size + len(data or b"") > self.most_bytes
            if data is None or question is None:
                handed.left_out[line.receipt_id] = why
                self._let_go(line)
            elif full:
                no_room.append(line.receipt_id)
                self._let_go(line)
            else:
                file.write(data)
                count, size = count + 1, size + len(data)
                self.database.retry(book.keep_question, line.id, question.as_json())
        return count, no_room

    def _prepared(self, batch_id: int, settings: ReadingSettings) -> Iterator[_Prepared]:
        with self.database.read() as session:
            lines = book.open_lines(session, batch_id)
            photos = sa.select(ReceiptRow.id, ReceiptRow.object_key)
            photos = photos.where(ReceiptRow.id.in_([line.receipt_id for line in lines]))
            keys = {row.id: row.object_key for row in session.execute(photos)}
        with ThreadPoolExecutor(self.threads, "batch") as pool:
            for start in range(0, len(lines), self.threads):
                some = lines[start : start + self.threads]
                yield from pool.map(lambda line: self._prepare(line, keys[line.receipt_id], settings), some)
                self.database.retry(book.write, batch_id, {"checked_at": self.clock()})

    def _prepare(self, line: BatchLineRow, object_key: str, settings: ReadingSettings) -> _Prepared:
        """The request for one receipt, and what its answer will be heard with; or why there is none."""
        run: dict[str, Any] = {"engine": self.extractor.engine, "etag": line.etag} | settings_columns(settings)
        try:
            photo, look = self.runner.opened(object_key, run)
            run |= seen(photo, look)
            body, shown = self.extractor.question(photo, settings, look)
        except DatabaseError:
            raise
        except LedgerError as error:
            return line, None, None, str(error)
        except Exception as error:
            log.exception("receipt %d cannot be handed in, in an unexpected way", line.receipt_id)
            return line, None, None, str(LedgerError(why=type(error).__name__))
        request = json.dumps(request_line(line.receipt_id, body), ensure_ascii=False)
        return line, f"{request}\n".encode(errors="replace"), Question.of(run, shown), ""

    def _send(self, batch_id: int, path: Path) -> None:
        file_id = self.service.upload(path)
        self.database.retry(book.write, batch_id, {"input_file_id": file_id, "checked_at": self.clock()})
        try:
            begun = self.service.begin(file_id, self._batch(batch_id).token)
        except UNSURE as error:
            log.warning("whether batch %d has begun is asked later: %s", batch_id, error)
            return
        told = f"the id of batch {batch_id} ({begun.service_id})"
        self.database.insist(book.note, batch_id, begun, self.clock(), again=book.note, told=told)

    def _batch(self, batch_id: int) -> BatchRow:
        with self.database.read() as session:
            return session.get_one(BatchRow, batch_id)

    def _let_go(self, line: BatchLineRow) -> None:
        self.database.retry(book.let_go, line, book.LEFT_OUT, self.clock())
