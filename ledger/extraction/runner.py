"""One run over one photo, whatever it is for: fetch the photo, read it, judge what was read. Nothing is stored."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from ledger import meters, traces
from ledger.errors import LedgerError
from ledger.extraction.crew import Crew
from ledger.extraction.extractor import ExtractionResult, Extractor, ReadingSettings
from ledger.extraction.judging import judged_columns, measured
from ledger.extraction.look import Look
from ledger.extraction.stored_run import error_columns, member_id_of, result_columns, settings_columns
from ledger.inbox.images import Photo, open_photo
from ledger.inbox.likeness import picture_hash
from ledger.inbox.object_store import FetchedObject, ObjectStore, photo_name

log = logging.getLogger(__name__)


class Looker(Protocol):
    """OCR on this machine, which says where the text of a photo stands."""

    def look(self, photo: Photo) -> Look:
        """The lines of a photo. Raises LedgerError when there is nothing to look with."""
        ...


class Runner:
    """Runs one extractor. With a looker, each photo is looked at first: which way is up, and what stands where.

    Safe to use from several threads at once. Who waits for a photo lets others of the crew work.
    """

    def __init__(
        self,
        store: ObjectStore,
        extractor: Extractor,
        looker: Looker | None,
        clock: Callable[[], dt.datetime],
        crew: Crew | None = None,
    ) -> None:
        self._store = store
        self._extractor = extractor
        self._looker = looker
        self._clock = clock
        self._crew = crew or Crew()

    def run(
        self, object_key: str, etag: str, settings: ReadingSettings, fetched: FetchedObject | None = None
    ) -> dict[str, Any]:
        """The columns of a run. One that fails is a run too, with its error; nothing is raised.

        What was fetched already is not fetched again, if it is the photo with this ETag.
        `latency_ms` is the reader's own time, without the fetching of the photo, the look and waits for room.
        """
        run: dict[str, Any] = {"engine": self._extractor.engine, "etag": etag} | settings_columns(settings)
        started = meters.own_time()
        try:
            photo, look = self.opened(object_key, run, fetched if fetched and fetched.etag == etag else None)
            with self._seen_meanwhile(photo, look, run):
                started = meters.own_time()
                result = self._extracted(photo, settings, look)
                run |= {"latency_ms": _since(started)}
            run |= result_columns(result) | self._judged(photo, result, look)
            if result.quarter_turns != (look.quarter_turns if look else 0):  # the reader itself found which way is up
                run |= _likeness(photo, result.quarter_turns)
        except Exception as exc:
            run |= error_columns(exc)
        return {"latency_ms": _since(started)} | run

    def opened(
        self, object_key: str, run: dict[str, Any], fetched: FetchedObject | None = None
    ) -> tuple[Photo, Look | None]:
        """The photo and a look at it, before anybody reads it; what is known by then is put into the run's columns.

        The photo is not measured yet. Raises StoreError and PhotoError.
        """
        fetched = fetched or self._fetched(object_key)
        run |= {"etag": fetched.etag, "member_id": member_id_of(fetched)}
        photo = open_photo(fetched.data, photo_name(object_key))
        run["image_sha256"] = photo.sha256
        return photo, looked(self._looker, photo)

    @contextmanager
    def _seen_meanwhile(self, photo: Photo, look: Look | None, run: dict[str, Any]) -> Iterator[None]:
        """Put what is seen of the photo into the run's columns, however the block ends; seen while that waits."""
        with self._crew.meanwhile(partial(seen, photo, look)) as done:
            try:
                yield
            finally:
                run |= done()

    def _fetched(self, object_key: str) -> FetchedObject:
        with traces.span("fetch"), self._crew.waits():
            return self._store.fetch(object_key)

    def _extracted(self, photo: Photo, settings: ReadingSettings, look: Look | None) -> ExtractionResult:
        with traces.span("extract", model=settings.model) as step:
            result = self._extractor.extract(photo, settings, look)
            step.tell(sent=result.usage.prompt_tokens or None, answered=result.usage.completion_tokens or None)
        return result

    def given_up(self, etag: str, settings: ReadingSettings, why: LedgerError) -> dict[str, Any]:
        """The columns of a run that was not begun."""
        run = {"engine": self._extractor.engine, "etag": etag, "latency_ms": 0}
        return run | settings_columns(settings) | error_columns(why)

    def _judged(self, photo: Photo, result: ExtractionResult, look: Look | None) -> dict[str, Any]:
        """The columns of the judgement, and of what the reader itself saw."""
        own = _measures(photo, result.look) if result.look else {}
        return own | judged(result, look, self._clock(), photo.name)


def judged(result: ExtractionResult, look: Look | None, now: dt.datetime, name: str) -> dict[str, Any]:
    """The columns of the judgement. A defect in it must not cost the reading, which was paid for."""
    try:
        with traces.span("judge"):
            return judged_columns(result, look, now)
    except Exception:
        log.exception("the reading of %s could not be judged", name)
        return {}


def looked(looker: Looker | None, photo: Photo) -> Look | None:
    """What the looker saw. A reading does not fail because nothing could be looked up beside it."""
    if looker is None:
        return None
    try:
        with traces.span("look"):
            return looker.look(photo)
    except LedgerError as error:
        log.warning("%s is read without a look at it first: %s", photo.name, error)
    except Exception:
        log.exception("looking at %s failed", photo.name)
    return None


def seen(photo: Photo, look: Look | None) -> dict[str, Any]:
    """The columns of what can be told of a photo without reading it: its measures, and its picture's hash."""
    return _measures(photo, look) | _likeness(photo, look.quarter_turns if look else 0)


def _measures(photo: Photo, look: Look | None) -> dict[str, Any]:
    """The column of the photo's measures, also where the reading fails: they may tell why."""
    measures = measured(photo, look)
    return {"measures": measures.as_json()} if measures else {}


def _likeness(photo: Photo, quarter_turns: int) -> dict[str, Any]:
    """The column of the picture's hash. A photo is read also where it cannot be compared with others."""
    try:
        return {"picture_hash": picture_hash(photo, quarter_turns)}
    except Exception:
        log.exception("%s cannot be compared with other photos", photo.name)
        return {}


def _since(started: float) -> int:
    return round((meters.own_time() - started) * 1000)
