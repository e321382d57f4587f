"""What the app's server asks and what it gets, whatever happened to its photos."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import AnswerNotJson, ObjectNotFound, ObjectTooLarge, RateLimited, StoreUnavailable
from ledger.inbox.ingest import ingest_object
from ledger.inbox.object_store import MAX_BYTES, FetchedObject, StoredObject
from ledger.receipt import Category, LineItem, Receipt
from ledger.tables import ExtractionRow, ReceiptRow
from tests.api.conftest import BUCKET, Api, address
from tests.factories import NOW, FakeExtractor, MemoryStore, jpeg

ROUTE = "/ml/ledger_receipt"
READ = Receipt(
    date=dt.date(2024, 11, 11),
    location="경기 하남시 미사대로 1, 루트231 애견카페",
    items=(LineItem(name="장난감", price=13500, count=3, category=Category.SUPPLIES),),
    total_amount=83500,
)
ANSWER = {
    "date": "2024-11-11",
    "location": "경기 하남시 미사대로 1, 루트231 애견카페",
    "items": [{"name": "장난감", "price": 13500, "count": 3, "category": "용품"}],
    "total_amount": 83500,
}
NOTHING = {"date": "읽을 수 없음", "location": "읽을 수 없음", "items": [], "total_amount": -1}


def put(store: MemoryStore, *names: str) -> list[str]:
    """Put photos, each another one; their addresses."""
    for number, name in enumerate(names):
        store.put(f"ledger/{name}", jpeg(100 + number))
    return [address(f"ledger/{name}") for name in names]


def count(database: Database, row: type[ReceiptRow | ExtractionRow]) -> int:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(row)) or 0


def test_a_photo_is_answered_as_the_contract_says_and_stored_as_any_reading(
    api: Api, store: MemoryStore, database: Database
) -> None:
    photos = put(store, "3f2b-영수증 #1?.jpg")

    answer = api(FakeExtractor(READ)).post(ROUTE, json={"image_data": photos})

    assert (answer.status_code, answer.json()) == (200, ANSWER)
    with database.read() as session:
        [receipt] = session.scalars(sa.select(ReceiptRow))
    assert (receipt.object_key, receipt.status, receipt.read_total) == (
        "ledger/3f2b-영수증 #1?.jpg",
        "extracted",
        83500,
    )


def test_several_photos_are_read_at_once_and_merged_in_their_order(api: Api, store: MemoryStore) -> None:
    photos = put(store, "a.jpg", "b.jpg")
    extractor = FakeExtractor(READ)
    both = threading.Barrier(2, timeout=20)
    extractor.before_answer = both.wait

    answer = api(extractor).post(ROUTE, json={"image_data": photos})

    assert answer.json() == ANSWER | {"items": ANSWER["items"] * 2}  # type: ignore[operator]  # a list


def test_a_photo_that_was_read_is_not_paid_for_again(api: Api, store: MemoryStore) -> None:
    photos = put(store, "a.jpg")
    extractor = FakeExtractor(READ)
    client = api(extractor)

    answers = [client.post(ROUTE, json={"image_data": photos * 2}).json() for _ in range(2)]

    assert answers == [ANSWER, ANSWER]
    assert len(extractor.asked) == 1


class Watched(MemoryStore):
    """A store that notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def find(self, key: str) -> StoredObject:
        self.asked.append("find")
        return super().find(key)

    def fetch(self, key: str) -> FetchedObject:
        self.asked.append("fetch")
        if len(self.objects[key][1]) > MAX_BYTES:
            raise ObjectTooLarge(key=key, megabytes=51, limit=50)
        return super().fetch(key)


class TestInOneRequest:
    """The store is asked once for each photo: for its bytes, or whether it is still the one that was read."""

    @pytest.fixture
    def store(self) -> Watched:
        store = Watched()
        store.name = f"s3://{BUCKET}/ledger/"
        return store

    def test_a_new_photo_is_fetched_and_one_that_was_read_only_looked_at(self, api: Api, store: Watched) -> None:
        photos = put(store, "a.jpg")
        client = api(FakeExtractor(READ))

        answers = [client.post(ROUTE, json={"image_data": photos}).json() for _ in range(2)]

        assert (answers, store.asked) == ([ANSWER, ANSWER], ["fetch", "find"])

    def test_a_photo_that_was_taken_in_and_waits_is_fetched_once(
        self, api: Api, store: Watched, database: Database
    ) -> None:
        photos = put(store, "a.jpg")
        ingest_object(database, store, store.objects["ledger/a.jpg"][0], NOW)

        answer = api(FakeExtractor(READ)).post(ROUTE, json={"image_data": photos})

        assert (answer.json(), store.asked) == (ANSWER, ["fetch"])
        assert count(database, ReceiptRow) == 1

    def test_a_photo_that_is_too_large_fails_where_people_see_it(
        self, api: Api, store: Watched, database: Database
    ) -> None:
        store.put("ledger/a.jpg", bytes(MAX_BYTES + 1))

        answer = api(FakeExtractor(READ)).post(ROUTE, json={"image_data": [address("ledger/a.jpg")]})

        assert answer.json()["type"] == "urn:ledger:ObjectTooLarge"
        with database.read() as session:
            assert session.scalars(sa.select(ReceiptRow.status)).all() == ["failed"]


