"""The spans that this process sends while it is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from ledger import traces


class Sent:
    """What was sent until now."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()

    def all(self) -> dict[str, ReadableSpan]:
        """By name. No more is sent after it."""
        traces.end()
        return {span.name: span for span in self.exporter.get_finished_spans()}


@contextmanager
def collected() -> Iterator[Sent]:
    """Collect what the block sends."""
    spans = Sent()
    traces.begin("ledger-test", spans.exporter)
    yield spans
    traces.end()


def told(span: ReadableSpan) -> dict[str, object]:
    """What a span says of its step."""
    return dict(span.attributes or {})


def parent(of: ReadableSpan, among: dict[str, ReadableSpan]) -> str | None:
    """The name of a span's parent."""
    names = {span.context.span_id: name for name, span in among.items() if span.context}
    return names.get(of.parent.span_id) if of.parent else None
