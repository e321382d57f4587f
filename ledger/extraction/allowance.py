"""What the requests of one reading may take together: tries of them, and seconds of waiting until there is room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from ledger.errors import RateLimited
from ledger.extraction.pace import Ask, Pace

PATIENCE: Final = 240.0
"""Seconds that one reading waits until there is room for its requests."""

_T = TypeVar("_T")


@dataclass(slots=True)
class Allowance:
    """What is left of it."""

    retries: int
    patience: float = PATIENCE
    """Seconds."""

    def in_turn(self, pace: Pace, ask: Ask, post: Callable[[], _T]) -> _T:
        """Make a request when there is room for it, and again where the service refuses it as too much.

        Raises what `post` does, and RateLimited where there is no room in time.
        """
        while True:
            self.patience -= pace.wait(ask, self.patience)
            try:
                return post()
            except RateLimited as refused:
                if not self.retries or float(str(refused.fields["retry_after"])) > self.patience:
                    raise
                self.retries -= 1