def test_a_photo_that_was_replaced_is_read_again(api: Api, store: MemoryStore) -> None:
    photos = put(store, "a.jpg")
    extractor = FakeExtractor(READ)
    client = api(extractor)
    client.post(ROUTE, json={"image_data": photos})
    store.put("ledger/a.jpg", jpeg(50))

    client.post(ROUTE, json={"image_data": photos})

    assert len(extractor.asked) == 2


def test_callers_who_ask_for_the_same_photo_at_once_share_its_reading(api: Api, store: MemoryStore) -> None:
    photos = put(store, "a.jpg")
    extractor = FakeExtractor(READ)
    go_on = threading.Event()
    extractor.before_answer = lambda: go_on.wait(20)
    client = api(extractor)
    answers: list[object] = []
    callers = [
        threading.Thread(target=lambda: answers.append(client.post(ROUTE, json={"image_data": photos}).json()))
        for _ in range(2)
    ]
    for caller in callers:
        caller.start()
    go_on.set()
    for caller in callers:
        caller.join(20)

    assert answers == [ANSWER, ANSWER]
    assert len(extractor.asked) == 1


def test_pictures_that_are_no_receipt_say_so_in_all_four_values(api: Api, store: MemoryStore) -> None:
    photos = put(store, "cat.jpg")
    store.put("ledger/letter.jpg", b"dear operator")

    answer = api(FakeExtractor(Receipt())).post(ROUTE, json={"image_data": [*photos, address("ledger/letter.jpg")]})

    assert (answer.status_code, answer.json()) == (200, NOTHING)


def test_what_could_be_read_is_answered_and_how_many_photos_could_not_is_said(api: Api, store: MemoryStore) -> None:
    photos, client = put(store, "a.jpg"), api(FakeExtractor(READ))

    answer = client.post(ROUTE, json={"image_data": [address("ledger/gone.jpg"), *photos]})
    whole = client.post(ROUTE, json={"image_data": photos})

    assert (answer.status_code, answer.json(), answer.headers["X-Ledger-Unread"]) == (200, ANSWER, "1")
    assert "X-Ledger-Unread" not in whole.headers


def test_a_day_that_was_not_read_is_the_day_on_which_the_photo_arrived_and_that_is_said(
    api: Api, store: MemoryStore
) -> None:
    photos = put(store, "a.jpg")
    stored, data, member = store.objects["ledger/a.jpg"]
    late = dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC)  # the 23rd where the app's users are
    store.objects["ledger/a.jpg"] = (type(stored)(stored.key, stored.etag, stored.size, late), data, member)

    answer = api(FakeExtractor(READ.model_copy(update={"date": None}))).post(ROUTE, json={"image_data": photos})

    assert answer.json() == ANSWER | {"date": "2026-11-23"}
    assert answer.headers["X-Ledger-Assumed"] == "date"


@pytest.mark.parametrize(
    ("failure", "status", "kind"),
    [(RateLimited(retry_after=3), 503, "RateLimited"), (AnswerNotJson(why="…"), 502, "AnswerNotJson")],
)
def test_where_nothing_could_be_read_the_problem_is_told(
    api: Api, store: MemoryStore, failure: Exception, status: int, kind: str
) -> None:
    photos = put(store, "a.jpg")

    answer = api(FakeExtractor(failure)).post(ROUTE, json={"image_data": photos})

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:ledger:{kind}"
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_a_photo_that_failed_is_tried_again_when_it_is_asked_for_again(api: Api, store: MemoryStore) -> None:
    photos = put(store, "a.jpg")
    client = api(FakeExtractor(RateLimited(retry_after=3), READ))

    answers = [client.post(ROUTE, json={"image_data": photos}).status_code for _ in range(2)]

    assert answers == [503, 200]


def test_a_photo_that_is_gone_and_a_store_that_is_away_are_told_apart(api: Api, store: MemoryStore) -> None:
    client = api(FakeExtractor(READ))

    gone = client.post(ROUTE, json={"image_data": [address("ledger/gone.jpg")]})
    store.failure = StoreUnavailable(store=store.name, why="no answer")
    away = client.post(ROUTE, json={"image_data": [address("ledger/gone.jpg")]})

    assert (gone.status_code, gone.json()["type"]) == (404, f"urn:ledger:{ObjectNotFound.__name__}")
    assert (away.status_code, away.json()["type"]) == (503, f"urn:ledger:{StoreUnavailable.__name__}")


def test_one_address_of_another_place_refuses_the_whole_request_and_nothing_is_fetched(
    api: Api, store: MemoryStore, database: Database
) -> None:
    photos = put(store, "a.jpg")

    answer = api(FakeExtractor(READ)).post(ROUTE, json={"image_data": [*photos, "http://169.254.169.254/latest/"]})

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:ledger:AddressRefused")
    assert count(database, ReceiptRow) == 0


@pytest.mark.parametrize(
    "body", [{}, {"image_data": []}, {"image_data": ["x"] * 11}, {"image_data": "x"}, {"image_data": [1]}, [], None]
)
def test_a_request_of_another_form_is_told_where_it_differs(api: Api, body: object) -> None:
    answer = api(FakeExtractor(READ)).post(ROUTE, json=body)

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:ledger:RequestInvalid")
    assert answer.json()["errors"][0]["at"][0] == "body"
