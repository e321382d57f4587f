"""Decisions made at once, and a decision that breaks in the middle: one wins, all of it or nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import LedgerError
from ledger.extraction.pipeline import Reader
from ledger.receipt import ReceiptStatus
from ledger.review.confirm import confirm, reject
from ledger.review.duplicates import tell_apart
from ledger.tables import ReceiptTermRow, ReviewRow
from tests.factories import NOW, RIGHT, FakeExtractor, MemoryStore, action, read_one, take_in
from tests.review.rows import NOTHING, draft, receipt, rows


def together(database: Database, *decisions: Callable[[], int | None]) -> list[int | LedgerError | None]:
    """What each gave or raised, when all were made at once."""
    gate = threading.Barrier(len(decisions))

    def run(decide: Callable[[], int | None]) -> int | LedgerError | None:
        gate.wait()
        try:
            return decide()
        except LedgerError as error:
            return error

    with ThreadPoolExecutor(len(decisions)) as pool:
        return list(pool.map(run, decisions))


def test_of_two_operators_who_confirm_at_once_one_wins_and_the_other_is_told(database: Database) -> None:
    for n in range(5):
        receipt_id, extraction_id = read_one(database, key=f"{n}.jpg")
        clicks = [action(receipt_id, extraction_id, f"{n} {who}", who) for who in ("지수", "민준")]

        outcome = together(database, *(lambda click=click: confirm(database, click, RIGHT) for click in clicks))

        assert sorted(type(each).__name__ for each in outcome) == ["ReceiptClosed", "int"]
    assert rows(database) == NOTHING | {"ledger": 5, "item": 10, "review": 5, "correction": 5}


def test_of_a_confirm_and_a_rejection_at_once_one_wins(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)

    outcome = together(
        database,
        lambda: confirm(database, action(receipt_id, extraction_id, "a"), RIGHT),
        lambda: reject(database, action(receipt_id, extraction_id, "b"), "duplicate"),
    )

    assert sorted(type(each).__name__ for each in outcome) == ["ReceiptClosed", "int"]
    with database.read() as session:
        review = session.scalars(sa.select(ReviewRow)).one()
    assert receipt(database, receipt_id).status == review.decision
    assert rows(database)["ledger"] == (1 if review.decision == "confirmed" else 0)


def test_the_same_click_arriving_twice_at_once_is_one_confirm(database: Database) -> None:
    receipt_id, extraction_id = read_one(database)
    click = action(receipt_id, extraction_id)

    outcome = together(database, *[lambda: confirm(database, click, RIGHT)] * 3)

    assert len(set(map(str, outcome))) == 1
    assert rows(database)["review"] == 1


def test_a_confirm_and_a_reading_at_once_do_not_reopen_or_lose_anything(database: Database) -> None:
    store = MemoryStore()
    receipt_id = take_in(database, store)
    reader = Reader(database, store, FakeExtractor(), lambda: NOW)
    extraction_id = reader.read(receipt_id)

    together(
        database,
        lambda: confirm(database, action(receipt_id, extraction_id), RIGHT),
        lambda: reader.read(receipt_id) or 0,
    )

    closed = receipt(database, receipt_id)
    assert closed.status == ReceiptStatus.CONFIRMED
    assert closed.ledger_id is not None


def test_people_who_tell_the_same_two_receipts_apart_at_once_are_all_heard(database: Database) -> None:
    for n in range(5):
        a, b = [read_one(database, key=f"{n} {name}.jpg")[0] for name in "ab"]
        pairs = [(a, b), (b, a)] * 2

        outcome = together(database, *[partial(tell_apart, database, *pair) for pair in pairs])

        assert outcome == [None] * 4
        with database.read() as session:
            terms = sa.select(ReceiptTermRow.term).where(ReceiptTermRow.term.in_((f"n:{a}", f"n:{b}")))
            assert sorted(session.scalars(terms)) == sorted((f"n:{a}", f"n:{b}"))


class Broken(Exception):
    """Raised in the middle of a confirm."""


def statements_of_a_confirm(database: Database) -> int:
    receipt_id, extraction_id = read_one(database, key="counted.jpg")
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", count)
    confirm(database, action(receipt_id, extraction_id, "counted"), RIGHT)
    sa.event.remove(database.engine, "before_cursor_execute", count)
    return len(seen)


def test_an_error_at_any_statement_leaves_nothing(database: Database) -> None:
    steps = statements_of_a_confirm(database)
    before = rows(database)
    receipt_id, extraction_id = read_one(database)
    draft(database, receipt_id, extraction_id)
    left: list[int] = []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if left and not statement.startswith(("BEGIN", "SELECT count")):
            left[0] -= 1
            if left[0] < 0:
                left.clear()
                raise Broken(statement)

    for step in range(steps - 1 if database.engine.dialect.name == "sqlite" else steps):
        left[:] = [step]
        with pytest.raises(Broken):
            confirm(database, action(receipt_id, extraction_id), RIGHT)
        assert rows(database) == before | {"draft": 1}
        assert receipt(database, receipt_id).status == ReceiptStatus.IN_REVIEW

    left.clear()
    confirm(database, action(receipt_id, extraction_id), RIGHT)
    assert rows(database)["ledger"] == 2
