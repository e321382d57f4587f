"""The routes by which an open form holds its receipt and lets go of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.requests import Request

from ledger.clock import utc_now
from ledger.database import Database
from ledger.receipt import ReceiptStatus
from ledger.review import claims, queue
from ledger.review.queue import receipt_row
from ledger.ui.claim_routes import ClaimRoutes
from tests.factories import migrated, read_one
from tests.services import services

TOKEN: Final = "opening-1"
LATER: Final = dt.timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """One receipt, whose id is 1, held by 지수 under TOKEN."""
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    read_one(database)
    claims.claim(database, 1, "지수", TOKEN, utc_now())
    yield database
    database.close()


def ask(database: Database, what: str, body: object, receipt_id: int = 1, site: str = "same-origin") -> tuple[int, Any]:
    """Status and JSON of the answer."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": sent, "more_body": False}

    headers = [(b"sec-fetch-site", site.encode())]
    request = Request({"type": "http", "path_params": {"receipt_id": receipt_id}, "headers": headers}, receive)
    with ThreadPoolExecutor(1) as thread:  # browser tests keep an event loop running in this one
        answer = thread.submit(lambda: asyncio.run(getattr(ClaimRoutes(services(database)), what)(request))).result()
    return answer.status_code, json.loads(answer.body) if answer.body else None


def version(database: Database) -> int:
    return receipt_row(database, 1).version


def test_who_opened_a_receipt_holds_it_longer(database: Database) -> None:
    before = receipt_row(database, 1).claim_until
    assert ask(database, "renew", {"token": TOKEN, "version": 2}) == (200, {"version": 2})
    assert before is not None
    assert (receipt_row(database, 1).claim_until or before) > before


def test_a_claim_that_ran_out_is_good_as_long_as_nobody_took_the_receipt(database: Database) -> None:
    claims.claim(database, 1, "지수", TOKEN, utc_now() - LATER)
    assert ask(database, "renew", {"token": TOKEN, "version": 2})[0] == 200
    assert (receipt_row(database, 1).claim_until or utc_now()) > utc_now()


def test_who_lost_a_receipt_is_told_so(database: Database) -> None:
    claims.claim(database, 1, "하나", "opening-2", utc_now(), take_over=True)
    assert ask(database, "renew", {"token": TOKEN, "version": 2})[0] == 409
    assert receipt_row(database, 1).claim_operator == "하나"


def test_a_receipt_that_is_let_go_of_is_free_at_once(database: Database) -> None:
    assert ask(database, "release", {"token": TOKEN, "version": 2})[0] == 204
    row = receipt_row(database, 1)
    assert (row.status, row.claim_until) == (ReceiptStatus.EXTRACTED, None)


def test_a_page_that_comes_back_holds_its_receipt_again_if_nothing_happened_to_it(database: Database) -> None:
    ask(database, "release", {"token": TOKEN, "version": 2})
    assert ask(database, "renew", {"token": TOKEN, "version": 2}) == (200, {"version": 2})
    row = receipt_row(database, 1)
    assert (row.status, row.claim_operator) == (ReceiptStatus.IN_REVIEW, "지수")
    assert (row.claim_until or utc_now()) > utc_now()


def test_what_was_let_go_of_is_not_held_by_who_guesses_its_version(database: Database) -> None:
    ask(database, "release", {"token": TOKEN, "version": 2})
    assert ask(database, "renew", {"token": "guessed", "version": 2})[0] == 409
    assert receipt_row(database, 1).claim_until is None


def test_what_was_set_aside_is_held_again_by_nobody(database: Database) -> None:
    queue.skip(database, 1, "지수", utc_now(), token=TOKEN)
    assert ask(database, "renew", {"token": TOKEN, "version": 2})[0] == 409
    assert receipt_row(database, 1).claim_until is None


@pytest.mark.parametrize("what", ["renew", "release"])
def test_a_page_of_another_site_is_refused(database: Database, what: str) -> None:
    before = receipt_row(database, 1).claim_until
    assert ask(database, what, {"token": TOKEN, "version": 2}, site="cross-site")[0] == 403
    assert receipt_row(database, 1).claim_until == before


def test_a_page_that_comes_back_to_what_somebody_else_had_meanwhile_does_not_hold_it(database: Database) -> None:
    ask(database, "release", {"token": TOKEN, "version": 2})
    claims.claim(database, 1, "하나", "opening-2", utc_now())
    claims.release(database, 1, "opening-2")
    assert ask(database, "renew", {"token": TOKEN, "version": 2})[0] == 409
    row = receipt_row(database, 1)
    assert (row.claim_operator, row.claim_until) == ("하나", None)


@pytest.mark.parametrize("what", ["renew", "release"])
@pytest.mark.parametrize("token", ["", "opening-2", "토큰"])
def test_nothing_is_done_for_another_token(database: Database, what: str, token: str) -> None:
    before = receipt_row(database, 1)
    status, _ = ask(database, what, {"token": token, "version": 2})
    assert status == {"renew": 409, "release": 204}[what]
    after = receipt_row(database, 1)
    assert (after.claim_token, after.claim_until) == (before.claim_token, before.claim_until)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", {}, b"x" * 2000])
def test_what_no_form_of_ours_sends_is_refused(database: Database, body: object) -> None:
    assert ask(database, "renew", body)[0] == 400


@pytest.mark.parametrize("receipt_id", [404, 10**24])
def test_a_receipt_that_cannot_be_is_held_by_nobody(database: Database, receipt_id: int) -> None:
    assert ask(database, "renew", {"token": TOKEN, "version": 2}, receipt_id)[0] == 409


def test_a_database_that_is_away_says_nothing_about_a_claim() -> None:
    database = Database("mysql+pymysql://desk@127.0.0.1:1/ledger")
    assert ask(database, "renew", {"token": TOKEN, "version": 2})[0] == 503
    database.close()
