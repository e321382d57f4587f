"""How often one key may ask: counted by all processes together where they share a Redis, else by each for itself."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import Final

from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

from ledger.errors import TooManyRequests

log = logging.getLogger(__name__)

_PATIENCE: Final = 1.0
"""Seconds that Redis may take for an answer; it needs less than a thousandth."""
_AWAY_SECONDS: Final = 10.0
"""For so long a Redis that is away is not asked again."""


class RateLimit:
    """So many requests of one caller within any sixty seconds, whenever they began. Nothing is connected yet."""

    def __init__(
        self, per_minute: int, broker_url: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = RateLimitItemPerMinute(per_minute)
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = _in_redis(broker_url) if broker_url else None
        self._clock = clock
        self._away_since: float | None = None

    def count(self, name: str) -> None:
        """Count a request of this caller, or raise TooManyRequests, which says when there is room for another."""
        free_at = self._full_until(name)
        if free_at is not None:
            seconds = max(1, math.ceil(free_at - time.time()))
            raise TooManyRequests(name=name, most=self._most.amount, seconds=seconds)

    def _full_until(self, name: str) -> float | None:
        """When there is room again; None where there is, which is taken now."""
        if self._shared is not None and not self._is_left_alone():
            try:
                free_at = self._taken(self._shared, name)
            except StorageError as error:
                self._is_away(error)
            else:
                self._is_there()
                return free_at
        return self._taken(self._own, name)

    def _taken(self, limiter: MovingWindowRateLimiter, name: str) -> float | None:
        if limiter.hit(self._most, name):
            return None
        return limiter.get_window_stats(self._most, name).reset_time

    def _is_left_alone(self) -> bool:
        return self._away_since is not None and self._clock() - self._away_since < _AWAY_SECONDS

    def _is_away(self, error: StorageError) -> None:
        if self._away_since is None:
            why = type(error.storage_error).__name__
            log.warning("Redis is away (%s): this process counts requests of API keys by itself until it is back", why)
        self._away_since = self._clock()

    def _is_there(self) -> None:
        if self._away_since is not None:
            log.warning("Redis is there again: requests of API keys are counted together")
        self._away_since = None


def _in_redis(url: str) -> MovingWindowRateLimiter:
    once_more = Retry(NoBackoff(), 1)  # a connection may have been lost since it was last used
    pool = ConnectionPool.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE, retry=once_more)
    return MovingWindowRateLimiter(RedisStorage(url, pool, key_prefix="ledger:asked", wrap_exceptions=True))
