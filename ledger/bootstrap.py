"""Settings -> Services: the one place where things are put together."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import partial
from pathlib import Path

from ledger.auto_confirm.confirming import AfterReading
from ledger.auto_confirm.standing import AutoConfirm
from ledger.config import DEFAULT_DATASETS, DEFAULT_STORE, Settings
from ledger.database import Database
from ledger.errors import ConfigurationError, NoDraft
from ledger.experiments.arms import OFFLINE, OPENAI
from ledger.experiments.lab import Lab
from ledger.experiments.pictures import picture
from ledger.exports.masking import Masking
from ledger.exports.pictures import URL, Pictures
from ledger.exports.source import Source
from ledger.exports.wanted import Wanted
from ledger.extraction.batches.lane import Batches
from ledger.extraction.crew import Crew
from ledger.extraction.extractor import Extractor
from ledger.extraction.fitting import fitted
from ledger.extraction.models import load_models
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.extraction.pictures.seeing import see
from ledger.extraction.pictures.sight import Sight
from ledger.extraction.pipeline import Reader
from ledger.extraction.production import Production
from ledger.extractors import build_engine, build_extractor, build_looker, build_model_extractor
from ledger.inbox.images import Photo
from ledger.inbox.object_store import ObjectStore
from ledger.inbox.sqs_queue import SqsQueue
from ledger.inbox.stores import open_store
from ledger.notes import Note
from ledger.prompts import versions
from ledger.prompts.shelf import Prompts
from ledger.services import Services
from ledger.tasks import TaskRunner, ThreadTaskRunner
from ledger.tuning.rewriting import NO_MODEL, Rewriter


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
    """Threads that keep `readers` photos with the model: beside each of them another one is made ready or stored.

    With fewer, places stand empty where many answers come together. Who reads on this machine is never idle meanwhile.
    """
    return settings.readers * (2 if settings.reads_with == OPENAI else 1)


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


def build_lab(services: Services) -> Lab:
    """What runs experiments: with the model, whoever reads otherwise, and with the engine on this machine."""
    settings = services.settings
    offline = build_engine(settings)
    reads_already = services.extractor.engine == OPENAI
    model = services.extractor if reads_already else build_model_extractor(settings, services.prompts.used)
    extractors = {OPENAI: model, OFFLINE: offline}
    looker = offline if settings.local_ocr else None
    return Lab(services.database, partial(picture, services), extractors, looker, load_models(settings.models_file))


def build_rewriter(services: Services) -> Rewriter:
    """What has the model draft changes of its prompt. Raises NoDraft where photos are read on this machine alone."""
    if services.settings.reads_with == OFFLINE:
        raise NoDraft(why=Note(NO_MODEL))
    model = services.extractor
    if not isinstance(model, OpenAIExtractor):
        model = build_model_extractor(services.settings, services.prompts.used)
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
