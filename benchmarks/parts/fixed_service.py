"""A model's service that answers everything the same, after a while: what it costs itself is next to nothing.

The stand-in of the tests checks and counts each request, which takes some 40 ms of a processor: on a machine of two,
at sixteen requests a second, that would be measured in place of the experiment. Run as a process of its own.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import servers
from tests.openai_standin.server import Reply, Server

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class FixedService:
    """The service as it runs."""

    address: str

    @property
    def base_url(self) -> str:
        return f"{self.address}/v1"

    @property
    def requests(self) -> int:
        """How many requests came."""
        with urllib.request.urlopen(f"{self.address}/requests") as response:
            return int(response.read())


@contextlib.contextmanager
def fixed_service(folder: Path, answer: str, seconds: float) -> Iterator[FixedService]:
    """The service in a process of its own; `answer` is the body of every response."""
    file, address = folder / "answer.json", f"http://127.0.0.1:{(port := servers.free_port())}"
    file.write_text(answer, "utf-8")
    command = [sys.executable, "-m", "benchmarks.parts.fixed_service", str(file), str(port), str(seconds)]
    with servers.process(command, log=folder / "service.log", url=f"{address}/requests", cwd=ROOT):
        yield FixedService(address)


def _serve(file: Path, port: int, seconds: float) -> None:
    reply, asked, answered = Reply(200, file.read_bytes()), itertools.count(1), [0]

    def respond(path: str, _headers: Mapping[str, str], _body: bytes | None) -> Reply:
        if path == "/requests":
            return Reply(200, str(answered[0]).encode(), "text/plain")
        answered[0] = next(asked)
        time.sleep(seconds)
        return reply

    Server(port, respond).serve_forever()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
