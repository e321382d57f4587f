"""Pictures that an experiment is reading: each fetched, opened and looked at once, and kept while it is needed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future

from ledger.experiments.words import Case
from ledger.extraction.look import Look
from ledger.extraction.runner import Looker, looked
from ledger.inbox.images import Photo, open_photo
from ledger.inbox.object_store import photo_name

Seen = tuple[Photo, Look | None]


class Opened:
    """Photos by case, for several threads. `jobs` says how many jobs each case has; after the last it is let go of."""

    def __init__(self, picture: Callable[[Case], bytes], looker: Looker | None, jobs: Counter[int]) -> None:
        self._picture = picture
        self._looker = looker
        self._jobs = jobs
        self._seen: dict[int, Future[Seen]] = {}
        self._lock = threading.Lock()

    def of(self, case: Case) -> Seen:
        """The photo and what OCR saw on it. Whoever asks while it is being opened waits. Raises LedgerError."""
        with self._lock:
            mine = case.id not in self._seen
            future = self._seen.setdefault(case.id, Future())
        if mine:
            self._open(case, future)
        return future.result()

    def done(self, case: Case) -> None:
        """One job of this case is done."""
        with self._lock:
            self._jobs[case.id] -= 1
            if self._jobs[case.id] <= 0:
                self._seen.pop(case.id, None)

    def _open(self, case: Case, future: Future[Seen]) -> None:
        try:
            photo = open_photo(self._picture(case), photo_name(case.object_key))
            future.set_result((photo, looked(self._looker, photo)))
        except BaseException as error:
            with self._lock:
                self._seen.pop(case.id, None)  # it may be there the next time
            future.set_exception(error)
