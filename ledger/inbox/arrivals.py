"""Looking for photos: one look at a time, gone on with where it broke off, in the background where somebody waits."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import LedgerError
from ledger.inbox.ingest import IngestReport, ingest
from ledger.inbox.listing import PAGE, Listing
from ledger.inbox.object_store import ObjectStore

log = logging.getLogger(__name__)

_LONG_SECONDS: Final = 2.0
"""A look that takes longer tells how far it is."""


class Arrivals:
    """Looks through one store for this process."""

    def __init__(
        self, database: Database, store: ObjectStore, *, page: int = PAGE, long_seconds: float = _LONG_SECONDS
    ) -> None:
        self._database = database
        self._store = store
        self._page = page
        self._long_seconds = long_seconds
        self._one_at_a_time = threading.Lock()
        self._begun: Future[IngestReport] | None = None
        self._listing: Listing | None = None
        self._broken_off: Listing | None = None
        self._since = 0.0
        self._listed: int | None = None

    def look(self) -> IngestReport:
        """Take in what is new; after a look that failed half-way, in what that one did not list.

        Raises StoreError and DatabaseError; what was taken in before stays.
        """
        with self._one_at_a_time:
            self._listing = listing = self._broken_off or Listing(self._store, self._page)
            begun = [(stretch.after, stretch.until) for stretch in listing.left]
            self._since, self._listed, self._broken_off = time.monotonic(), 0, None
            try:
                return ingest(self._database, self._store, utc_now(), listing, self._say)
            except LedgerError:
                # A look that got nowhere may have been begun at a place that this store does not know.
                got_on = begun != [(stretch.after, stretch.until) for stretch in listing.left]
                self._broken_off = listing if got_on else None
                raise
            finally:
                self._listed = None

    def begin(self, look: Callable[[], IngestReport]) -> Future[IngestReport]:
        """Have `look` done in the background, or the one that was begun and is not done yet."""
        if self._begun is None or self._begun.done():
            self._begun = Future()
            # A daemon: a long look never keeps the process alive.
            threading.Thread(target=_carry_out, args=(self._begun, look), name="look", daemon=True).start()
        return self._begun

    def listed_so_far(self) -> int | None:
        """How many photos the present look has listed; None without one, or while nobody would miss it."""
        return self._listed if time.monotonic() - self._since > self._long_seconds else None

    def close(self) -> None:
        """End the present look after its page."""
        if self._listing is not None:
            self._listing.stop()

    def _say(self, listed: int) -> None:
        self._listed = listed


def _carry_out(told: Future[IngestReport], look: Callable[[], IngestReport]) -> None:
    try:
        told.set_result(look())
    except Exception as error:
        log.warning("looking for photos: %s", error)
        told.set_exception(error)
