"""One look through a store: page after page, side by side where that pays, and gone on with where it broke off."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Final

from ledger.inbox.object_store import ObjectStore, StoredObject

PAGE: Final = 1_000
"""Objects of one page: as many as S3 tells in one answer."""
_AT_ONCE: Final = 4
"""Pages asked for at the same time. More of them wait for each other in this process, which takes answers apart."""


@dataclass(slots=True)
class Stretch:
    """The keys after one and up to another, as far as they are not listed yet."""

    after: str = ""
    until: str = ""
    """The last key that belongs to it, if there is one of that name; empty means all that follow."""


@dataclass(slots=True)
class _Walk:
    """A stretch while it is listed."""

    stretch: Stretch
    objects: Iterator[StoredObject]
    size: int
    """Objects of a page."""
    page: list[StoredObject] = field(default_factory=list)
    ended: bool = False

    def on(self) -> None:
        """Fetch the next page."""
        listed = list(islice(self.objects, self.size))
        until = self.stretch.until
        self.page = [found for found in listed if not until or found.key <= until]
        self.ended = len(listed) < self.size or len(self.page) < len(listed)


class Listing:
    """A look through a store that knows what it has not handed out yet.

    A store of one page is asked once. What follows a first page is parted at the store's bounds, into stretches that
    leave nothing out whatever the keys are, and these are listed side by side.
    """

    def __init__(self, store: ObjectStore, page: int = PAGE) -> None:
        self._store = store
        self._page = page
        self.left = [Stretch()]
        self._stopped = False

    def stop(self) -> None:
        """Have `pages` end after the present one, whoever goes through them."""
        self._stopped = True

    def pages(self) -> Iterator[list[StoredObject]]:
        """What is left, in pages, each of which is done when the next one is asked for; the next is fetched meanwhile.

        Raises StoreError; `left` is then what was not handed out, and can be listed by asking again.
        """
        pool = ThreadPoolExecutor(_AT_ONCE, "listing")
        try:
            yield from self._pages(pool)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _pages(self, pool: ThreadPoolExecutor) -> Iterator[list[StoredObject]]:
        asked: dict[Future[None], _Walk] = {}

        def ask(walk: _Walk) -> None:
            asked[pool.submit(walk.on)] = walk

        for stretch in self.left:
            ask(self._walk(stretch))
        while asked:
            for future in wait(asked, return_when=FIRST_COMPLETED).done:
                walk = asked.pop(future)
                future.result()
                page, ended = walk.page, walk.ended
                if not ended:
                    for part in self._part(walk.stretch, page[-1].key):
                        ask(self._walk(part))
                    ask(walk)
                yield page
                self._done(walk.stretch, page, ended)
                if self._stopped:
                    return

    def _walk(self, stretch: Stretch) -> _Walk:
        return _Walk(stretch, self._store.list(stretch.after), self._page)

    def _part(self, stretch: Stretch, reached: str) -> list[Stretch]:
        """End a stretch at the next bound; what lies beyond it, as stretches of their own."""
        bounds = [b for b in self._store.bounds if b > reached and (not stretch.until or b < stretch.until)]
        parts = [Stretch(after, until) for after, until in pairwise([*bounds, stretch.until])]
        if parts:
            stretch.until = bounds[0]
            self.left += parts
        return parts

    def _done(self, stretch: Stretch, page: list[StoredObject], ended: bool) -> None:
        if ended:
            self.left = [other for other in self.left if other is not stretch]
        else:
            stretch.after = page[-1].key
