"""Batches that expire, fail or are cancelled cost no receipt, and are looked at until they end."""

from __future__ import annotations

from ledger.extraction.batches.lane import EVERY
from tests.extraction.batches.lane import Lane
from tests.openai_standin import HangUp


def test_what_expired_goes_into_the_next_batch_and_after_three_is_read_the_ordinary_way(lane: Lane) -> None:
    first, second = lane.already_read(2)
    lane.batches.submit([first, second])
    lane.standin.batches.work(1)
    lane.standin.batches.expire()

    assert lane.look() == []

    assert lane.outcomes() == ["expired", "read", None]
    assert [batch.round for batch in lane.all()] == [1, 2]
    assert lane.reader.due() == []
    for _ in range(2):
        lane.standin.batches.expire()
        assert lane.look() == []
    assert lane.outcomes() == ["expired", "read", "expired", "ordinary"]
    assert lane.reader.due() == [first]
    assert lane.look() == []
    assert lane.standin.batches.files == {}


def test_what_expired_is_read_by_the_next_batch(lane: Lane) -> None:
    (receipt_id,) = lane.take_in()
    lane.batches.submit([receipt_id])
    lane.standin.batches.expire()
    lane.look()
    lane.standin.batches.finish()

    lane.look()

    assert [run.receipt_id for run in lane.by_batch()] == [receipt_id]
    assert lane.outcomes() == ["expired", "read"]
    assert lane.receipt(receipt_id).due_at is None


def test_a_batch_that_the_service_finds_faulty_says_so_and_loses_nothing(lane: Lane) -> None:
    new, *_ = lane.take_in(1)
    lane.batches.submit([new])
    lane.standin.batches.files[lane.standin.batches.newest.input_file_id].data += b"{\n"
    lane.standin.batches.work()

    assert lane.look() == []

    (batch,) = lane.all()
    assert (batch.status, batch.error) == ("failed", "line 2: This line is not parseable as valid JSON.")
    assert batch.closed_at is not None
    assert lane.outcomes() == ["not_taken"]
    assert lane.reader.due() == [new]


def test_a_batch_that_is_cancelled_keeps_what_was_answered_and_lets_go_of_the_rest(lane: Lane) -> None:
    taken = lane.take_in(3)
    lane.batches.submit(taken)
    lane.standin.batches.work(1)
    assert lane.batches.cancel(1)

    assert lane.look() == []

    assert lane.outcomes() == ["cancelled", "cancelled", "read"]
    assert lane.reader.due() == taken[:2]
    assert not lane.batches.cancel(1)


def test_what_somebody_asked_for_meanwhile_is_not_read_again_when_a_batch_lets_go(lane: Lane) -> None:
    (receipt_id,) = lane.take_in()
    lane.batches.submit([receipt_id])
    lane.reader.read(receipt_id)
    lane.batches.cancel(1)

    lane.look()

    assert lane.outcomes() == ["cancelled"]
    assert lane.reader.due() == []


def test_a_service_that_is_away_is_asked_again_at_the_next_look(lane: Lane) -> None:
    lane.batches.submit(lane.take_in())
    lane.standin.batches.finish()
    lane.standin.then(HangUp())

    (said,) = lane.look()
    assert "cannot be reached" in said or "did not" in said
    assert lane.look() == []

    assert lane.outcomes() == ["read"]


def test_a_look_is_due_while_a_batch_is_open_and_some_minutes_after_the_last_one(lane: Lane) -> None:
    assert not lane.batches.waits_for_look()
    lane.batches.submit(lane.take_in())
    assert not lane.batches.waits_for_look()
    lane.now += EVERY
    assert lane.batches.waits_for_look()
    lane.batches.look_at_batches()
    assert not lane.batches.waits_for_look()
    lane.standin.batches.finish()
    lane.now += EVERY

    lane.batches.look_at_batches()

    assert lane.outcomes() == ["read"]
    lane.now += EVERY
    assert not lane.batches.waits_for_look()
