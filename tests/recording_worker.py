"""A worker that writes down what it was asked to do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from ledger import logs, traces
from ledger.broker import work


class Recorder:
    """Its methods are tasks."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def do(self, *args: int) -> None:
        self._write("do", *args)

    def fail(self, *args: int) -> None:
        self._write("fail", *args)
        raise ZeroDivisionError

    def take_long(self, *args: int) -> None:
        self._write("begun", *args)
        time.sleep(1)
        self._write("ended", *args)

    def tell_trace(self) -> None:
        self._write("trace", traces.trace_id())

    def _write(self, *words: object) -> None:
        with self._file.open("a") as file:
            file.write(" ".join(map(str, words)) + "\n")


def main(arguments: Sequence[str]) -> int:
    """Work for the Redis at the first of these, with two threads, and write into the second.

    The third are the seconds after which what a worker holds is taken for lost.
    """
    url, file, lost_seconds = arguments
    logs.set_up("text")
    recorder = Recorder(Path(file))
    work(url, (recorder.do, recorder.fail, recorder.take_long, recorder.tell_trace), 2, int(lost_seconds))
    return 0


def traced_main(arguments: Sequence[str]) -> int:
    """The same where traces are sent."""
    traces.begin("worker", InMemorySpanExporter())
    return main(arguments)
