"""Photos that are uploaded past the interface: an address for one photo, of one type and size, for a while."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from ledger.api.keys import Scope, add_key
from ledger.api.server import create_api
from ledger.database import Database
from ledger.inbox.ingest import ingest
from ledger.inbox.object_store import ObjectStore
from ledger.inbox.stores import open_store
from tests.factories import NOW, jpeg, migrated
from tests.servers import S3Server
from tests.services import services


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield database
    database.close()


def client_of(database: Database, store: object) -> TestClient:
    key = add_key(database, "k", [Scope.READ, Scope.WRITE], NOW)
    return TestClient(create_api(services(database, store)), headers={"Authorization": f"Bearer {key}"})  # type: ignore[arg-type]  # any store


@pytest.fixture
def store(s3_bucket: str, s3_server: S3Server) -> ObjectStore:
    return open_store(f"s3://{s3_bucket}/ledger/", endpoint=s3_server.endpoint, region="us-east-1")


@pytest.fixture
def client(database: Database, store: ObjectStore) -> Iterator[TestClient]:
    with client_of(database, store) as client:
        yield client


def wanted(**other: object) -> dict[str, object]:
    return {"filename": "영수증 #1.jpg", "content_type": "image/jpeg", "size": len(jpeg()), "member": "회원 7"} | other


def test_a_photo_that_was_uploaded_is_read_once_it_is_named(client: TestClient) -> None:
    given = client.post("/v1/receipts/uploads", json=wanted())
    upload = given.json()

    put = httpx.put(upload["url"], headers=upload["headers"], content=jpeg())
    taken = client.post("/v1/receipts", data={"key": upload["key"]})
    found = client.get(taken.headers["Location"]).json()

    assert (given.status_code, put.status_code, taken.status_code) == (201, 200, 201)
    assert upload["key"].endswith("-영수증 #1.jpg")
    assert (found["status"], found["photo"], found["member"]) == ("extracted", "영수증 #1.jpg", "회원 7")


def test_a_photo_that_was_uploaded_is_found_by_looking(
    client: TestClient, database: Database, s3_bucket: str, s3_server: S3Server
) -> None:
    upload = client.post("/v1/receipts/uploads", json=wanted()).json()
    httpx.put(upload["url"], headers=upload["headers"], content=jpeg()).raise_for_status()

    store = open_store(f"s3://{s3_bucket}/ledger/", endpoint=s3_server.endpoint)
    assert ingest(database, store, NOW).added == 1


def test_the_address_takes_nothing_else(client: TestClient) -> None:
    upload = client.post("/v1/receipts/uploads", json=wanted()).json()
    headers = upload["headers"]

    other_type = httpx.put(upload["url"], headers=headers | {"Content-Type": "text/html"}, content=jpeg())
    longer = httpx.put(upload["url"], headers=headers | {"Content-Length": str(len(jpeg()) + 1)}, content=jpeg() + b"x")
    other_member = httpx.put(upload["url"], headers=headers | {"x-amz-meta-member-id": "8"}, content=jpeg())
    other_name = httpx.put(upload["url"].replace("ledger/", "ledger/x", 1), headers=headers, content=jpeg())

    assert [each.status_code for each in (other_type, longer, other_member, other_name)] == [403] * 4
    assert client.post("/v1/receipts", data={"key": upload["key"]}).status_code == 404


def test_the_address_ends_after_a_quarter_of_an_hour(client: TestClient) -> None:
    upload = client.post("/v1/receipts/uploads", json=wanted()).json()

    assert httpx.URL(upload["url"]).params["X-Amz-Expires"] == "900"


def test_an_address_that_has_ended_takes_no_photo(store: ObjectStore) -> None:
    given = store.upload_address(store.new_key("a.jpg"), "image/jpeg", len(jpeg()), seconds=1)
    time.sleep(1.5)

    assert httpx.put(given.url, headers=given.headers, content=jpeg()).status_code == 403


def test_a_photo_that_is_named_again_is_told_as_it_stands(client: TestClient) -> None:
    upload = client.post("/v1/receipts/uploads", json=wanted()).json()
    httpx.put(upload["url"], headers=upload["headers"], content=jpeg())
    first, again = (client.post("/v1/receipts", data={"key": upload["key"]}).json() for _ in range(2))

    assert (first["id"], first["status"], again["status"]) == (again["id"], "pending", "extracted")


@pytest.mark.parametrize(
    "other",
    [
        {"member": "\ud800"},
        {"content_type": "text/html"},
        {"size": 0},
        {"size": 50 * 1024 * 1024 + 1},
        {"filename": ""},
        {"member": ""},
    ],
)
def test_what_is_no_photo_is_given_no_address(client: TestClient, other: dict[str, object]) -> None:
    written = json.dumps(wanted(**other))  # half a character only fits into JSON as its number

    answer = client.post("/v1/receipts/uploads", content=written, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422


def test_only_photos_of_the_store_can_be_named(client: TestClient) -> None:
    for key in ("secret/a.jpg", "ledger/../secret/a.jpg", "감" * 1_025):
        assert client.post("/v1/receipts", data={"key": key}).status_code == 422
    for key in ("ledger/none.jpg", "ledger/\0", "ledger/a\x01b", "ledger/" + "감" * 1_000, "ledger/\ufffe%"):
        assert client.post("/v1/receipts", data={"key": key}).status_code == 404, key
    assert client.post("/v1/receipts", data={"member": "7"}).status_code == 422
    both = client.post("/v1/receipts", data={"key": "ledger/a"}, files={"photo": ("a.jpg", jpeg())})
    assert (both.status_code, both.headers["Content-Type"]) == (422, "application/problem+json")


def test_a_folder_has_no_addresses(database: Database, tmp_path: Path) -> None:
    with client_of(database, open_store(str(tmp_path))) as client:
        answer = client.post("/v1/receipts/uploads", json=wanted())

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:ledger:UploadsImpossible")
