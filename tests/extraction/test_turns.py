"""A receipt is taken by one reader, and kept for as long as that one lives."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa

from ledger.database import Database
from ledger.extraction.turns import LEASE, Turns
from ledger.tables import ReceiptRow
from tests.extraction.runs import Clock, receipt
from tests.factories import NOW, MemoryStore, take_in


def test_a_reader_that_lives_keeps_its_receipt_however_long_it_reads(database: Database, store: MemoryStore) -> None:
    clock, receipt_id = Clock(), take_in(database, store)
    turns = Turns(database, clock, renewed_every=0.01)
    turn = turns.take(receipt_id, sa.true(), asked=False)
    assert turn is not None
    with turns.kept(turn):
        clock.now = NOW + 10 * LEASE
        assert comes(partial(is_renewed, database, receipt_id, clock))

        assert turns.take(receipt_id, sa.true(), asked=True) is None


def test_a_receipt_is_taken_while_others_are_being_written(kept_mariadb_url: str, store: MemoryStore) -> None:
    with contextlib.closing(Database(kept_mariadb_url)) as database:
        first, *others = [take_in(database, store, f"{number}.jpg") for number in range(9)]
        with database.write() as session:
            session.execute(sa.select(ReceiptRow).where(ReceiptRow.id.in_(others)).with_for_update())

            assert Turns(database, Clock()).take(first, ReceiptRow.due_at <= NOW, asked=False) is not None


def test_one_thread_renews_all_leases_and_ends_with_the_last(database: Database, store: MemoryStore) -> None:
    clock, ids = Clock(), [take_in(database, store, f"{name}.jpg") for name in "ab"]
    turns, others = Turns(database, clock, renewed_every=0.01), renewers()
    first, second = (turns.take(receipt_id, sa.true(), asked=False) for receipt_id in ids)
    assert first is not None
    assert second is not None
    with turns.kept(first), turns.kept(second):
        clock.now = NOW + 10 * LEASE
        for receipt_id in ids:
            assert comes(partial(is_renewed, database, receipt_id, clock))
        assert len(renewers() - others) == 1

    assert comes(lambda: not renewers() - others)


def is_renewed(database: Database, receipt_id: int, clock: Clock) -> bool:
    return receipt(database, receipt_id).reading_until == clock.now + LEASE


def renewers() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "leases"}


def comes(happened: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not happened() and time.monotonic() < end:
        time.sleep(0.01)
    return happened()
