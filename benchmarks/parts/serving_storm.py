"""300 photos that flow while a worker, Redis and MariaDB are killed, S3 is refused for 30 s and the model says 429.

Alone: python -m benchmarks.parts.serving_storm
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.parts.figures import Figure, report
from tests.faults.storm import THREADS, Storm, storm
from tests.openai_standin import Status

PHOTOS: Final = 300
ANSWERS_IN: Final = 1.0
KILLED: Final = 3
"""Times that something with readings in flight is killed: two workers and the database."""
REFUSED: Final = 10.0
"""Seconds of 429."""
_LONGEST: Final = 600.0


def measured() -> Iterator[Figure]:
    """Photos read once, lost, and paid for more often than once."""
    with tempfile.TemporaryDirectory() as folder, storm(Path(folder), PHOTOS, answers_in=ANSWERS_IN) as world:
        _rage(world)
        read, paid = world.good_readings(), world.paid()
        print("storm: readings that failed on the way:", world.failures() or "none")
    in_flight = KILLED * 2 * THREADS
    yield Figure("storm: photos read once in the end", sum(times == 1 for times in read.values()), PHOTOS)
    yield Figure("storm: photos lost", PHOTOS - len(read), 0, at_least=False)
    yield Figure(f"storm: answers beyond one a photo ({in_flight} in flight)", paid.total() - PHOTOS, in_flight, False)


def _rage(world: Storm) -> None:
    begun = time.monotonic()

    def say(what: str) -> None:
        print(f"storm: {time.monotonic() - begun:5.1f} s, {world.good():3} read: {what}", flush=True)

    world.until(40, _LONGEST)
    say("a worker is killed, another one starts")
    world.kill_worker()
    world.start_worker()
    world.until(80, _LONGEST)
    say("Redis is killed, for 5 s")
    world.redis.away(5)
    world.until(110, _LONGEST)
    say("MariaDB is killed, for 5 s")
    world.mariadb.stop()
    time.sleep(5)
    world.mariadb.start()
    world.until(140, _LONGEST)
    say(f"the model answers 429, for {REFUSED:g} s")
    world.standin.always = Status(429, retry_after=1)
    time.sleep(REFUSED)
    world.standin.always = None
    world.until(170, _LONGEST)
    say("S3 refuses, for 30 s")
    world.s3.away(30)
    say("S3 is back, a worker is killed")
    world.kill_worker()
    world.start_worker()
    world.until(PHOTOS, _LONGEST)
    say("all is read")


if __name__ == "__main__":
    sys.exit(report(measured()))
