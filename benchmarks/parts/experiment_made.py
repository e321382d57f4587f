"""An experiment over photos of ordinary size, to be run against a service that answers everything the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from ledger.bootstrap import build_services
from ledger.clock import utc_now
from ledger.config import Settings
from ledger.experiments.arms import temperature_sweep
from ledger.experiments.datasets import NewCase, add_version
from ledger.experiments.plan import Plan
from ledger.experiments.stored import create
from ledger.experiments.words import DATASETS
from ledger.extraction.fitting import default_settings
from ledger.extraction.models import load_models
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.inbox.images import open_photo
from ledger.prompts import versions
from ledger.receipt import Receipt, from_contract
from ledger.services import Services
from ledger.tasks import InlineTaskRunner
from tests.openai_standin import StandIn

SAMPLES: Final = Path(__file__).parents[2] / "samples/photos"
_MODEL: Final = "gpt-4o"
_TEMPERATURES: Final = (0.2, 0.0, 0.1, 0.3)


def services_of(folder: Path, database_url: str, base_url: str) -> Services:
    """The desk's services with their datasets in this folder. OCR does not look first: it is this machine's work."""
    for name in ("photos", "datasets"):
        (folder / name).mkdir(exist_ok=True)
    changes = {
        "database_url": database_url,
        "store_url": str(folder / "photos"),
        "datasets_url": str(folder / "datasets"),
        "extractor": "openai",
        "openai_api_key": SecretStr("sk-nobody-0123456789"),
        "base_url": base_url,
        "local_ocr": False,
    }
    return build_services(Settings().model_copy(update=changes), InlineTaskRunner())


def made(services: Services, receipts: int, *, arms: int, repetitions: int, in_flight: int) -> int:
    """Id of an experiment over so many receipts: the samples again and again, each copy with bytes of its own."""
    cases = list(_cases(services, receipts))
    version = add_version(services.database, "측정", {}, cases, seed=0, test_share=0.3, operator="bench", now=utc_now())
    models = load_models()
    plan = Plan(
        name="측정",
        dataset_version_id=version.id,
        arms=temperature_sweep(default_settings(_MODEL, models.facts(_MODEL)), _TEMPERATURES[:arms]),
        repetitions=repetitions,
        in_flight=in_flight,
    )
    return create(services.database, plan, models, "bench", utc_now())[0]


def _cases(services: Services, count: int) -> Iterator[NewCase]:
    for number, file in zip(range(count), cycle(sorted(SAMPLES.glob("*.jpg"))), strict=False):
        data = _marked(file.read_bytes(), number)
        digest = hashlib.sha256(data).hexdigest()
        services.datasets.put(services.datasets.key_named(f"{digest}.jpg"), data, "image/jpeg")
        yield NewCase.of(_truth(file), image_sha256=digest, store=DATASETS, object_key=f"{digest}.jpg")


def _marked(jpeg: bytes, number: int) -> bytes:
    """The same picture with a comment in it, so that it is another file."""
    comment = str(number).encode()
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]


def _truth(photo: Path) -> Receipt:
    return from_contract(json.loads(photo.with_suffix(".json").read_text("utf-8")))


def answer() -> str:
    """The body of a response as the stand-in of the tests gives it."""
    models = load_models()
    settings = default_settings(_MODEL, models.facts(_MODEL))
    photo = open_photo(next(SAMPLES.glob("*.jpg")).read_bytes(), "photo.jpg")
    with StandIn() as standin:
        reader = OpenAIExtractor(
            settings=settings, prompt=versions.load(versions.CURRENT), api_key=standin.key, base_url=standin.url
        )
        return reader.extract(photo, settings).raw_answer
