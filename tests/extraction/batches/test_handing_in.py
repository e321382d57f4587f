"""Receipts are handed in once, in files that the service takes, and what is not taken is read the ordinary way."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from ledger.errors import QuotaExhausted
from ledger.extraction.batches.lane import Batches
from ledger.extraction.batches.tables import BatchRow
from tests.extraction.batches.lane import Lane
from tests.openai_standin import INSUFFICIENT_QUOTA, HangUp, Slow


def test_a_batch_sends_what_an_ordinary_reading_sends(lane: Lane) -> None:
    alone, in_batch = lane.take_in(2)
    lane.reader.read(alone)
    lane.batches.submit([in_batch])
    lane.standin.batches.finish()

    first, second = lane.standin.requests
    assert second.body == first.body
    assert second.body["store"] is False


def test_a_receipt_in_a_batch_is_not_read_by_itself_and_goes_into_no_other_batch(lane: Lane) -> None:
    taken = lane.take_in(2)

    lane.batches.submit(taken)

    assert lane.reader.due() == []
    assert lane.batches.submit(taken).receipts == 0
    assert len(lane.all()) == 1


def test_a_photo_that_cannot_be_opened_is_left_out_and_fails_the_ordinary_way(lane: Lane) -> None:
    good, bad = lane.take_in(2)
    lane.store.put("ledger/1.jpg", b"no picture")

    handed = lane.batches.submit([good, bad])

    assert (handed.receipts, list(handed.left_out)) == (1, [bad])
    assert lane.reader.due() == [bad]


def test_a_service_that_takes_no_files_costs_no_receipt(lane: Lane) -> None:
    taken = lane.take_in(2)
    lane.standin.always = INSUFFICIENT_QUOTA

    with pytest.raises(QuotaExhausted):
        lane.batches.submit(taken)

    assert lane.reader.due() == taken
    assert (lane.all()[0].status, lane.outcomes()) == ("failed", ["not_taken"] * 2)


def test_a_batch_whose_id_was_lost_is_found_again(lane: Lane) -> None:
    (receipt_id,) = lane.take_in()
    lane.batches.submit([receipt_id])
    with lane.database.write() as session:  # as if the process had been killed before the id was stored
        session.execute(sa.update(BatchRow).values(service_id=None, status="preparing"))
    lane.standin.batches.finish()
    lane.look()
    assert lane.by_batch() == []  # somebody may still be handing it in

    lane.now += dt.timedelta(minutes=15)
    lane.look()

    assert [run.receipt_id for run in lane.by_batch()] == [receipt_id]


def test_a_batch_that_never_began_lets_go_of_its_receipts(lane: Lane) -> None:
    (receipt_id,) = lane.take_in()
    lane.standin.then(Slow(0), HangUp())  # the file is taken, and what would begin the batch is not
    lane.batches.submit([receipt_id])
    assert lane.reader.due() == []

    lane.now += dt.timedelta(minutes=15)
    assert lane.look() == []

    assert lane.reader.due() == [receipt_id]
    assert lane.standin.batches.files == {}


def test_files_hold_what_the_service_takes_and_no_more(lane: Lane) -> None:
    taken = lane.take_in(3)
    lane.batches.submit(taken[:1])
    one = len(next(iter(lane.standin.batches.files.values())).data)
    small = Batches(lane.database, lane.reader, lane.extractor, clock=lambda: lane.now, most_bytes=one + 10)

    handed = small.submit(taken[1:])

    assert (handed.receipts, len(handed.batches)) == (2, 2)
    assert max(len(file.data) for file in lane.standin.batches.files.values()) <= one + 10
