"""How often one key may ask: counted by all processes together where they share a Redis, else by each for itself."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from ledger.errors import TooManyRequests
from ledger.redis_link import Link, connections

_ALONE: Final = "this process counts requests of API keys by itself until it is back"
_TOGETHER: Final = "requests of API keys are counted together"


class RateLimit:
    """So many requests of one caller within any sixty seconds, whenever they began. Nothing is connected yet."""

    def __init__(
        self, per_minute: int, broker_url: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = RateLimitItemPerMinute(per_minute)
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = _in_redis(broker_url) if broker_url else None
        self._link = Link(_ALONE, _TOGETHER, clock)

    def count(self, name: str) -> None:
        """Count a request of this caller, or raise TooManyRequests, which says when there is room for another."""
        free_at = self._full_until(name)
        if free_at is not None:
            seconds = max(1, math.ceil(free_at - time.time()))
            raise TooManyRequests(name=name, most=self._most.amount, seconds=seconds)

    def _full_until(self, name: str) -> float | None:
        """When there is room again; None where there is, which is taken now."""
        if self._shared is not None and not self._link.is_left_alone():
            try:
                free_at = self._taken(self._shared, name)
            except StorageError as error:
                self._link.failed(error.storage_error)
            else:
                self._link.answered()
                return free_at
        return self._taken(self._own, name)

    def _taken(self, limiter: MovingWindowRateLimiter, name: str) -> float | None:
        if limiter.hit(self._most, name):
            return None
        return limiter.get_window_stats(self._most, name).reset_time


def _in_redis(url: str) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(RedisStorage(url, connections(url), key_prefix="ledger:asked", wrap_exceptions=True))
