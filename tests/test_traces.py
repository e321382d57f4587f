"""Traces: what is told of readings and requests, where it goes, and what is never told."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from ledger import traces
from ledger.api.server import create_api
from ledger.broker import CeleryTaskRunner
from ledger.database import Database
from ledger.errors import AnswerNotJson
from ledger.tasks import ThreadTaskRunner
from tests import recording_worker, servers, web
from tests.factories import MISREAD, FakeExtractor, MemoryStore, jpeg
from tests.forked import ForkedDesk
from tests.recording_worker import Recorder
from tests.services import services
from tests.traced import Sent, collected, parent, told

ROOT = Path(__file__).parents[1]
PHOTO = "ledger/xyz-김보호자-영수증.jpg"
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def sent() -> Iterator[Sent]:
    with collected() as spans:
        yield spans


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.name = "s3://photos/ledger/"
    store.put(PHOTO, jpeg())
    return store


def test_a_reading_is_a_trace_of_its_own_with_its_steps_in_it(
    kept_mariadb_url: str, store: MemoryStore, sent: Sent
) -> None:
    desk = services(Database(kept_mariadb_url), store, FakeExtractor(MISREAD))
    desk.look_for_photos()
    spans = sent.all()
    desk.close()

    steps = {name: parent(span, spans) for name, span in spans.items()}
    assert steps == {
        "look for photos": None,
        "reading": None,
        **dict.fromkeys(("take", "fetch", "extract", "judge", "store"), "reading"),
    }
    assert spans["reading"].start_time == spans["take"].start_time
    reading = told(spans["reading"])
    assert reading.pop("ledger.receipt") == reading.pop("ledger.reading") == 1
    assert reading == {"ledger.engine": "fake", "ledger.outcome": "read"}
    assert told(spans["look for photos"]) == {"ledger.listed": 1, "ledger.added": 1, "ledger.changed": 0}


def test_a_reading_that_fails_tells_the_class_of_its_error_and_none_of_its_words(
    database: Database, store: MemoryStore, sent: Sent
) -> None:
    desk = services(database, store, FakeExtractor(AnswerNotJson(why="합계 13,500원 010-1234-5678")))
    desk.look_for_photos()
    spans = sent.all()

    assert told(spans["reading"])["ledger.outcome"] == "AnswerNotJson"
    for name in ("reading", "extract"):
        assert told(spans[name])["error.type"] == "AnswerNotJson"
        assert (spans[name].status.status_code, spans[name].status.description) == (StatusCode.ERROR, None)
        assert spans[name].events == ()


def test_a_request_goes_on_with_its_callers_trace_and_its_reading_with_it(
    database: Database, store: MemoryStore, sent: Sent
) -> None:
    asked = {"image_data": [f"https://photos.s3.ap-northeast-2.amazonaws.com/{PHOTO}"]}
    with TestClient(create_api(services(database, store, FakeExtractor(MISREAD)))) as client:
        answer = client.post("/ml/ledger_receipt", json=asked, headers={"traceparent": CALLER})
        client.get("/health")
        assert answer.status_code == 200
        spans = sent.all()

    request = spans["POST /ml/ledger_receipt"]
    assert request.kind == SpanKind.SERVER
    assert told(request) == {
        "http.request.method": "POST",
        "http.route": "/ml/ledger_receipt",
        "http.response.status_code": 200,
    }
    assert parent(spans["reading"], spans) == request.name
    assert request.parent is not None
    ids = f"{request.parent.trace_id:032x}-{request.parent.span_id:016x}"
    assert f"00-{ids}-01" == CALLER
    assert not [name for name in spans if "health" in name]


def test_nothing_of_anybody_is_told(database: Database, store: MemoryStore, sent: Sent) -> None:
    desk = services(database, store, FakeExtractor(MISREAD))
    desk.look_for_photos()
    with TestClient(create_api(desk), raise_server_exceptions=False) as client:
        client.get("/v1/members/by-me/ledger?month=2026-11&secret=hidden")
        client.get("/made/up/by-me")
        spans = sent.all()

    assert {"GET /v1/members/{member}/ledger", "request"} <= spans.keys()
    everything = str([(s.name, told(s), s.events, s.status.description, s.resource.attributes) for s in spans.values()])
    document = [MISREAD.location, *(item.name for item in MISREAD.items)]
    assert [text for text in ("영수증", "xyz", "by-me", "hidden", *document) if text and text in everything] == []
    values = {name for span in spans.values() for name in told(span)}
    assert all(re.fullmatch(r"(ledger|http|gen_ai|error)\.[\w.]+", name) for name in values)


def test_a_name_that_is_not_on_the_list_cannot_be_told(sent: Sent) -> None:
    with pytest.raises(KeyError), traces.span("reading", shop="루트231"):
        pass


def test_a_trace_goes_on_in_a_thread_that_reads_later(sent: Sent) -> None:
    found: list[str] = []
    runner = ThreadTaskRunner(1)
    with traces.span("request"):
        runner.submit(lambda: found.append(traces.trace_id()))
        wanted = traces.trace_id()
    end = time.monotonic() + 10
    while not found and time.monotonic() < end:
        time.sleep(0.01)
    runner.close()

    assert found == [wanted]


def test_a_trace_goes_on_in_a_worker(redis_url: str, tmp_path: Path, sent: Sent) -> None:
    file, log = tmp_path / "done.txt", tmp_path / "worker.log"
    runner = CeleryTaskRunner(redis_url)
    with traces.span("request"):
        runner.submit(Recorder(file).tell_trace)
        wanted = traces.trace_id()
    process = ForkedDesk([redis_url, str(file), "120"], log=log, env={}, cwd=ROOT, main=recording_worker.traced_main)
    with servers.answering(process, "worker", log=log):
        end = time.monotonic() + 30
        while not file.exists():
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.02)
    runner.close()

    assert re.fullmatch("[0-9a-f]{32}", wanted)
    assert file.read_text() == f"trace {wanted}\n"


def test_spans_arrive_over_http_as_those_of_their_service(monkeypatch: pytest.MonkeyPatch) -> None:
    with collector() as (address, taken):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        traces.begin("ledger-worker")
        with traces.span("reading", receipt=5):
            pass
        traces.end()

    [(path, body)] = taken
    assert path == "/v1/traces"
    [sent] = ExportTraceServiceRequest.FromString(body).resource_spans
    assert "ledger-worker" in {attribute.value.string_value for attribute in sent.resource.attributes}
    assert [span.name for span in sent.scope_spans[0].spans] == ["reading"]


@contextmanager
def collector() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """A collector's address, and what it took."""
    taken: list[tuple[str, bytes]] = []

    def take(request: web.Request) -> None:
        taken.append((request.path, request.body()))
        request.answer(200)

    with web.serving(take) as url:
        yield url, taken


