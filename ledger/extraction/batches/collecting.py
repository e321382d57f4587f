"""Answers out of a batch: each is heard like one that came alone, and stored once, whatever is killed meanwhile."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final

from sqlalchemy.orm import Session

from ledger.clock import utc_now
from ledger.database import Database
from ledger.extraction.batches import book
from ledger.extraction.batches.lines import Answer, read_line
from ledger.extraction.batches.question import Question
from ledger.extraction.batches.service import BatchService
from ledger.extraction.batches.tables import BatchLineRow, BatchRow
from ledger.extraction.extractor import ExtractionResult
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.extraction.pipeline import Reader
from ledger.extraction.runner import judged
from ledger.extraction.stored_run import BY_BATCH, error_columns, result_columns, settings_columns
from ledger.extraction.turns import Turn

log = logging.getLogger(__name__)

HALF: Final = Decimal("0.5")
"""Of the usual price: "50% cost discount compared to synchronous APIs" (OpenAI, guide "Batch API", in November 2026).
It is taken of each part of a price, cached input too."""
_LONGEST_MS: Final = 2**31 - 1
"""What the column of a reading's time holds."""


@dataclass(frozen=True, slots=True)
class Collecting:
    """Collects the answers of batches. Safe to be done by several at once: each line is settled by one."""

    database: Database
    reader: Reader
    extractor: OpenAIExtractor
    service: BatchService
    clock: Callable[[], dt.datetime] = utc_now

    def collect(self, batch: BatchRow) -> None:
        """Store every answer that is there. Raises ExtractionError and DatabaseError; what is stored stays so."""
        with self.database.read() as session:
            waiting = {line.custom_id: line for line in book.open_lines(session, batch.id)}
        for file_id in (batch.output_file_id, batch.error_file_id):
            if file_id is not None and waiting:
                self._collect(batch, file_id, waiting)

    def _collect(self, batch: BatchRow, file_id: str, waiting: dict[str, BatchLineRow]) -> None:
        for text in self.service.lines(file_id):
            answer = read_line(text, self.extractor.default_settings)
            line = waiting.pop(answer.custom_id, None) if answer else None
            if answer is None or line is None:
                continue  # of another one, or collected already
            self._settle(batch, line, answer)
            self.database.retry(book.write, batch.id, {"checked_at": self.clock()})

    def _settle(self, batch: BatchRow, line: BatchLineRow, answer: Answer) -> None:
        if answer.gone == "expired":
            self.database.retry(book.settle, line.id, book.EXPIRED, self.clock())
        elif answer.gone == "cancelled":
            self.database.retry(book.let_go, line, book.CANCELLED, self.clock())
        elif line.question is not None:
            self._store(batch, line, answer, Question.from_json(line.question))

    def _store(self, batch: BatchRow, line: BatchLineRow, answer: Answer, question: Question) -> None:
        ended = self.clock()
        run = self._run(line, answer, question)
        run["latency_ms"] = min(round((ended - batch.created_at) / dt.timedelta(milliseconds=1)), _LONGEST_MS)
        turn = Turn("", line.receipt_id, "", line.etag, 0)
        self.reader.store_answer(turn, run, ended, partial(_settled, line, run, ended))

    def _run(self, line: BatchLineRow, answer: Answer, question: Question) -> dict[str, Any]:
        """The columns of the run, as an ordinary reading would have left them."""
        run = question.run | settings_columns(question.asked)
        try:
            result = self._heard(answer, question)
            run |= result_columns(result) | {"sight": question.sight}
            run |= judged(result, question.look, self.clock(), f"receipt {line.receipt_id}")
        except Exception as exc:
            run |= error_columns(exc)
        run["settings"] = run["settings"] | BY_BATCH
        return run

    def _heard(self, answer: Answer, question: Question) -> ExtractionResult:
        if answer.error is not None:
            raise answer.error
        assert answer.body is not None
        return self.extractor.hear(question.shown, answer.body, answer.request_id, HALF)


def _settled(line: BatchLineRow, run: dict[str, Any], now: dt.datetime, session: Session) -> bool:
    """Settle the line with its run; False where it is stored already."""
    failed = run.get("error_class")
    return book.settle(session, line.id, book.FAILED if failed else book.READ, now)
