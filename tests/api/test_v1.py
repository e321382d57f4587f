"""What other services of ours ask: photos put in, receipts with their readings, one member's ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from ledger.api.body_limit import MAX_BODY
from ledger.api.keys import Scope, add_key
from ledger.database import Database
from ledger.errors import QuotaExhausted, RateLimited
from tests.api.conftest import Api
from tests.bought import buy, day, of_the_app, snack, toy
from tests.factories import NOW, RIGHT, FakeExtractor, MemoryStore, jpeg

Caller = Callable[..., TestClient]


@pytest.fixture
def caller(api: Api, database: Database) -> Caller:
    """A client with a key of these scopes."""

    def with_key(*scopes: Scope, extractor: FakeExtractor | None = None) -> TestClient:
        client = api(extractor or FakeExtractor(RIGHT))
        client.headers["Authorization"] = f"Bearer {add_key(database, '-'.join(scopes), scopes, NOW)}"
        return client

    return with_key


def test_a_photo_that_is_put_in_is_read_and_found_with_its_readings(caller: Caller, store: MemoryStore) -> None:
    client = caller(Scope.READ, Scope.WRITE)

    put = client.post("/v1/receipts", files={"photo": ("영수증.jpg", jpeg())}, data={"member": "회원 7"})
    found = client.get(put.headers["Location"]).json()

    assert (put.status_code, put.json()) == (201, {"id": found["id"], "status": "pending"})
    assert put.headers["Location"] == f"/v1/receipts/{found['id']}"
    assert (found["status"], found["photo"], found["member"]) == ("extracted", "영수증.jpg", "회원 7")
    [reading] = found["readings"]
    assert (reading["model"], reading["receipt"]["total_amount"], reading["error"]) == (
        "fake-1",
        RIGHT.total_amount,
        None,
    )
    assert "raw_answer" not in reading
    assert [member for _, _, member in store.objects.values()] == ["회원 7"]


def test_a_reading_that_failed_says_why(caller: Caller) -> None:
    client = caller(Scope.READ, Scope.WRITE, extractor=FakeExtractor(RateLimited(retry_after=3)))
    where = client.post("/v1/receipts", files={"photo": ("a.jpg", jpeg())}).headers["Location"]

    [reading] = client.get(where).json()["readings"]

    assert (reading["receipt"], reading["error"]["type"]) == (None, "urn:ledger:RateLimited")


def test_while_the_queue_rests_a_photo_is_taken_in_and_waits(caller: Caller) -> None:
    extractor = FakeExtractor(QuotaExhausted())
    client = caller(Scope.READ, Scope.WRITE, extractor=extractor)

    put = [client.post("/v1/receipts", files={"photo": (f"{n}.jpg", jpeg(n))}).headers["Location"] for n in range(2)]

    assert [client.get(where).json()["status"] for where in put] == ["failed", "pending"]
    assert len(extractor.asked) == 1


@pytest.mark.parametrize(
    ("files", "data", "kind"),
    [
        ({"photo": ("a.jpg", b"dear operator")}, {}, "NotAPicture"),
        ({"photo": ("a.jpg", b"")}, {}, "EmptyPhoto"),
        ({"photo": ("a.jpg", jpeg())}, {"member": "x" * 65}, "RequestInvalid"),
        ({"other": ("a.jpg", jpeg())}, {}, "RequestInvalid"),
    ],
)
def test_what_is_no_photo_is_refused_and_not_stored(
    caller: Caller, store: MemoryStore, files: Any, data: Any, kind: str
) -> None:
    answer = caller(Scope.WRITE).post("/v1/receipts", files=files, data=data)

    assert (answer.status_code, answer.json()["type"]) == (422, f"urn:ledger:{kind}")
    assert not store.objects


@pytest.mark.parametrize("says_its_length", [True, False])
def test_a_body_that_no_photo_can_have_is_refused_before_it_is_whole(caller: Caller, says_its_length: bool) -> None:
    block, head = b"x" * 1024**2, b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        yield head
        for _ in range(2 * MAX_BODY // len(block)):
            sent += len(block)
            yield block

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    headers |= {"Content-Length": str(2 * MAX_BODY)} if says_its_length else {}
    answer = caller(Scope.WRITE).post("/v1/receipts", content=body(), headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_each_route_asks_for_its_own_scope(caller: Caller) -> None:
    reads, writes = caller(Scope.READ), caller(Scope.WRITE)

    assert reads.post("/v1/receipts", files={"photo": ("a.jpg", jpeg())}).status_code == 403
    for path in ("/v1/receipts/1", "/v1/members/7/ledger", "/v1/members/7/summary?month=2026-11"):
        assert writes.get(path).status_code == 403
        assert reads.get(path, headers={"Authorization": ""}).status_code == 401


@pytest.mark.parametrize(("receipt", "status"), [("1", 404), ("0", 422), (str(2**63), 422), ("x", 422)])
def test_a_receipt_that_is_not_there_is_a_problem(caller: Caller, receipt: str, status: int) -> None:
    assert caller(Scope.READ).get(f"/v1/receipts/{receipt}").status_code == status


def test_a_ledger_is_told_newest_day_first_a_page_at_a_time(caller: Caller, database: Database) -> None:
    for number in (3, 1, 2):
        buy(database, day(11, number), snack(1000 * number, count=2))
    of_the_app(database, day(11, 2), -1)
    buy(database, day(12, 1), snack(9))
    buy(database, day(11, 9), snack(9), member="70")
    client, pages, more = caller(Scope.READ), [], {}
    while True:
        page = client.get("/v1/members/7/ledger", params={"month": "2026-11", "limit": "2"} | more).json()
        pages.append([(e["date"], e["receipt"] is None, e["items"][0]["price"]) for e in page["entries"]])
        if page["next"] is None:
            break
        more = {"cursor": page["next"]}

    assert pages == [
        [("2026-11-03", False, 3000), ("2026-11-02", True, None)],
        [("2026-11-02", False, 2000), ("2026-11-01", False, 1000)],
    ]


def test_sums_never_multiply_and_keep_months_and_currencies_apart(caller: Caller, database: Database) -> None:
    buy(database, day(10, 31), toy(500))
    buy(database, day(11, 1), snack(4500, count=2), snack(1500), toy(13500))
    buy(database, day(11, 2), snack(250), currency="USD")
    buy(database, day(12, 1), snack(1))
    of_the_app(database, day(11, 3), -1)
    of_the_app(database, day(11, 4), 700)
    client = caller(Scope.READ)

    def told(query: str) -> list[tuple[Any, ...]]:
        answer = client.get(f"/v1/members/7/summary?{query}").json()
        return [tuple(each.values()) for each in answer["sums"]]

    november = [
        ("2026-11", "KRW", "식비", 6700, 4, 1),
        ("2026-11", "KRW", "용품", 13500, 1, 0),
        ("2026-11", "USD", "식비", 250, 1, 0),
    ]
    assert told("month=2026-11") == november
    assert told("since=2026-10&until=2026-11") == [("2026-10", "KRW", "용품", 500, 1, 0), *november]
    assert told("month=2026-09") == []


@pytest.mark.parametrize("member", ["kim", "Kim ", "Kim\U0001f431"])
def test_a_member_who_is_only_nearly_the_same_sees_nothing_of_another(
    caller: Caller, database: Database, member: str
) -> None:
    buy(database, day(11, 1), snack(9), member="Kim")
    client = caller(Scope.READ)

    assert client.get(f"/v1/members/{member}/ledger").json()["entries"] == []
    assert len(client.get("/v1/members/Kim/ledger").json()["entries"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        *("ledger?month=2026-13", "ledger?month=0000-01", "ledger?limit=0", "ledger?limit=101"),
        *("ledger?cursor=2026-02-30_1", "ledger?cursor=x", "summary", "summary?since=2026-01"),
        *("summary?since=2026-02&until=2026-01", "summary?month=2026-01&since=2026-01&until=2026-02"),
    ],
)
def test_a_question_of_another_form_is_told_where_it_differs(caller: Caller, query: str) -> None:
    answer = caller(Scope.READ).get(f"/v1/members/7/{query}")

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:ledger:RequestInvalid")


def test_a_members_ledger_is_found_by_indexes(database: Database, caller: Caller) -> None:
    for number in range(1, 28):
        of_the_app(database, day(11, number), 100, member=str(number))
    asked: list[tuple[str, Any]] = []
    client = caller(Scope.READ)

    @sa.event.listens_for(database.engine, "after_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, given: Any, *_rest: object) -> None:
        if "FROM ledger" in statement and "EXPLAIN" not in statement:
            asked.append((statement, given))

    client.get("/v1/members/7/ledger?month=2026-11&cursor=2026-11-20_9")
    client.get("/v1/members/7/summary?month=2026-11")

    explain = "EXPLAIN QUERY PLAN " if database.engine.dialect.name == "sqlite" else "EXPLAIN "
    with database.engine.connect() as connection:
        plans = [str(connection.exec_driver_sql(explain + sql, given).all()) for sql, given in list(asked)]
    assert len(plans) == 2
    assert [plan for plan in plans if "ix_ledger_memberId_date" not in plan or "ix_receipt_ledger_id" not in plan] == []
