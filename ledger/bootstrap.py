"""Settings -> Services: the one place where things are put together."""

from __future__ import annotations

import contextlib
import math
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from ledger import traces
from ledger.auto_confirm.confirming import AfterReading
from ledger.auto_confirm.standing import AutoConfirm
from ledger.clock import utc_now
from ledger.config import DEFAULT_DATASETS, DEFAULT_STORE, Settings, environment_of
from ledger.database import Database
from ledger.errors import ConfigurationError, DatabaseError, NoDraft
from ledger.experiments import standing
from ledger.experiments.arms import OFFLINE, OPENAI
from ledger.experiments.lab import Lab
from ledger.experiments.launch import launch
from ledger.experiments.pictures import picture
from ledger.exports.masking import Masking
from ledger.exports.pictures import URL, Pictures
from ledger.exports.source import Source
from ledger.exports.wanted import Wanted
from ledger.extraction.batches.lane import Batches
from ledger.extraction.crew import Crew
from ledger.extraction.extractor import Extractor, ReadingSettings
from ledger.extraction.fitting import default_settings, fitted
from ledger.extraction.models import ModelTable, Retirement, load_models
from ledger.extraction.offline.engine import OfflineExtractor
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.extraction.pace import Pace
from ledger.extraction.pictures.seeing import see
from ledger.extraction.pictures.sight import Sight
from ledger.extraction.pipeline import Reader
from ledger.extraction.production import Production
from ledger.extraction.redis_pace import InRedis
from ledger.inbox.arrivals import Arrivals
from ledger.inbox.images import Photo
from ledger.inbox.ingest import IngestReport
from ledger.inbox.messages import Queue, take_in_messages
from ledger.inbox.object_store import ObjectStore
from ledger.inbox.sqs_queue import SqsQueue
from ledger.inbox.stores import open_store
from ledger.notes import Note
from ledger.prompts import versions
from ledger.prompts.families import family_of
from ledger.prompts.shelf import Prompts
from ledger.prompts.versions import PromptVersion
from ledger.tasks import TaskRunner, ThreadTaskRunner, attempt
from ledger.tuning.rewriting import NO_MODEL, Rewriter

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
        asked = _reading_settings(self.settings, load_models(self.settings.models_file))
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


def build_services(settings: Settings, tasks: TaskRunner | None = None) -> Services:
    """Services for these settings. Nothing is connected yet. Raises ConfigurationError."""
    database = Database(settings.database_url, reading_threads(settings))
    store, datasets = _stores(settings)
    prompts = Prompts(database)
    crew = _crew(settings)
    extractor = build_extractor(settings, prompts.used, crew)
    production = Production(database, extractor.engine, extractor.default_settings, prompts=prompts)
    afterwards = AfterReading(AutoConfirm(database, production, extractor.engine))
    looker = build_looker(settings)
    reader = Reader(
        database,
        store,
        extractor,
        looker=looker,
        production=production,
        afterwards=afterwards,
        crew=crew,
    )
    tasks = tasks or build_tasks(settings)
    batches = _batches(settings, database, extractor, reader)
    queue = _queue(settings)
    services = Services(settings, database, store, extractor, reader, tasks, datasets, queue=queue, batches=batches)
    own = settings.secret_key
    return replace(services, secret=own.get_secret_value()) if own else services


def _batches(settings: Settings, database: Database, extractor: Extractor, reader: Reader) -> Batches | None:
    if not isinstance(extractor, OpenAIExtractor):
        return None
    return Batches(database, reader, extractor, settings.readers)


def _crew(settings: Settings) -> Crew:
    """Places for `readers` photos with the model. Who reads on this machine has no more threads than help."""
    return Crew(with_model=settings.readers) if settings.reads_with == OPENAI else Crew()


def reading_threads(settings: Settings) -> int:
    """Threads that keep `readers` photos with the model: beside each two of them another one is made ready or stored.

    Who reads on this machine is never idle meanwhile, and gets no more of them.
    """
    return settings.readers + (math.ceil(settings.readers / 2) if settings.reads_with == OPENAI else 0)


def build_tasks(settings: Settings) -> TaskRunner:
    """Where background work runs: with workers if there is a Redis that they share, else in this process."""
    if settings.broker_url is None:
        return ThreadTaskRunner(reading_threads(settings))
    from ledger.broker import CeleryTaskRunner  # half a second that nobody else need wait

    return CeleryTaskRunner(settings.broker_url)


def _queue(settings: Settings) -> SqsQueue | None:
    """The queue that tells of new photos, if there is one. Raises ConfigurationError."""
    url = settings.arrivals_queue_url
    return SqsQueue(url, settings.sqs_endpoint, settings.s3_region) if url else None


