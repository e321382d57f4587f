"""The parts of a desk that runs, and what is asked of several of them at once."""

from __future__ import annotations

import contextlib
import secrets
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Final

from ledger import traces
from ledger.auto_confirm.standing import AutoConfirm
from ledger.clock import utc_now
from ledger.config import Settings, environment_of
from ledger.database import Database
from ledger.errors import DatabaseError
from ledger.experiments import standing
from ledger.experiments.arms import OPENAI
from ledger.experiments.launch import launch
from ledger.extraction.batches.lane import Batches
from ledger.extraction.extractor import Extractor, ReadingSettings
from ledger.extraction.models import Retirement, load_models
from ledger.extraction.pipeline import Reader
from ledger.extraction.production import Production
from ledger.extractors import reading_settings
from ledger.inbox.arrivals import Arrivals
from ledger.inbox.ingest import IngestReport
from ledger.inbox.messages import Queue, take_in_messages
from ledger.inbox.object_store import ObjectStore
from ledger.prompts.families import family_of
from ledger.prompts.shelf import Prompts
from ledger.tasks import TaskRunner, attempt

_QUEUED_AT_ONCE: Final = 2_000
"""Photos that are queued at each look or click: about as many as are read until the next one, in a few seconds."""


@dataclass(frozen=True, slots=True)
class Services:
    """What pages, commands and the server work with."""

    settings: Settings
    database: Database
    store: ObjectStore
    extractor: Extractor
    reader: Reader
    tasks: TaskRunner
    datasets: ObjectStore
    """Pictures of imported datasets, by their hash."""
    secret: str = field(default_factory=secrets.token_hex, repr=False)
    """What addresses are signed with. Unless it is set, each start makes its own."""
    queue: Queue | None = None
    """What tells of new photos, where there is such a queue."""
    batches: Batches | None = None
    """What reads within a day at half the price; None where nobody offers that."""
    arrivals: Arrivals = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "arrivals", Arrivals(self.database, self.store))

    def look_for_photos(self) -> IngestReport:
        """List the store, take in what is new, and have everything unread read in the background.

        Photos are taken in also while nobody can be told to read them: they are due, and handed out at the next look.
        """
        try:
            with traces.span("look for photos") as step:
                found = self.arrivals.look()
                step.tell(listed=found.listed, added=found.added, changed=found.changed)
            return found
        finally:  # also what a look took in before it failed
            attempt(self.read_in_turn)

    def take_in_messages(self) -> None:
        """Wait for the bucket to tell of new photos, take these in, and have them read."""
        if self.queue is not None and any(take_in_messages(self.database, self.store, self.queue, utc_now())):
            attempt(self.read_in_turn)

    def begin_to_look(self) -> Future[IngestReport]:
        """`look_for_photos` in the background."""
        return self.arrivals.begin(self.look_for_photos)

    def read_in_turn(self) -> None:
        """Have what is due read, as far as the model's service is asked at all: after a rest, one photo is tried.

        Batches that are open are looked at, too.
        """
        trouble = self.reader.circuit.trouble()
        if trouble is None or trouble.until <= utc_now():
            for receipt_id in self.reader.due(1 if trouble else _QUEUED_AT_ONCE):
                self.tasks.submit(self.reader.read_in_turn, receipt_id)
        if self.batches is not None and self.batches.waits_for_look():
            self.tasks.submit(self.batches.look_at_batches)

    def read_due(self) -> int:
        """Have unread photos read in the background, also while the queue rests; how many those are."""
        due = self.reader.due(_QUEUED_AT_ONCE)
        for receipt_id in due:
            self.tasks.submit(self.reader.read_if_due, receipt_id)
        return len(due)

    def read_waiting(self) -> int:
        """`read_due`, and once more what could not be read because something was away then; how many those are."""
        return self.read_due() + self._read_failed(self.reader.failed(_QUEUED_AT_ONCE, transient=True))

    def read_failed(self) -> int:
        """Have what could not be read, for whatever reason, read once more; how many those are."""
        return self._read_failed(self.reader.failed(_QUEUED_AT_ONCE))

    def _read_failed(self, failed: list[tuple[int, int]]) -> int:
        for receipt_id, failure_id in failed:
            self.tasks.submit(self.reader.read_if_failed, receipt_id, failure_id)
        return len(failed)

    def read_again(self, receipt_ids: list[int]) -> None:
        """Have these receipts read in the background, whatever was read before."""
        for receipt_id, last_run in self.reader.last_runs(receipt_ids).items():
            self.tasks.submit(self.reader.read_again, receipt_id, last_run)

    @property
    def production(self) -> Production:
        """What photos are read with, and who chose that."""
        return self.reader.production

    @property
    def prompts(self) -> Prompts:
        """The prompts at hand, and which of them is active."""
        return self.production.prompts

    @property
    def auto_confirm(self) -> AutoConfirm:
        """Whether receipts are confirmed without a person; off unless somebody switches it on."""
        return AutoConfirm(self.database, self.production, self.extractor.engine)

    def asked_of_models(self) -> ReadingSettings:
        """What a model is asked for, also where the offline engine reads in its place."""
        if self.extractor.engine == OPENAI:
            return self.production.current()
        asked = reading_settings(self.settings, load_models(self.settings.models_file))
        return replace(asked, prompt_version=self.prompts.active(family_of(asked.model)))

    def start_experiment(self, experiment_id: int, budget_microusd: int | None = None) -> bool:
        """Have an experiment run, or go on, in a process of its own; False when it is over.

        With `budget_microusd` its cap becomes that.
        """
        if not standing.start(self.database, experiment_id, utc_now(), budget_microusd=budget_microusd):
            return False
        launch(experiment_id, environment_of(self.settings))
        return True

    def retirement(self, reads_with: ReadingSettings | None = None) -> Retirement | None:
        """The end of the model that reads, where it is near or past; None too where the offline engine reads.

        Who has asked already what is read with, gives it.
        """
        if self.extractor.engine != "openai":
            return None
        reads_with = reads_with or self.production.current()
        return load_models(self.settings.models_file).retirement(reads_with.model, utc_now().date())

    def close(self) -> None:
        """Stop background work, give back what is being read, and let go of connections."""
        self.arrivals.close()
        self.tasks.close()
        with contextlib.suppress(DatabaseError):  # away, and then the leases run out by themselves
            self.reader.release()
        self.extractor.close()
        self.database.close()
        traces.end()
