"""A Redis that is worth no waiting for: while it is away, whoever shares through it goes on alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

_PATIENCE: Final = 1.0
"""Seconds that Redis may take for an answer; it needs less than a thousandth."""
_AWAY_SECONDS: Final = 10.0
"""For so long a Redis that is away is not asked again."""


def connections(url: str) -> ConnectionPool:
    """Connections to be shared by threads. None is made before something is asked."""
    once_more = Retry(NoBackoff(), 1)  # a connection may have been lost since it was last used
    return ConnectionPool.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE, retry=once_more)


class Link:
    """Whether a Redis is there, as those find who ask it. Once it is gone, and once it is back, the log is told."""

    def __init__(self, alone: str, together: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`alone` and `together`: what this process does while Redis is away, and when it is there again."""
        self._alone = alone
        self._together = together
        self._clock = clock
        self._away_since: float | None = None

    def is_left_alone(self) -> bool:
        """Whether it was away a moment ago, and is not asked yet."""
        return self._away_since is not None and self._clock() - self._away_since < _AWAY_SECONDS

    def failed(self, error: Exception) -> None:
        """It was asked, and this was raised."""
        if self._away_since is None:
            log.warning("Redis is away (%s): %s", type(error).__name__, self._alone)
        self._away_since = self._clock()

    def answered(self) -> None:
        """It was asked, and is there."""
        if self._away_since is not None:
            log.warning("Redis is there again: %s", self._together)
        self._away_since = None
