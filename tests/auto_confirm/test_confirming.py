"""After a reading: what needs nobody to look is confirmed as by a person, and everything else waits for people."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
import sqlalchemy as sa
from scipy.stats import binom

from ledger.auto_confirm.policy import audited
from ledger.auto_confirm.tables import AuditedRow
from ledger.database import Database
from ledger.errors import DatabaseUnavailable
from ledger.receipt import Receipt
from ledger.review.claims import claim
from ledger.review.confirm import reject
from ledger.review.drafts import save_draft
from ledger.review.tables import ShopItemRow
from ledger.review.undo import newest_decision, undo
from ledger.tables import ExtractionRow, LedgerRow, ReceiptRow, ReviewRow
from tests.auto_confirm.receipts import Readings
from tests.factories import NOW, RIGHT, take_in
from tests.review.rows import rows


def test_it_is_off_by_default(database: Database) -> None:
    desk = Readings(database)

    (receipt_id,) = desk.come()

    assert desk.status(receipt_id) == "extracted"
    assert desk.auto.standing() is None


def test_what_needs_nobody_is_confirmed_as_by_a_person_and_nothing_is_learnt_from_it(database: Database) -> None:
    desk = Readings(database)
    standing = desk.standing()

    (receipt_id,) = desk.come()

    with database.read() as session:
        review = session.scalars(sa.select(ReviewRow)).one()
        ledger = session.scalars(sa.select(LedgerRow)).one()
        names = session.scalar(sa.select(sa.func.count()).select_from(ShopItemRow))
    assert desk.status(receipt_id) == "confirmed"
    assert (review.operator, review.auto_confirm_id, review.decision) == ("auto", standing.id, "confirmed")
    assert (review.extraction_id, desk.row(receipt_id).ledger_id) == (desk.run_of(receipt_id), ledger.id)
    assert Receipt.model_validate(review.document).location == ledger.location
    assert rows(database)["item"] == 1
    assert names == 0


def test_a_reader_confirms_what_it_has_just_read(database: Database) -> None:
    desk = Readings(database)
    desk.standing(threshold=1.0)
    desk.reader.afterwards = desk.after
    receipt_id = take_in(database, desk.store)

    assert desk.reader.read(receipt_id) == desk.run_of(receipt_id)
    assert desk.status(receipt_id) == "confirmed"


def test_what_comes_after_a_reading_twice_is_confirmed_once(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    (receipt_id,) = desk.come()

    assert desk.after(receipt_id, desk.run_of(receipt_id)) is None
    assert rows(database)["review"] == rows(database)["ledger"] == 1


def test_of_two_readers_at_once_one_confirms(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    for _ in range(3):
        receipt_id, gate = desk.read(), threading.Barrier(2)

        def come_after(receipt_id: int = receipt_id, gate: threading.Barrier = gate) -> int | None:
            gate.wait()
            return desk.after(receipt_id, desk.run_of(receipt_id))

        with ThreadPoolExecutor(2) as pool:
            found = [each.result() for each in [pool.submit(come_after), pool.submit(come_after)]]
        assert sum(review is not None for review in found) == 1
    assert rows(database)["review"] == rows(database)["ledger"] == 3


OTHERS = {
    "its risk is above the threshold": {"risk": 0.1001},
    "it was not judged": {"risk": None},
    "nothing is known of its fields": {"doubts": None},
    "another model read it": {"model": "another"},
    "another prompt was asked": {"prompt_version": "another@0123456789ab"},
    "it was read before it was switched on": {"created_at": NOW - dt.timedelta(seconds=1)},
    "it is not complete": {"document": RIGHT.model_copy(update={"date": None}).model_dump(mode="json")},
}


def test_what_is_not_sure_or_was_read_in_another_way_waits_for_people(database: Database) -> None:
    desk = Readings(database)
    desk.standing(threshold=0.1)

    for why, columns in OTHERS.items():
        receipt_id = desk.read(**columns)

        assert desk.after(receipt_id, desk.run_of(receipt_id)) is None, why
        assert desk.status(receipt_id) == "extracted", why


def test_what_a_person_has_touched_is_left_to_people(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    held, drafted, skipped, decided, replaced = (desk.read() for _ in range(5))
    claim(database, held, "지수", "token", NOW)
    draft = {"extraction_id": desk.run_of(drafted), "operator": "지수", "client_id": "a", "client_ms": 1, "now": NOW}
    save_draft(database, drafted, {"location": "적던 그대로"}, **draft)
    reject(database, desk.click(decided), "other", "")
    undo(database, newest_decision(database, decided) or 0, operator="지수", now=NOW)
    with database.write() as session:
        session.get_one(ReceiptRow, skipped).skipped_at = NOW
        session.get_one(ReceiptRow, replaced).etag = "another photo"

    for receipt_id in (held, drafted, skipped, decided, replaced):
        assert desk.after(receipt_id, desk.run_of(receipt_id)) is None
        assert desk.status(receipt_id) != "confirmed"


def test_what_looks_like_another_receipt_is_left_to_people(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    desk.reader.afterwards = desk.after
    first, copy = (take_in(database, desk.store, f"{name}.jpg") for name in ("원본", "사본"))
    for receipt_id in (first, copy):
        extraction_id = desk.reader.read(receipt_id)
        with database.write() as session:
            run = session.get_one(ExtractionRow, extraction_id)
            run.risk, run.document = 0.01, RIGHT.model_dump(mode="json")

    assert [desk.after(receipt_id, desk.run_of(receipt_id)) for receipt_id in (first, copy)] == [None, None]


def test_what_was_undone_is_never_confirmed_again_without_a_person(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    (receipt_id,) = desk.come()

    undo(database, newest_decision(database, receipt_id) or 0, operator="지수", now=NOW)

    assert desk.status(receipt_id) == "in_review"
    assert rows(database)["ledger"] == 0
    assert desk.after(receipt_id, desk.run_of(receipt_id)) is None


def test_a_share_is_left_to_people_by_a_hash_that_never_changes(database: Database) -> None:
    shares = [sum(audited(number, seed, 0.1) for number in range(10_000)) for seed in (1, 2)]
    assert all(binom.ppf(0.0005, 10_000, 0.1) <= share <= binom.ppf(0.9995, 10_000, 0.1) for share in shares)
    assert [audited(n, 1, 0.1) for n in range(200)] != [audited(n, 2, 0.1) for n in range(200)]
    assert not any(audited(number, 1, 0.0) for number in range(1_000))
    assert all(audited(number, 1, 1.0) for number in range(1_000))

    desk = Readings(database)
    standing = desk.standing(audit_share=0.5)
    ids = desk.come(20)
    left = [receipt_id for receipt_id in ids if audited(receipt_id, standing.seed, 0.5)]

    assert [receipt_id for receipt_id in ids if desk.status(receipt_id) == "extracted"] == left
    for receipt_id in left:
        assert desk.after(receipt_id, desk.run_of(receipt_id)) is None  # read again, it is left to people again
    with database.read() as session:
        assert sorted(session.scalars(sa.select(AuditedRow.receipt_id))) == left


def test_a_reading_is_kept_whatever_goes_wrong_after_it(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    desk = Readings(database)
    asked = []

    def fail(receipt_id: int, extraction_id: int) -> None:
        asked.append((receipt_id, extraction_id))
        raise DatabaseUnavailable(why="gone")

    desk.reader.afterwards = fail
    receipt_id = take_in(database, desk.store)

    extraction_id = desk.reader.read(receipt_id)

    assert asked == [(receipt_id, extraction_id)]
    assert desk.status(receipt_id) == "extracted"
    assert "it waits for people" in caplog.text


def test_a_failed_reading_has_nothing_after_it(database: Database) -> None:
    desk, asked = Readings(database), []
    desk.reader.afterwards = lambda *ids: asked.append(ids)
    desk.extractor.before_answer = lambda: (_ for _ in ()).throw(DatabaseUnavailable(why="x"))

    desk.reader.read(take_in(database, desk.store))

    assert asked == []


def test_one_that_breaks_off_anywhere_is_whole_or_has_not_happened(database: Database) -> None:
    desk, whole, moment = Readings(database), False, 0
    desk.standing()
    desk.come()
    while not whole:
        receipt_id, before, moment = desk.read(), rows(database), moment + 1

        with suppress(KeyboardInterrupt), broken_off(database, moment):
            desk.after(receipt_id, desk.run_of(receipt_id))

        whole = desk.status(receipt_id) == "confirmed"
        after = rows(database)
        new = [after[name] - before[name] for name in ("ledger", "item", "review")]
        assert new == ([1, 1, 1] if whole else [0, 0, 0])
        desk.after(receipt_id, desk.run_of(receipt_id))
        assert desk.status(receipt_id) == "confirmed"
    assert moment > 10


@contextmanager
def broken_off(database: Database, moment: int) -> Iterator[None]:
    """The process ends before its n-th statement."""
    sent: list[str] = []

    def break_off(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)
        if len(sent) == moment:
            raise KeyboardInterrupt

    sa.event.listen(database.engine, "before_cursor_execute", break_off)
    try:
        yield
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", break_off)


def test_settings_of_one_reading_alone_are_compared_with_those_of_the_evidence(database: Database) -> None:
    desk = Readings(database)
    desk.standing()
    desk.reader.afterwards = desk.after
    receipt_id = take_in(database, desk.store)

    desk.reader.read(receipt_id, replace(desk.production.current(), model="another"))

    assert desk.status(receipt_id) == "extracted"
