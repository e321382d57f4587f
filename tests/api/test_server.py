from __future__ import annotations

import pytest
import sqlalchemy as sa

from ledger.database import Database, newest_revision
from ledger.errors import StoreUnavailable
from ledger.logs import request_id
from tests.api.conftest import Api, address
from tests.factories import FakeExtractor, MemoryStore


def test_a_process_is_alive_whatever_is_away_and_ready_only_with_its_store(api: Api, store: MemoryStore) -> None:
    client = api(FakeExtractor())
    before = client.get("/ready").status_code
    store.failure = StoreUnavailable(store=store.name, why="no answer")

    assert before == 200
    assert client.get("/health").json() == {"status": "ok"}
    away = client.get("/ready")
    assert (away.status_code, away.json()["type"]) == (503, "urn:ledger:StoreUnavailable")


def test_a_route_that_is_not_there_and_a_method_that_is_not_taken_are_problems_too(api: Api) -> None:
    client = api(FakeExtractor())

    assert client.get("/nothing").json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Not Found",
    }
    refused = client.get("/ml/ledger_receipt")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


def test_a_defect_of_ours_is_a_problem_and_its_words_stay_in_the_log(
    api: Api, store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    client = api(FakeExtractor())
    store.failure = RuntimeError("secret")

    answer = client.get("/ready")

    assert (answer.status_code, answer.json()["type"]) == (500, "urn:ledger:Defect")
    assert "secret" not in answer.text
    assert "GET /ready failed in an unexpected way" in caplog.text


@pytest.mark.parametrize(("given", "kept"), [("abc-1.2_3", True), ("a b", False), ("x" * 65, False), ("", False)])
def test_a_callers_request_id_is_kept_where_it_can_stand_in_a_log(api: Api, given: str, kept: bool) -> None:
    answer = api(FakeExtractor()).get("/health", headers={"X-Request-ID": given})

    assert (answer.headers["X-Request-ID"] == given) == kept
    assert answer.headers["X-Request-ID"]


def test_what_a_reading_logs_has_the_id_of_its_request(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []
    caplog.handler.addFilter(lambda _record: seen.append(request_id.get()) or True)
    addresses = [address(f"ledger/{number}.jpg") for number in range(3)]

    answer = api(FakeExtractor()).post(
        "/ml/ledger_receipt", json={"image_data": addresses}, headers={"X-Request-ID": "abc-1"}
    )

    assert answer.status_code == 404
    assert seen == ["abc-1"] * 3


def test_a_process_whose_schema_is_not_there_yet_is_asked_again_later(api: Api, database: Database) -> None:
    client = api(FakeExtractor())
    with database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = 'another'"))

    answer = client.get("/ready")
    with database.write() as session:
        session.execute(sa.text(f"UPDATE alembic_version SET version_num = '{newest_revision()}'"))

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:ledger:SchemaOutdated")
    assert "Retry-After" in answer.headers
