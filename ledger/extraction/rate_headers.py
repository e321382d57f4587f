"""What a service tells of its limits in the headers of its answers: `x-ratelimit-*` and `retry-after`. Pure.

All of them may be missing, and not all that come are of a minute: some services tell a day's requests.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KINDS: Final = ("requests", "tokens")
_MINUTE: Final = 60.0
_UNTOLD: Final = 1.0
"""Seconds until a service is asked again that refused and did not say for how long."""
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION: Final = re.compile(r"([0-9.]+)(ms|s|m|h)")


@dataclass(frozen=True, slots=True)
class Bucket:
    """A limit, what is left of it, and the seconds after which all of it is there again."""

    limit: int
    remaining: int
    reset: float

    @property
    def is_of_a_minute(self) -> bool:
        """Whether it fills up within a minute: one of a day takes longer, once a good part of it is used."""
        return self.reset <= _MINUTE

    def seconds_until(self, amount: int) -> float:
        """Seconds until so much is in it, as it fills up evenly; more than it holds is there when it is full."""
        missing, used = min(amount, self.limit) - self.remaining, self.limit - self.remaining
        return self.reset * missing / used if missing > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer's headers tell, looked up in lower case."""

    headers: Mapping[str, str]

    @property
    def buckets(self) -> dict[str, Bucket]:
        """The limits of a minute that are told, by kind."""
        return {kind: bucket for kind, bucket in self._all.items() if bucket.is_of_a_minute}

    def room_in(self, cost: Mapping[str, int]) -> float:
        """After how many seconds a request of that cost may be made that was refused now."""
        for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
            with contextlib.suppress(ValueError):
                seconds = float(self.headers.get(name, "")) * unit
                if 0 <= seconds < float("inf"):
                    return seconds
        waits = [bucket.seconds_until(cost[kind]) for kind, bucket in self._all.items()]
        return max(waits, default=0.0) or _UNTOLD

    @property
    def _all(self) -> dict[str, Bucket]:
        found = {kind: self._bucket(kind) for kind in KINDS}
        return {kind: bucket for kind, bucket in found.items() if bucket is not None}

    def _bucket(self, kind: str) -> Bucket | None:
        limit, remaining, reset = (self.headers.get(f"x-ratelimit-{name}-{kind}", "") for name in _NAMES)
        with contextlib.suppress(ValueError):
            bucket = Bucket(int(limit), max(0, int(remaining)), seconds_in(reset))
            return bucket if bucket.limit > 0 else None  # Azure tells 0 and -1 where it tells nothing
        return None


_NAMES: Final = ("limit", "remaining", "reset")


def seconds_in(duration: str) -> float:
    """Seconds of a duration as Go writes it: 12ms, 1.5s, 6m0s. Raises ValueError for anything else."""
    parts = _DURATION.findall(duration)
    if not parts or "".join(number + unit for number, unit in parts) != duration:
        raise ValueError(duration)
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