def _stores(settings: Settings) -> tuple[ObjectStore, ObjectStore]:
    """Where photos arrive, and where the pictures of imported datasets lie. Raises ConfigurationError."""
    for folder, chosen in ((DEFAULT_STORE, settings.store_url), (DEFAULT_DATASETS, settings.datasets_url)):
        if chosen == folder:
            # Nobody chose it, so nobody has made it. One that was chosen and is not there is a mistake to be said.
            with contextlib.suppress(OSError):
                Path(folder).mkdir(parents=True, exist_ok=True)
    opened = partial(open_store, endpoint=settings.s3_endpoint, region=settings.s3_region)
    store, datasets = opened(settings.store_url), opened(settings.datasets_url, setting="LEDGER_DATASETS_URL")
    if f"{datasets.name}/".startswith(f"{store.name.rstrip('/')}/"):
        why = f"it lies inside {store.name}, where each of its pictures would be taken for a new receipt"
        raise ConfigurationError(setting="LEDGER_DATASETS_URL", why=why)
    return store, datasets


def build_looker(settings: Settings) -> OfflineExtractor | None:
    """The engine that looks at each photo before the model reads it; None where it is the reader, or is not wanted."""
    wanted = settings.reads_with == "openai" and settings.local_ocr
    return build_engine(settings) if wanted else None


def build_extractor(
    settings: Settings,
    prompts: Callable[[str], PromptVersion] = versions.load_version,
    crew: Crew | None = None,
) -> Extractor:
    """The extractor that the settings choose; without a database it finds built-in prompts alone."""
    if settings.reads_with == "offline":
        return build_engine(settings)
    return _model_extractor(settings, prompts, crew)


def build_engine(settings: Settings) -> OfflineExtractor:
    """The engine on this machine. Cheap: its models are loaded once in a process, at the first photo."""
    return OfflineExtractor(tessdata=settings.tessdata)


def build_lab(services: Services) -> Lab:
    """What runs experiments: with the model, whoever reads otherwise, and with the engine on this machine."""
    settings = services.settings
    offline = build_engine(settings)
    reads_already = services.extractor.engine == OPENAI
    model = services.extractor if reads_already else _model_extractor(settings, services.prompts.used)
    extractors = {OPENAI: model, OFFLINE: offline}
    looker = offline if settings.local_ocr else None
    return Lab(services.database, partial(picture, services), extractors, looker, load_models(settings.models_file))


def build_rewriter(services: Services) -> Rewriter:
    """What has the model draft changes of its prompt. Raises NoDraft where photos are read on this machine alone."""
    if services.settings.reads_with == OFFLINE:
        raise NoDraft(why=Note(NO_MODEL))
    model = services.extractor
    if not isinstance(model, OpenAIExtractor):
        model = _model_extractor(services.settings, services.prompts.used)
    return Rewriter(services.asked_of_models(), model.write, _masking(services).text)


def build_export(services: Services, wanted: Wanted, *, masked: bool = True, pictures: str = URL) -> Source:
    """What an export is made from: receipts as the model would be asked for them now, whoever reads them otherwise."""
    settings, models = services.settings, load_models(services.settings.models_file)
    asked = services.asked_of_models()
    facts = models.facts(asked.model)
    applied = fitted(asked, facts)[0]

    def seen(photo: Photo, quarter_turns: int) -> Sight:
        return see(
            photo,
            vision=facts.vision,
            detail=applied.detail,
            preparation=applied.preparation,
            quarter_turns=quarter_turns,
            upscaler=settings.upscaler_file,
        )

    return Source(
        database=services.database,
        wanted=wanted,
        masking=_masking(services, on=masked),
        pictures=Pictures(pictures, services.store, seen),
        settings=applied,
        prompt=services.prompts.get(applied.prompt_version) if applied.prompt_version else versions.load(),
        to_openai=settings.base_url is None,
    )


def _masking(services: Services, *, on: bool = True) -> Masking:
    # A secret that each start makes anew would give each file other pseudonyms.
    own = services.settings.secret_key
    return Masking(own.get_secret_value() if own else services.database.address(), on=on)


def _model_extractor(
    settings: Settings, prompts: Callable[[str], PromptVersion], crew: Crew | None = None
) -> OpenAIExtractor:
    key = settings.openai_api_key
    models = load_models(settings.models_file)
    return OpenAIExtractor(
        settings=_reading_settings(settings, models),
        prompt=versions.load(versions.CURRENT),
        prompts=prompts,
        models=models,
        upscaler=settings.upscaler_file,
        api_key=key.get_secret_value() if key else None,
        base_url=settings.base_url,
        timeout_s=settings.timeout_seconds,
        pace=build_pace(settings),
        crew=crew,
    )


def build_pace(settings: Settings) -> Pace:
    """When the model is asked: shared by all processes that share a broker."""
    set_by_hand = {"requests": settings.requests_per_minute, "tokens": settings.tokens_per_minute}
    most = {kind: limit for kind, limit in set_by_hand.items() if limit is not None}
    return Pace(InRedis(settings.broker_url) if settings.broker_url else None, most)


def _reading_settings(settings: Settings, models: ModelTable) -> ReadingSettings:
    """What is asked of the model: what was set, and its own profile for the rest."""
    facts = models.facts(settings.model)
    return default_settings(
        settings.model,
        facts,
        temperature=settings.temperature,
        reasoning_effort=settings.reasoning_effort,
        detail=settings.detail,
        answer_format=None if settings.answer_format == "auto" else settings.answer_format,
        preparation=settings.preparation,
    )
