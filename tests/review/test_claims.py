"""Claims: of many operators each is given another receipt, and who lost one is told by whom."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import ClaimLost, DraftConflict, ReceiptClosed, ReceiptHeld, ReceiptNotFound
from ledger.extraction.pipeline import Reader
from ledger.receipt import ReceiptStatus
from ledger.review.claims import Claim, claim, claim_next, release, renew
from ledger.review.confirm import Action, confirm, reject
from ledger.review.drafts import discard_draft, save_draft
from ledger.review.queue import postpone, skip, upcoming
from ledger.tables import DraftRow, ReceiptRow, ReviewRow
from tests.factories import NOW, RIGHT, FakeExtractor, MemoryStore, action, read_one, take_in
from tests.review.rows import draft, receipt

LATER = NOW + dt.timedelta(seconds=121)
"""When a claim made at NOW is void."""


def save(database: Database, held: Claim, now: dt.datetime = NOW, **more: Any) -> int:
    values: dict[str, Any] = {"extraction_id": None, "client_id": "a", "client_ms": 1, "now": now, "seen_revision": 0}
    values |= {"operator": held.operator, "token": held.token, "version": held.version}
    return save_draft(database, held.receipt_id, {"location": held.operator}, **(values | more))


def discard(database: Database, held: Claim, seen_revision: int, now: dt.datetime = NOW) -> None:
    who: dict[str, Any] = {"operator": held.operator, "token": held.token, "version": held.version}
    discard_draft(database, held.receipt_id, now=now, seen_revision=seen_revision, **who)


def draft_of(database: Database, receipt_id: int) -> str | None:
    with database.read() as session:
        return session.scalar(sa.select(DraftRow.operator).where(DraftRow.receipt_id == receipt_id))


def click(held: Claim, extraction_id: int | None, at: dt.datetime = NOW) -> Action:
    plain = action(held.receipt_id, extraction_id, held.token, held.operator)
    return Action(
        plain.action_id, held.receipt_id, extraction_id, held.operator, at, plain.etag, held.token, held.version
    )


def taken(database: Database, operator: str, token: str = "", now: dt.datetime = NOW, **more: Any) -> int | None:
    found = claim_next(database, operator, token or operator, now, **more)
    return found and found.receipt_id


def test_what_one_operator_opened_is_not_given_to_another(database: Database) -> None:
    a, b = [read_one(database, key=f"{name}.jpg")[0] for name in "ab"]

    assert taken(database, "지수") == a
    assert taken(database, "민준") == b
    assert taken(database, "서연") is None
    assert receipt(database, a).status == ReceiptStatus.IN_REVIEW
    assert receipt(database, a).claimed_at == NOW
    assert upcoming(database, 9, "서연", NOW) == []


def test_the_same_operator_in_a_second_tab_is_given_another(database: Database) -> None:
    a, b = [read_one(database, key=f"{name}.jpg")[0] for name in "ab"]

    assert [taken(database, "지수", "tab 1"), taken(database, "지수", "tab 2")] == [a, b]


def test_of_many_who_claim_at_once_none_is_given_the_same_and_none_is_left(database: Database) -> None:
    first = read_one(database)[0]
    with database.write() as session:
        columns = [c for c in ReceiptRow.__table__.c if c.name not in ("id", "object_hash", "risk")]
        model = session.execute(sa.select(*columns).where(ReceiptRow.id == first)).one()._asdict()
        copies = [model | {"object_hash": f"{n:064}", "risk": n % 7 / 10} for n in range(199)]
        session.execute(sa.insert(ReceiptRow), copies)
    gate = threading.Barrier(8)

    def work(who: int) -> list[int]:
        gate.wait()
        mine: list[int] = []
        while (found := claim_next(database, f"operator {who}", f"{who}:{len(mine)}", NOW)) is not None:
            mine.append(found.receipt_id)
        return mine

    with ThreadPoolExecutor(8) as pool:
        served = [receipt_id for mine in pool.map(work, range(8)) for receipt_id in mine]

    assert len(served) == len(set(served)) == 200


def test_a_claim_that_ran_out_comes_back_by_itself_and_a_renewed_one_does_not(database: Database) -> None:
    a, b = [read_one(database, key=f"{name}.jpg")[0] for name in "ab"]
    taken(database, "지수", "1")
    taken(database, "민준", "2")
    assert renew(database, b, "2", LATER)

    assert [row.id for row in upcoming(database, 9, "서연", LATER)] == [a]
    assert taken(database, "서연", now=LATER) == a
    assert taken(database, "하준", now=LATER) is None
    assert not renew(database, a, "1", LATER)


def test_who_comes_back_after_the_claim_ran_out_holds_it_again_if_nobody_took_it(database: Database) -> None:
    a, reading = read_one(database)
    held = claim_next(database, "지수", "1", NOW)
    assert held is not None
    assert taken(database, "민준", now=LATER, skip=a) is None  # puts it back
    assert receipt(database, a).status == ReceiptStatus.EXTRACTED

    assert renew(database, a, "1", LATER)
    assert receipt(database, a).status == ReceiptStatus.IN_REVIEW
    much_later = LATER + dt.timedelta(days=1)
    assert save(database, held, much_later) == 1
    assert confirm(database, click(held, reading, much_later), RIGHT)


def test_letting_go_puts_a_receipt_back_and_leaves_a_draft_in_review(database: Database) -> None:
    a, reading = read_one(database, key="a.jpg")
    claim(database, a, "지수", "1", NOW)
    release(database, a, "another")
    assert taken(database, "민준") is None

    release(database, a, "1")
    assert receipt(database, a).status == ReceiptStatus.EXTRACTED
    assert receipt(database, a).claim_until is None
    assert renew(database, a, "1", NOW)

    draft(database, a, reading)
    claim(database, a, "지수", "2", NOW)
    release(database, a, "2")
    assert receipt(database, a).status == ReceiptStatus.IN_REVIEW
    assert taken(database, "민준") == a


def test_what_somebody_holds_is_opened_by_another_only_by_taking_it_over(database: Database) -> None:
    a, reading = read_one(database)
    held = claim(database, a, "지수", "1", NOW)

    with pytest.raises(ReceiptHeld, match=r"^지수 is working on receipt"):
        claim(database, a, "민준", "2", NOW)
    other = claim(database, a, "민준", "2", NOW, take_over=True)

    assert other.version > held.version
    for write in (lambda: save(database, held), lambda: confirm(database, click(held, reading), RIGHT)):
        with pytest.raises(ClaimLost, match="opened by 민준"):
            write()
    assert confirm(database, click(other, reading), RIGHT)
    with pytest.raises(ReceiptClosed):
        confirm(database, click(held, reading), RIGHT)


def test_the_newest_tab_of_an_operator_wins_and_the_older_one_is_told(database: Database) -> None:
    a, reading = read_one(database)
    old = claim(database, a, "지수", "1", NOW)
    again = claim(database, a, "지수", "1", NOW)
    new = claim(database, a, "지수", "2", NOW)

    assert old.version == again.version < new.version
    with pytest.raises(ClaimLost, match="opened by 지수"):
        save(database, old)
    with pytest.raises(ClaimLost):
        reject(database, click(old, reading), "other")
    assert save(database, new) == 1


def test_an_opening_between_is_noticed_even_when_it_was_let_go_of(database: Database) -> None:
    a, reading = read_one(database)
    held = claim(database, a, "지수", "1", NOW)
    other = claim(database, a, "민준", "2", LATER)
    save(database, other, LATER)
    release(database, a, "2")

    with pytest.raises(ClaimLost, match="opened by 민준"):
        confirm(database, click(held, reading, LATER), RIGHT)
    with pytest.raises(ClaimLost):
        save(database, held, LATER, seen_revision=1)


def test_a_draft_of_somebody_who_opened_it_meanwhile_is_not_discarded_from_an_older_page(database: Database) -> None:
    a, _ = read_one(database)
    held = claim(database, a, "지수", "1", NOW)
    assert save(database, held) == 1
    other = claim(database, a, "민준", "2", LATER)
    assert save(database, other, LATER, seen_revision=1) == 2
    release(database, a, "2")

    with pytest.raises(ClaimLost, match="opened by 민준"):
        discard(database, held, 1, LATER)
    assert draft_of(database, a) == "민준"


def test_a_draft_that_was_not_seen_is_not_discarded(database: Database) -> None:
    a, _ = read_one(database)
    held = claim(database, a, "지수", "1", NOW)
    assert save(database, held) == 1
    assert save(database, held, seen_revision=1) == 2

    with pytest.raises(DraftConflict, match=r"^지수 saved other text"):
        discard(database, held, 1)
    assert draft_of(database, a) == "지수"
    discard(database, held, 2)
    assert draft_of(database, a) is None


def test_what_a_form_from_before_a_restart_sends_counts_for_its_operator_alone(database: Database) -> None:
    a, reading = read_one(database)
    claim(database, a, "지수", "1", NOW)

    with pytest.raises(ClaimLost):
        confirm(database, action(a, reading, operator="민준"), RIGHT)
    assert confirm(database, action(a, reading, operator="지수"), RIGHT)


def test_skipping_lets_go_and_leaves_what_another_one_holds(database: Database) -> None:
    a, _ = read_one(database)
    claim(database, a, "지수", "1", NOW)

    skip(database, a, "민준", NOW, token="2")
    with pytest.raises(ClaimLost):
        postpone(database, a, LATER, "민준", NOW, token="2")
    assert receipt(database, a).claim_token == "1"

    skip(database, a, "지수", NOW, token="1")
    assert receipt(database, a).status == ReceiptStatus.EXTRACTED
    assert taken(database, "민준") == a


def test_a_failed_receipt_that_is_opened_stays_failed_and_a_reading_that_comes_then_is_held(database: Database) -> None:
    store = MemoryStore()
    a = take_in(database, store)
    claim(database, a, "지수", "1", NOW)
    assert receipt(database, a).status == ReceiptStatus.PENDING

    Reader(database, store, FakeExtractor(), lambda: NOW).read(a)

    assert receipt(database, a).status == ReceiptStatus.IN_REVIEW
    assert taken(database, "민준") is None
    assert taken(database, "민준", now=LATER) == a


def test_what_is_closed_or_not_there_cannot_be_claimed(database: Database) -> None:
    a, reading = read_one(database)
    confirm(database, action(a, reading), RIGHT)

    with pytest.raises(ReceiptClosed):
        claim(database, a, "지수", "1", NOW)
    with pytest.raises(ReceiptNotFound):
        claim(database, 404, "지수", "1", NOW)


def test_a_claim_holds_three_times_as_long_as_the_usual_review(database: Database, database_url: str) -> None:
    a, _ = read_one(database)
    assert claim(database, a, "지수", "1", NOW).until == NOW + dt.timedelta(seconds=120)
    with database.write() as session:
        for n, seconds in enumerate((60.0, None, 70.0, 900.0)):
            review = ReviewRow(action_id=str(n), receipt_id=a, decision="confirmed", operator="지수", created_at=NOW)
            review.seconds = seconds
            session.add(review)

    fresh = Database(database_url)
    assert claim(fresh, a, "지수", "1", NOW).until == NOW + dt.timedelta(seconds=210)
    fresh.close()