def test_a_process_that_ends_does_not_wait_long_for_a_collector_that_does_not_answer() -> None:
    asked, go_on = threading.Event(), threading.Event()

    class Silent(InMemorySpanExporter):
        answered = False

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            asked.set()
            go_on.wait(60)
            self.answered = True
            return SpanExportResult.FAILURE

    collector = Silent()
    traces.begin("ledger-test", collector)
    with traces.span("reading"):
        pass
    traces.end(seconds=0.1)

    assert asked.wait(10)
    assert not collector.answered
    go_on.set()


def test_a_collector_that_is_away_is_said_once_and_that_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    class Away(InMemorySpanExporter):
        there = False

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            return SpanExportResult.SUCCESS if self.there else SpanExportResult.FAILURE

    exporter = Away()
    traces.begin("ledger-test", exporter)
    for there in (False, False, True, True):
        exporter.there = there
        with traces.span("reading"):
            pass
        assert traces._provider is not None
        traces._provider.force_flush()
    traces.end()

    lost = "traces are lost: nobody takes them at OTEL_EXPORTER_OTLP_ENDPOINT, over HTTP"
    assert caplog.messages == [lost, "traces are taken again"]


def test_without_an_endpoint_nothing_is_loaded() -> None:
    steps = """
import sys
from ledger import traces
with traces.continued({"traceparent": "x"}), traces.span("reading", receipt=1) as step:
    step.tell(outcome="read")
assert (traces.carried(), traces.trace_id()) == ({}, "")
traces.end()
assert not [name for name in sys.modules if name.startswith("opentelemetry")]
"""
    subprocess.run([sys.executable, "-c", steps], cwd=ROOT, check=True)
