"""Two workers under one limit of 300 requests a minute: how much of it they use, and how often they are refused.

Alone: python -m benchmarks.parts.serving_limits

    python -m benchmarks.parts.serving_limits SECONDS

is a worker, with its settings in the environment: it reads one photo again and again, with more readers than the limit
lets work. Neither worker is told the limit; both learn it from the service, and share it through a real Redis.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from benchmarks.parts.figures import Figure, report
from ledger.config import Settings
from ledger.errors import ExtractionError
from ledger.extractors import build_extractor
from ledger.inbox.images import open_photo
from tests import servers
from tests.openai_standin import StandIn
from tests.openai_standin.errors import ApiError
from tests.openai_standin.limits import Limits

PER_MINUTE: Final = 300
WORKERS: Final = 2
READERS: Final = 16
_ANSWER_SECONDS: Final = 1.0
_BEGINNING: Final = 10
"""Seconds that are not looked at: the service lets a full minute's requests through at first."""
_SECONDS: Final = 90
_PHOTO: Final = Path(__file__).parents[2] / "samples/photos"


class CountedLimits(Limits):
    """The service's limits, which remember when they let a request through and when they refused one."""

    def __init__(self) -> None:
        super().__init__(requests=PER_MINUTE)
        self.taken: list[float] = []
        self.refused: list[float] = []

    def take(self, model: str, tokens: int) -> dict[str, str]:
        """As the service does."""
        try:
            headers = super().take(model, tokens)
        except ApiError:
            self.refused.append(time.monotonic())
            raise
        self.taken.append(time.monotonic())
        return headers


def measured() -> Iterator[Figure]:
    """The share of the limit that was used, and that of the answers that were 429."""
    limits = CountedLimits()
    service = StandIn(limits=limits, seconds=_ANSWER_SECONDS)
    with tempfile.TemporaryDirectory() as folder, servers.redis(Path(folder)) as broker, service:
        _work(service, broker)
    began = limits.taken[0] + _BEGINNING
    used = sum(1 for moment in limits.taken if began <= moment < began + _SECONDS)
    answers = len(limits.taken) + len(limits.refused)
    print(
        f"limits: {used} requests in {_SECONDS} s after the first {_BEGINNING}; {len(limits.refused)} of {answers} 429"
    )
    yield Figure("of 300 requests a minute used by 2 workers, %", used / (PER_MINUTE * _SECONDS / 60) * 100, 90)
    yield Figure("of their answers 429, %", len(limits.refused) / answers * 100, 1, at_least=False)


def _work(service: StandIn, broker: str) -> None:
    own = {"LEDGER_BASE_URL": service.url, "OPENAI_API_KEY": service.key, "LEDGER_BROKER_URL": broker}
    command = [sys.executable, "-m", "benchmarks.parts.serving_limits", str(_BEGINNING + _SECONDS)]
    workers = [subprocess.Popen(command, env=os.environ | own) for _ in range(WORKERS)]
    ended = [worker.wait() for worker in workers]
    if any(ended):
        raise RuntimeError("a worker failed")


def main() -> None:
    """Read until the time is over; say how many readings failed."""
    extractor = build_extractor(Settings())
    path = min(_PHOTO.glob("*.jpg"))
    photo = open_photo(path.read_bytes(), path.name)
    end, failed = threading.Event(), []

    def read(_: int) -> None:
        while not end.is_set():
            try:
                extractor.extract(photo, extractor.default_settings)
            except ExtractionError as error:
                if not end.is_set():
                    failed.append(error)

    with ThreadPoolExecutor(READERS) as pool:
        readers = pool.map(read, range(READERS))
        time.sleep(float(sys.argv[1]))
        end.set()
        list(readers)
    extractor.close()
    print(f"limits: {len(failed)} readings of a worker failed", {type(error).__name__ for error in failed} or "")


if __name__ == "__main__":
    main() if sys.argv[1:] else sys.exit(report(measured()))
