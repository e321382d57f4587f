"""How often one key may ask. Counted in this process: of several, each counts what came to it."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from ledger.errors import TooManyRequests


class RateLimit:
    """So many requests of one caller within any sixty seconds, whenever they began."""

    def __init__(self, per_minute: int) -> None:
        self._most = RateLimitItemPerMinute(per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, name: str) -> None:
        """Count a request of this caller, or raise TooManyRequests, which says when there is room for another."""
        if self._limiter.hit(self._most, name):
            return
        free_at = self._limiter.get_window_stats(self._most, name).reset_time
        seconds = max(1, math.ceil(free_at - time.time()))
        raise TooManyRequests(name=name, most=self._most.amount, seconds=seconds)
