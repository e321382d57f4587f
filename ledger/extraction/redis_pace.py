"""The pace of all workers, in Redis: their moments are seconds of its clock, whatever theirs say.

It is never worth a reading: while Redis is away this process goes on by itself, with a part of what is known to be
allowed, as the others will do the same.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final, TypeVar

from redis import Redis
from redis.exceptions import RedisError, WatchError

from ledger.extraction.pace import Change, InMemory, Standing
from ledger.redis_link import Link, connections

_KEPT_SECONDS: Final = 3600
"""A standing that nobody asked for so long is forgotten."""
_CAREFUL: Final = 0.25
"""The part of the limits that this process uses by itself: it does not know how many others do."""
_ALONE: Final = f"this process goes on with {_CAREFUL:.0%} of the model's limits, and looks for it again"
_TOGETHER: Final = "the model's limits are shared"

_T = TypeVar("_T")


class InRedis:
    """Standings of all processes that share a Redis. Nothing is connected before the first is asked for."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = Redis.from_pool(connections(url))
        self._link = Link(_ALONE, _TOGETHER, clock)
        self._alone = InMemory(clock, _CAREFUL)
        self._known: dict[str, dict[str, int]] = {}
        self._lock = threading.Lock()

    def change(self, name: str, change: Change[_T]) -> _T:
        """What `change` says, of the standing in Redis, or of one of our own while that is away."""
        change = self._knowing(name, change)
        with self._lock:  # of this process's threads one at a time: they need not find out from Redis that they collide
            if not self._link.is_left_alone():
                try:
                    said = self._in_redis(name, change)
                except RedisError as error:
                    self._link.failed(error)
                else:
                    self._link.answered()
                    return said
        return self._alone.change(name, change)

    def close(self) -> None:
        """Let go of the connections."""
        self._redis.close()

    def _in_redis(self, name: str, change: Change[_T]) -> _T:
        key = f"ledger:pace:1:{name}"  # the number changes with what a standing is made of

        with self._redis.pipeline() as pipe:
            while True:
                with contextlib.suppress(WatchError):  # another process was faster: then it is changed from there
                    return _changed(pipe, key, change)

    def _knowing(self, name: str, change: Change[_T]) -> Change[_T]:
        """The same change, of a standing with the limits that were last seen: a Redis that comes back has forgotten."""

        def known(standing: Standing, now: float) -> _T:
            standing.limits = self._known.get(name, {}) | standing.limits
            try:
                return change(standing, now)
            finally:
                self._known[name] = dict(standing.limits)

        return known


def _changed(pipe: Any, key: str, change: Change[_T]) -> _T:
    """What `change` says. Raises WatchError where the standing was changed meanwhile, and then nothing is."""
    pipe.watch(key)
    (seconds, microseconds), kept = pipe.time(), pipe.get(key)
    before, after = _standing(kept), _standing(kept)
    said = change(after, seconds + microseconds / 1e6)
    if after != before:
        pipe.multi()
        pipe.set(key, json.dumps(asdict(after)), ex=_KEPT_SECONDS)
        pipe.execute()
    return said


def _standing(kept: Any) -> Standing:
    return Standing(**json.loads(kept)) if kept else Standing()
