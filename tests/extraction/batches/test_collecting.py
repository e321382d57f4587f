"""Receipts read in a batch are heard like any other reading, each once, whatever happens on the way."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import StoreUnavailable
from ledger.extraction.batches.lane import EVERY, Batches
from ledger.extraction.look import Glyph, Look, TextSegment
from ledger.extraction.models import load_models
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.extraction.runner import Runner
from ledger.inbox.images import Photo
from ledger.inbox.ingest import ingest_object
from ledger.notes import Note
from ledger.receipt import Receipt, ReceiptStatus
from ledger.tables import ExtractionRow
from tests.extraction.batches.lane import Lane
from tests.extraction.runs import runs
from tests.factories import NOW, MemoryStore, jpeg
from tests.openai_standin import Length, Refusal, StandIn, Status


def test_answers_are_stored_like_those_that_came_alone_at_half_the_price(lane: Lane) -> None:
    alone, in_batch = lane.take_in(2)
    lane.reader.read(alone)
    assert lane.batches.submit([in_batch]).receipts == 1
    lane.standin.batches.finish()

    assert lane.look() == []

    first, second = runs(lane.database)
    same = ("document", "problems", "risk", "doubts", "image_sha256", "etag", "model", "temperature", "prompt_version")
    for name in (*same, "prompt_tokens", "completion_tokens", "measures"):
        assert getattr(first, name) == getattr(second, name), name
    assert second.settings == first.settings | {"lane": "batch"}
    assert second.cost_microusd == pytest.approx(_usual_price(second) / 2, abs=1)
    assert json.loads(second.raw_answer or "")["choices"][0]["message"]["content"]
    made = {name: value for name, value in (second.sight or {}).items() if name != "milliseconds"}
    assert made == {name: value for name, value in (first.sight or {}).items() if name != "milliseconds"}
    assert second.latency_ms == EVERY / dt.timedelta(milliseconds=1)
    stored = lane.receipt(in_batch)
    assert (stored.status, stored.extraction_id) == (ReceiptStatus.EXTRACTED, second.id)
    assert (stored.due_at, stored.read_etag) == (None, stored.etag)


def _usual_price(run: ExtractionRow) -> int:
    price = load_models().facts(run.model).price
    assert price is not None
    return price.cost_microusd(run.prompt_tokens or 0, run.completion_tokens or 0, run.cached_tokens or 0)


def test_answers_come_once_however_often_it_is_looked(lane: Lane) -> None:
    lane.batches.submit(lane.take_in(3))
    lane.standin.batches.work(2)
    assert lane.look() == []
    assert lane.by_batch() == []  # its files are written when it ends
    lane.standin.batches.finish()

    lane.look()
    lane.look()

    assert [run.receipt_id for run in lane.by_batch()] == [3, 2, 1]
    assert lane.outcomes() == ["read"] * 3
    assert len(lane.standin.answered) == 3


def test_all_files_are_deleted_at_the_service_when_all_is_collected(lane: Lane) -> None:
    lane.batches.submit(lane.take_in(2))
    (sent,) = lane.standin.batches.files.values()
    assert sent.expires_at is not None  # and by the service itself, should nobody live to do it
    lane.standin.then(Status(400))
    lane.standin.batches.finish()
    assert len(lane.standin.batches.files) == 3

    lane.look()

    assert lane.standin.batches.files == {}
    assert lane.all()[0].closed_at is not None
    assert lane.look() == []


def test_who_is_killed_while_collecting_leaves_the_rest_to_the_next_one(lane: Lane) -> None:
    lane.batches.submit(lane.take_in(3))
    lane.standin.batches.finish()

    def die(_receipt: int, _run: int) -> None:
        raise KeyboardInterrupt  # the first answer is stored, and its line with it

    lane.afterwards = die
    with pytest.raises(KeyboardInterrupt):
        lane.look()
    assert sorted(lane.outcomes(), key=str) == [None, None, "read"]
    lane.afterwards = lambda _receipt, _run: None

    lane.look()

    assert sorted(run.receipt_id for run in lane.by_batch()) == [1, 2, 3]


def test_an_answer_that_could_not_be_stored_is_not_marked_as_stored(lane: Lane) -> None:
    (receipt_id,) = lane.take_in()
    lane.batches.submit([receipt_id])
    lane.standin.batches.finish()

    class Killed(BaseException):
        """The process ended between the line and the reading."""

    def die(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO extraction"):
            raise Killed

    sa.event.listen(lane.database.engine, "before_cursor_execute", die)
    with pytest.raises(Killed):
        lane.look()
    sa.event.remove(lane.database.engine, "before_cursor_execute", die)
    assert lane.outcomes() == [None]

    lane.look()

    assert [run.receipt_id for run in lane.by_batch()] == [receipt_id]


def test_two_who_look_at_once_store_each_answer_once(lane: Lane) -> None:
    lane.batches.submit(lane.take_in(2))
    lane.standin.batches.finish()
    other = Batches(lane.database, lane.reader, lane.extractor, clock=lambda: lane.now)

    def look_too(_receipt: int, _run: int) -> None:
        lane.afterwards = lambda _receipt, _run: None
        lane.now += EVERY
        assert [error for _, error in other.look()] == [None]

    lane.afterwards = look_too
    lane.look()

    assert sorted(run.receipt_id for run in lane.by_batch()) == [1, 2]


@pytest.mark.parametrize(
    ("outcome", "error_class", "is_due"),
    [
        (Status(500), "ModelServerError", True),  # passes by itself: tried again the ordinary way
        (Refusal(), "AnswerRefused", False),  # of this photo, as in an ordinary reading
        (Length(), "AnswerCutOff", True),  # the ordinary way can ask with more room
    ],
)
def test_a_request_that_failed_is_a_failed_reading_and_goes_on_as_one(
    lane: Lane, outcome: Any, error_class: str, is_due: bool
) -> None:
    (receipt_id,) = lane.take_in()
    lane.batches.submit([receipt_id])
    lane.standin.then(outcome)
    lane.standin.batches.finish()

    lane.look()

    assert [run.error_class for run in lane.by_batch()] == [error_class]
    assert lane.outcomes() == ["failed"]
    assert lane.receipt(receipt_id).status == ReceiptStatus.FAILED
    assert (lane.receipt(receipt_id).due_at is not None) is is_due


def test_a_failure_costs_no_reading_that_is_there(lane: Lane) -> None:
    (receipt_id,) = lane.already_read()
    before = lane.receipt(receipt_id)
    lane.batches.submit([receipt_id])
    lane.standin.then(Refusal())
    lane.standin.batches.finish()

    lane.look()

    after = lane.receipt(receipt_id)
    assert (after.status, after.extraction_id) == (ReceiptStatus.EXTRACTED, before.extraction_id)


def test_a_photo_that_was_replaced_meanwhile_keeps_its_own_reading(lane: Lane) -> None:
    (receipt_id,) = lane.take_in()
    old = lane.receipt(receipt_id).etag
    lane.batches.submit([receipt_id])
    ingest_object(lane.database, lane.store, lane.store.put("ledger/0.jpg", jpeg(90)), NOW)
    lane.standin.batches.finish()

    lane.look()

    stored = lane.receipt(receipt_id)
    assert [run.etag for run in lane.by_batch()] == [old]
    assert (stored.etag != old, stored.extraction_id, stored.status) == (True, None, ReceiptStatus.PENDING)
    assert lane.reader.due() == [receipt_id]


class _Ocr:
    """Sees one line of the sample on a photo that lies on its side, and counts how often it looked."""

    def __init__(self) -> None:
        self.looked = 0

    def look(self, photo: Photo) -> Look:
        self.looked += 1
        glyphs = tuple(Glyph(sign, 0.9, n / 10, (n + 1) / 10) for n, sign in enumerate("감자 간식 13500"))
        line = TextSegment(glyphs, ((1.0, 2.0), (14.0, 2.0), (14.0, 5.0), (1.0, 5.0)))
        return Look(((line,),), Receipt(total_amount=21_500), 16, 16, quarter_turns=1, notes=(Note("{n}", {"n": "1"}),))


def test_what_ocr_saw_is_kept_so_that_neither_photo_nor_ocr_is_needed_when_the_answer_comes(
    database: Database, store: MemoryStore, extractor: OpenAIExtractor, standin: StandIn
) -> None:
    lane, ocr = Lane(database, store, extractor, standin), _Ocr()
    lane.reader.runner = Runner(store, extractor, ocr, lambda: NOW)
    lane.batches = Batches(database, lane.reader, extractor, clock=lambda: lane.now)
    alone, in_batch = lane.take_in(2)
    lane.reader.read(alone)
    lane.batches.submit([in_batch])
    lane.standin.batches.finish()
    store.failure = StoreUnavailable(store="memory", why="it is away")

    lane.look()

    first, second = runs(database)
    assert ocr.looked == 2
    assert (second.error_class, lane.receipt(in_batch).quarter_turns) == (None, 1)
    assert second.places is not None
    assert (first.places, first.doubts, first.risk) == (second.places, second.doubts, second.risk)
