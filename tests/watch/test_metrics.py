"""GET /metrics: what is told, under which names, and nothing of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from ledger.api.server import create_api
from ledger.clock import utc_now
from ledger.config import Settings
from ledger.database import Database
from ledger.errors import ConfigurationError
from ledger.services import Services
from ledger.ui.server import routes_beside_pages
from ledger.watch.desk_figures import DeskFigures
from ledger.watch.metrics import all_metrics, serve_metrics
from tests.factories import MemoryStore, jpeg
from tests.operations.happened import arrived, decided
from tests.servers import free_port
from tests.services import services

SECRET = "김보호자-영수증.jpg"


@pytest.fixture
def desk(database: Database) -> Services:
    store = MemoryStore()
    store.name = "s3://photos/ledger/"
    return services(database, store)


@pytest.fixture
def api(desk: Services) -> Iterator[TestClient]:
    with TestClient(create_api(desk), raise_server_exceptions=False) as client:
        yield client


def all_told(desk: Services) -> dict[str, float]:
    """What is counted now, however short ago it was counted for the same interface."""
    return told(generate_latest(all_metrics(desk)).decode())


def told(text: str) -> dict[str, float]:
    """Each sample by its name and labels, as in `a_total{b="c"}`."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {f"{s.name}{{{','.join(f'{k}={v}' for k, v in s.labels.items())}}}": s.value for s in samples}


def test_a_reading_and_a_decision_are_counted_by_whoever_did_them(desk: Services) -> None:
    desk.store.put(f"ledger/{SECRET}", jpeg())  # type: ignore[call-arg]  # in memory, it knows the type
    before = all_told(desk)
    assert desk.look_for_photos().added == 1
    decided(desk.database, utc_now(), by_hand=True)

    after = all_told(desk)

    assert (before["ledger_database_up{}"], before["ledger_queue_receipts{status=pending}"]) == (1, 0)
    assert after["ledger_queue_receipts{status=ready}"] == 1
    assert after["ledger_readings_total{engine=fake,model=fake-1,outcome=read}"] == 1
    assert after["ledger_decisions_total{decision=confirmed}"] == 1
    timed = "ledger_reading_seconds_count{engine=fake,outcome=read}"
    assert after[timed] - before.get(timed, 0) == 1
    assert after["ledger_readings_in_flight{}"] == 0


def test_the_oldest_that_waits_has_an_age(api: TestClient, desk: Services) -> None:
    arrived(desk.database, utc_now())

    assert 0 <= told(api.get("/metrics").text)["ledger_queue_oldest_seconds{}"] < 60


def test_a_request_is_counted_by_its_route_and_not_by_what_was_asked_for(api: TestClient) -> None:
    before = told(api.get("/metrics").text)
    address = f"https://photos.s3.ap-northeast-2.amazonaws.com/ledger/{SECRET}"
    for path in ("/health", f"/nothing/{SECRET}", "/docs/1"):
        api.get(path)
    api.request("BREW", "/health")
    api.post("/ml/ledger_receipt", json={"image_data": [address]})
    text = api.get("/metrics").text
    after = told(text)

    def more(labels: str) -> float:
        name = f"ledger_api_request_seconds_count{{{labels}}}"
        return after[name] - before.get(name, 0)

    assert more("method=GET,route=/health,status=200") == 1
    assert more("method=none,route=none,status=404") == 2
    assert more("method=none,route=none,status=405") == 1
    assert more("method=POST,route=/ml/ledger_receipt,status=404") == 1
    assert "영수증" not in text
    assert "BREW" not in text


def test_without_a_database_the_process_is_still_told_of() -> None:
    away = Database("mysql+pymysql://nobody@127.0.0.1:1/ledger")
    with TestClient(create_api(services(away))) as client:
        found = told(client.get("/metrics").text)

    assert found["ledger_database_up{}"] == 0
    assert "ledger_readings_in_flight{}" in found
    assert [name for name in found if name.startswith("ledger_queue")] == []


def test_without_a_schema_the_process_is_still_told_of(empty_database_url: str) -> None:
    with closing(Database(empty_database_url)) as database, TestClient(create_api(services(database))) as client:
        found = told(client.get("/metrics").text)

    assert found["ledger_database_up{}"] == 0
    assert "ledger_readings_in_flight{}" in found


@pytest.mark.parametrize(("seconds_kept", "pending"), [(600, 0), (0, 1)])
def test_what_was_counted_just_before_is_not_counted_again(
    database: Database, seconds_kept: float, pending: int
) -> None:
    registry = CollectorRegistry()
    registry.register(DeskFigures(database, seconds_kept=seconds_kept))
    generate_latest(registry)
    arrived(database)

    assert told(generate_latest(registry).decode())["ledger_queue_receipts{status=pending}"] == pending


def test_the_desk_tells_them_too(desk: Services) -> None:
    answer = TestClient(Starlette(routes=routes_beside_pages(desk))).get("/metrics")

    assert told(answer.text)["ledger_database_up{}"] == 1


def with_port(desk: Services, port: int) -> Services:
    return replace(desk, settings=Settings(metrics_port=port))


def test_with_a_port_of_their_own_they_are_nowhere_else(desk: Services) -> None:
    own = with_port(desk, free_port())
    with TestClient(create_api(own)) as client:
        assert client.get("/metrics").status_code == 404
    serve_metrics(own, "127.0.0.1")

    with closing(HTTPConnection("127.0.0.1", own.settings.metrics_port, timeout=10)) as connection:
        connection.request("GET", "/metrics")
        assert "ledger_database_up{}" in told(connection.getresponse().read().decode())
    with pytest.raises(ConfigurationError, match="LEDGER_METRICS_PORT"):
        serve_metrics(own, "127.0.0.1")


def test_switched_off_they_are_nowhere(desk: Services) -> None:
    off = with_port(desk, 0)
    serve_metrics(off, "127.0.0.1")
    with TestClient(create_api(off)) as client:
        assert client.get("/metrics").status_code == 404


def test_names_say_what_they_are_and_in_which_unit(desk: Services) -> None:
    families = [family for family in all_metrics(desk).collect() if family.name.startswith("ledger_")]

    assert len(families) > 8
    for family in families:
        assert family.documentation.endswith(".")
        assert re.fullmatch(r"ledger_[a-z_]+", family.name)
        assert family.type != "histogram" or family.name.endswith("_seconds")
        assert {label for sample in family.samples for label in sample.labels} <= {
            *("engine", "model", "outcome", "kind", "status", "decision", "route", "method", "le")
        }
