"""When the model is asked: no faster than its service allows, whoever asks, in whichever process.

A service counts requests and tokens in buckets that fill up evenly, and may look at less than a minute at a time. So
requests are spaced out: each has its moment, and the next one's comes later by the part of a minute's limit that it
takes. Where the moments are kept is a `Shared`: this process, or Redis. The windows of the `limits` library would let a
minute's requests go at once, and who is turned away there has to come again and again instead of in turn.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from ledger import meters
from ledger.errors import RateLimited
from ledger.extraction.rate_headers import KINDS, Told

_SHARE: Final = 0.97
"""Of a limit, that much is used: what is sent evenly does not arrive quite so."""
_BURST: Final = 0.5
"""Seconds by which a request may be ahead of its moment: what nobody asked for a while ago is not lost."""
_CUSHION: Final = 5.0
"""Seconds' worth that are left in the service's bucket for those whom we do not know: they may share our account."""
_SPREAD: Final = 1.0
"""Seconds over which those come back who held on together and know no limit that would space them out."""

_T = TypeVar("_T")


@dataclass(slots=True)
class Standing:
    """How things stand with one model, for one key. Moments are seconds of the clock of whoever keeps it."""

    limits: dict[str, int] = field(default_factory=dict)
    """What the service has told of its limits a minute, `requests` and `tokens`."""
    next: dict[str, float] = field(default_factory=dict)
    """The moment of the next request, as each limit has it."""
    held_until: float = 0.0
    """Nobody asks until then."""
    share: float = 1.0
    """The part of the limits that those may use who share this standing."""


Change = Callable[[Standing, float], _T]
"""Changes a standing, given the present moment, and says something of it."""


class Shared(Protocol):
    """Keeps standings. Safe to use from several threads and processes, as far as it is shared by them."""

    def change(self, name: str, change: Change[_T]) -> _T:
        """What `change` says; meanwhile nobody else changes this standing. It may be called more than once."""
        ...

    def close(self) -> None:
        """Let go of connections. The next change opens new ones."""
        ...


class InMemory:
    """Standings of this process alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, share: float = 1.0) -> None:
        self._clock = clock
        self._share = share
        self._standings: dict[str, Standing] = {}
        self._lock = threading.Lock()

    def change(self, name: str, change: Change[_T]) -> _T:
        """What `change` says."""
        with self._lock:
            return change(self._standings.setdefault(name, Standing(share=self._share)), self._clock())

    def close(self) -> None:
        """There is nothing to let go of."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: whose limits it counts for, and how many tokens the service will take for it."""

    whose: str
    tokens: int

    @property
    def cost(self) -> dict[str, int]:
        """What it takes of each limit."""
        return {"requests": 1, "tokens": self.tokens}


class Pace:
    """Says when to ask. `most` are limits a minute that were set; what the service tells of its own counts as well."""

    def __init__(self, shared: Shared | None = None, most: Mapping[str, int] | None = None) -> None:
        self._shared = shared or InMemory()
        self._most = dict(most or {})
        self._closing = threading.Event()

    def wait(self, ask: Ask, patience: float) -> float:
        """Wait for the moment of a request, and return the seconds that took.

        Raises RateLimited, at once, where it would be more than `patience`; and when closed meanwhile.
        """
        began, closing, seconds = time.monotonic(), self._closing, math.inf
        while seconds > 0:
            seconds = self._shared.change(ask.whose, self._moment(ask, patience - (time.monotonic() - began)))
            if seconds and closing.wait(seconds):
                raise RateLimited(retry_after=1)
            # Who was waiting when everybody was told to hold on has missed the moment, and gets another one.
            seconds = self._shared.change(ask.whose, _held) if seconds else 0
        waited = time.monotonic() - began
        meters.waited_for_room(waited)
        return waited

    def answered(self, ask: Ask, told: Told) -> None:
        """Tell all what the service told of its limits beside an answer."""
        self._shared.change(ask.whose, lambda standing, now: _learn(standing, now, ask, told))

    def refused(self, ask: Ask, told: Told) -> None:
        """The service answered that it was asked too much: nobody asks until it says that there is room."""
        seconds = told.room_in(ask.cost)
        meters.held(seconds)

        def hold(standing: Standing, now: float) -> None:
            _learn(standing, now, ask, told)
            _hold(standing, now + seconds)

        self._shared.change(ask.whose, hold)

    def close(self) -> None:
        """Let nobody wait any longer. Who comes afterwards may."""
        closing, self._closing = self._closing, threading.Event()
        closing.set()
        self._shared.close()

    def _moment(self, ask: Ask, patience: float) -> Change[float]:
        """Take the next moment there is: in how many seconds. Raises RateLimited where that is beyond patience."""

        def take(standing: Standing, now: float) -> float:
            share = _SHARE * standing.share
            limits = {kind: limit * share for kind in ask.cost if (limit := self._limit(standing, kind))}
            ready = [standing.next.get(kind, 0.0) - _BURST for kind in limits]
            if standing.held_until > now:
                ready.append(standing.held_until + (0 if limits else random.uniform(0, _SPREAD)))
            start = max([now, *ready])
            if start - now > max(0, patience):
                raise RateLimited(retry_after=math.ceil(start - now))
            for kind, most in limits.items():
                standing.next[kind] = max(standing.next.get(kind, 0.0), start) + ask.cost[kind] * 60 / most
            return start - now

        return take

    def _limit(self, standing: Standing, kind: str) -> int | None:
        known = [limits[kind] for limits in (self._most, standing.limits) if kind in limits]
        return min(known, default=None)


def _held(standing: Standing, now: float) -> float:
    return max(0.0, standing.held_until - now)


def _hold(standing: Standing, until: float) -> None:
    """Let nobody ask until then, and then one after the other."""
    standing.held_until = max(standing.held_until, until)
    for kind in KINDS:
        standing.next[kind] = max(standing.next.get(kind, 0.0), standing.held_until + _BURST)


def _learn(standing: Standing, now: float, ask: Ask, told: Told) -> None:
    """Know the service's limits from now on, and hold on where its buckets are emptier than ours alone make them.

    Those who wait are held on as well: the less there is left, the longer.
    """
    for kind, bucket in told.buckets.items():
        standing.limits[kind] = bucket.limit
        wanted = min(bucket.limit, max(_CUSHION * bucket.limit / 60, ask.cost[kind]))
        if bucket.remaining < wanted:
            _hold(standing, now + (wanted - bucket.remaining) * 60 / bucket.limit)
