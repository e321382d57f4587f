"""Whether the model's service is asked at all: one that is away, or takes no more, is left alone for a while.

Nothing is kept for it: the newest readings of the engine say how things stand, to every process alike. What nobody can
mend by asking again (a refused key, no credit) rests the queue at once; what may be one photo's bad luck, only several
in a row. A rest lasts as long as the trouble has so far, so that each is about twice the one before; then one photo is
tried, and whatever is read well, also because a person asked for it, ends the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import (
    DatabaseError,
    KeyRefused,
    MissingKey,
    ModelNotFound,
    ModelServerError,
    ModelTimeout,
    ModelUnreachable,
    PhotoError,
    QuotaExhausted,
    RateLimited,
    ReadingNeverEnds,
    StoreError,
    WrongService,
    error_classes,
)
from ledger.extraction.stored_run import BY_BATCH
from ledger.tables import ExtractionRow

AT_ONCE: Final = frozenset(
    kind.__name__ for kind in (KeyRefused, MissingKey, ModelNotFound, QuotaExhausted, WrongService)
)
"""What no photo can be read through."""
IN_A_ROW: Final = frozenset(kind.__name__ for kind in (ModelServerError, ModelTimeout, ModelUnreachable, RateLimited))
ASKED_NOBODY: Final = frozenset(
    name
    for name, kind in error_classes().items()
    if issubclass(kind, (PhotoError, StoreError, DatabaseError, ReadingNeverEnds))
)
"""What went wrong before the service was asked, and tells nothing of it."""
FEWEST: Final = 5
"""Photos that have to fail in a row before it is the service's trouble and not theirs."""
SHORTEST: Final = dt.timedelta(seconds=30)
LONGEST: Final = dt.timedelta(minutes=10)

_LOOKED_AT: Final = 50
"""Newest readings that are looked at, whichever engine's."""


@dataclass(frozen=True, slots=True)
class Rest:
    """The queue rests because of the model's service."""

    error_class: str
    error_message: str
    error_fields: Mapping[str, Any]
    since: dt.datetime
    """The first reading that failed."""
    until: dt.datetime
    """One photo is tried then."""


class Circuit:
    """Whether readings of one engine rest. Safe to use from several threads."""

    def __init__(self, database: Database, engine: str, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self._database = database
        self._engine = engine
        self._clock = clock

    def trouble(self) -> Rest | None:
        """The trouble that the newest readings tell of, its rest over or not; None while all is well."""
        with self._database.read() as session:
            failed = self._failed_in_a_row(session)
        photos = {run.receipt_id for run in failed}
        if not failed or (failed[0].error_class not in AT_ONCE and len(photos) < FEWEST):
            return None
        return _rest(failed)

    def fails_others(self, session: Session, receipt_id: int) -> bool:
        """Whether nothing was read well since another photo could not be read, for what is the service's doing."""
        return any(run.receipt_id != receipt_id for run in self._failed_in_a_row(session))

    def _failed_in_a_row(self, session: Session) -> list[Any]:
        told = (ExtractionRow.error_class, ExtractionRow.error_message, ExtractionRow.error_fields)
        newest = sa.select(ExtractionRow.engine, ExtractionRow.receipt_id, *told, ExtractionRow.created_at)
        newest = newest.add_columns(ExtractionRow.settings).order_by(ExtractionRow.id.desc()).limit(_LOOKED_AT)
        # Sorted out afterwards: of an engine that read long ago, all that came since would be walked over.
        runs = [run for run in session.execute(newest) if self._tells(run)]
        return list(takewhile(_fails, runs))

    def _tells(self, run: Any) -> bool:
        """Whether a run says how the service is now: it was asked by this engine, and its answer waited for."""
        by_batch = run.settings.items() >= BY_BATCH.items()
        return run.engine == self._engine and run.error_class not in ASKED_NOBODY and not by_batch

    def rest(self) -> Rest | None:
        """The trouble while nothing is to be tried."""
        trouble = self.trouble()
        return trouble if trouble is not None and self._clock() < trouble.until else None


def _fails(run: Any) -> bool:
    return run.error_class in AT_ONCE | IN_A_ROW


def _rest(failed: Sequence[Any]) -> Rest:
    newest, since = failed[0], min(run.created_at for run in failed)
    wait = min(max(newest.created_at - since, SHORTEST), LONGEST)
    return Rest(
        newest.error_class,
        newest.error_message or "",
        newest.error_fields or {},
        since,
        newest.created_at + wait,
    )
