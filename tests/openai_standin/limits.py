"""Requests and tokens per minute, and the headers that tell what is left of them.

A bucket for each, which fills up evenly: that is how the API's own `reset` headers behave. Durations are Go's ("12ms",
"1.5s", "6m0s"), as the API writes them.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.openai_standin.errors import ApiError


@dataclass
class _Bucket:
    """How much of a minute's share is left, at the moment `at`."""

    limit: int
    left: float
    at: float

    def fill(self, now: float) -> None:
        self.left = min(self.limit, self.left + (now - self.at) * self.limit / 60)
        self.at = now

    def seconds_until(self, amount: float) -> float:
        return max(0.0, (amount - self.left) * 60 / self.limit)


class Limits:
    """What an account may ask in a minute. The defaults are those of its highest tier on gpt-4o."""

    def __init__(
        self, requests: int = 10_000, tokens: int = 30_000_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        now = clock()
        self._buckets = {"requests": _Bucket(requests, requests, now), "tokens": _Bucket(tokens, tokens, now)}
        self._lock = threading.Lock()

    def take(self, model: str, tokens: int) -> dict[str, str]:
        """Take one request with so many tokens out; the headers for its response. Raises ApiError where it is too much.

        The API takes the tokens of the prompt and those that the request leaves room for.
        """
        wanted = {"requests": 1, "tokens": tokens}
        with self._lock:
            for kind, bucket in self._buckets.items():
                bucket.fill(self._clock())
                if wanted[kind] > bucket.left:
                    raise _too_much(model, kind, bucket, wanted[kind])
            for kind, bucket in self._buckets.items():
                bucket.left -= wanted[kind]
            return self._headers()

    def _headers(self) -> dict[str, str]:
        headers = {}
        for kind, bucket in self._buckets.items():
            headers[f"x-ratelimit-limit-{kind}"] = str(bucket.limit)
            headers[f"x-ratelimit-remaining-{kind}"] = str(int(bucket.left))
            headers[f"x-ratelimit-reset-{kind}"] = go_duration(bucket.seconds_until(bucket.limit))
        return headers


def go_duration(seconds: float) -> str:
    """A duration as Go writes it, to the millisecond: 12ms, 1.5s, 6m0s."""
    milliseconds = math.ceil(seconds * 1000)
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    whole = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{whole}{rest / 1000:g}s"


def _too_much(model: str, kind: str, bucket: _Bucket, wanted: int) -> ApiError:
    names = {"requests": "requests per min (RPM)", "tokens": "tokens per min (TPM)"}
    used, wait = bucket.limit - int(bucket.left), bucket.seconds_until(min(wanted, bucket.limit))
    return ApiError(
        f"Rate limit reached for {model} in organization org-standin on {names[kind]}: Limit {bucket.limit}, Used"
        f" {used}, Requested {wanted}. Please try again in {go_duration(wait)}. Visit"
        " https://platform.openai.com/account/rate-limits to learn more.",
        code="rate_limit_exceeded",
        status=429,
        type=kind,
        headers={"retry-after": str(math.ceil(wait)), "retry-after-ms": str(math.ceil(wait * 1000))},
    )
