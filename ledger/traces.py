"""Traces: what a reading or a request was made of, for whoever collects them. Without an endpoint nothing is done.

What a span tells has one of the names below: numbers of rows, models, counts, outcomes. Nothing else can be told, so no
text of a receipt, no name, no amount, no address and no key is ever sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
    from opentelemetry.trace import Span as OtelSpan
    from opentelemetry.trace import Tracer

log = logging.getLogger(__name__)

_NAMES: Final = {
    "receipt": "ledger.receipt",
    "reading": "ledger.reading",
    "engine": "ledger.engine",
    "outcome": "ledger.outcome",
    "listed": "ledger.listed",
    "added": "ledger.added",
    "changed": "ledger.changed",
    "error": "error.type",
    "model": "gen_ai.request.model",
    "sent": "gen_ai.usage.input_tokens",
    "answered": "gen_ai.usage.output_tokens",
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
}
"""All that may be told, and its name in OpenTelemetry's conventions, where these have one."""
_LAST_SECONDS: Final = 3.0
"""How long a process that ends waits for its last spans to be taken."""

_provider: TracerProvider | None = None
_tracer: Tracer | None = None


class Span:
    """One step, which may be told more about. Of an error it keeps the name of its class, never its words."""

    def __init__(self, span: OtelSpan | None) -> None:
        self._span = span

    def tell(self, **told: str | int | None) -> None:
        """Note what is known by now; None is not noted. With an `error` the step has failed."""
        if self._span is None:
            return
        for name, value in told.items():
            if value is not None:
                self._span.set_attribute(_NAMES[name], value)
        if told.get("error") is not None:
            from opentelemetry.trace import StatusCode

            self._span.set_status(StatusCode.ERROR)

    def call(self, name: str) -> None:
        """Give it another name."""
        if self._span is not None:
            self._span.update_name(name)


NOTHING: Final = Span(None)
"""A step that nobody is told of."""


def begin(service: str, exporter: SpanExporter | None = None) -> None:
    """Send this process's spans from now on, as those of `service` unless OTEL_SERVICE_NAME says otherwise.

    They go to where the usual OTEL_EXPORTER_OTLP_* variables say, which the SDK reads itself, or to this exporter.
    """
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    global _provider, _tracer
    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: service}))
    # Ours alone and not the process's: libraries would send spans of their own to that one, with addresses in them.
    _provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    # The exporter itself says so at each of its tries, every second or two.
    logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)
    said_once: Any = _SaidOnce(exporter or _over_http())
    _provider.add_span_processor(BatchSpanProcessor(said_once))
    _tracer = _provider.get_tracer("ledger")


def _over_http() -> SpanExporter:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


class _SaidOnce:
    """An exporter of which the log says once that nobody takes its spans, and once that they are taken again."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._away = False
        self.shutdown = exporter.shutdown
        self.force_flush = exporter.force_flush

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send them."""
        result = self._exporter.export(spans)
        away = result.name != "SUCCESS"
        if away and not self._away:
            log.warning("traces are lost: nobody takes them at OTEL_EXPORTER_OTLP_ENDPOINT, over HTTP")
        if self._away and not away:
            log.warning("traces are taken again")
        self._away = away
        return result


def end(seconds: float = _LAST_SECONDS) -> None:
    """Send what is left, for a moment at most, and no more after it."""
    global _provider, _tracer
    provider, _provider, _tracer = _provider, None, None
    if provider is not None:
        last = Thread(target=provider.shutdown, name="traces", daemon=True)
        last.start()
        last.join(seconds)


def now() -> int:
    """The time of a step that may turn out to be worth a span."""
    return time.time_ns()


@contextmanager
def span(name: str, *, since: int | None = None, asked: bool = False, **told: str | int | None) -> Iterator[Span]:
    """A step of whatever step goes on around it, and of a trace of its own if there is none.

    `since` is when it began, if not now. `asked` says that another process waits for it.
    """
    if _tracer is None:
        yield NOTHING
        return
    from opentelemetry.trace import SpanKind

    kind = SpanKind.SERVER if asked else SpanKind.INTERNAL
    # An exception's words may quote a receipt or an address, so that the SDK must not write them down.
    with _tracer.start_as_current_span(
        name, kind=kind, start_time=since, record_exception=False, set_status_on_exception=False
    ) as started:
        step = Span(started)
        step.tell(**told)
        try:
            yield step
        except Exception as error:
            step.tell(error=type(error).__name__)
            raise


def past(name: str, *, since: int) -> None:
    """A step that is over by now."""
    with span(name, since=since):
        return


def carried() -> dict[str, str]:
    """Headers by which another process goes on with the present trace; none outside of one."""
    headers: dict[str, str] = {}
    if _tracer is not None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        TraceContextTextMapPropagator().inject(headers)
    return headers


@contextmanager
def continued(headers: Mapping[str, str] | None) -> Iterator[None]:
    """Spans inside belong to the trace that another process carried here, if it did."""
    if _tracer is None or not headers:
        yield
        return
    from opentelemetry import context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    token = context.attach(TraceContextTextMapPropagator().extract(headers))
    try:
        yield
    finally:
        context.detach(token)


def trace_id() -> str:
    """The present trace, as a log names it; empty outside of one."""
    if _tracer is None:
        return ""
    from opentelemetry.trace import format_trace_id, get_current_span

    present = get_current_span().get_span_context()
    return format_trace_id(present.trace_id) if present.is_valid else ""
