"""What models were shown of late, kept: repetitions, and most arms of an experiment, show a photo the same way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

from ledger.extraction.look import Look
from ledger.extraction.pictures.seeing import see
from ledger.extraction.pictures.sight import Sight
from ledger.inbox.images import Photo

MOST: Final = 32
"""Sights kept, some hundred kilobytes each: enough for a dozen settings on the receipts that are read at once."""


@dataclass(frozen=True, slots=True)
class _Made:
    sight: Future[Sight]
    look: Look | None
    """Kept, because its sight is found by its id, which no other look can have meanwhile."""


class Sights:
    """Makes each sight once, for several threads, and keeps the newest."""

    def __init__(self, most: int = MOST, make: Callable[..., Sight] = see) -> None:
        self._most = most
        self._see = make
        self._made: dict[Hashable, _Made] = {}
        self._lock = threading.Lock()

    def of(self, photo: Photo, look: Look | None, **how: Any) -> Sight:
        """`see`, which `how` is for. Who asks while it is being made waits. Raises as it does."""
        key = (photo.sha256, id(look), *sorted(how.items()))
        with self._lock:
            made = self._made.pop(key, None)
            mine = made is None
            self._made[key] = made = made or _Made(Future(), look)
            for oldest in list(self._made)[: -self._most]:
                del self._made[oldest]
        if mine:
            self._make(key, made.sight, photo, look, how)
        return made.sight.result()

    def _make(self, key: Hashable, future: Future[Sight], photo: Photo, look: Look | None, how: dict[str, Any]) -> None:
        try:
            future.set_result(self._see(photo, look=look, **how))
        except BaseException as error:
            with self._lock:
                self._made.pop(key, None)  # it may succeed the next time
            future.set_exception(error)
