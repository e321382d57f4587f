"""Settings -> what reads photos: a model, or the engine on this machine."""

from __future__ import annotations

from collections.abc import Callable

from ledger.config import Settings
from ledger.extraction.crew import Crew
from ledger.extraction.extractor import Extractor, ReadingSettings
from ledger.extraction.fitting import default_settings
from ledger.extraction.models import ModelTable, load_models
from ledger.extraction.offline.engine import OfflineExtractor
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.extraction.pace import Pace
from ledger.extraction.redis_pace import InRedis
from ledger.prompts import versions
from ledger.prompts.versions import PromptVersion


def build_extractor(
    settings: Settings,
    prompts: Callable[[str], PromptVersion] = versions.load_version,
    crew: Crew | None = None,
) -> Extractor:
    """The extractor that the settings choose; without a database it finds built-in prompts alone."""
    if settings.reads_with == "offline":
        return build_engine(settings)
    return build_model_extractor(settings, prompts, crew)


def build_looker(settings: Settings) -> OfflineExtractor | None:
    """The engine that looks at each photo before the model reads it; None where it is the reader, or is not wanted."""
    wanted = settings.reads_with == "openai" and settings.local_ocr
    return build_engine(settings) if wanted else None


def build_engine(settings: Settings) -> OfflineExtractor:
    """The engine on this machine. Cheap: its models are loaded once in a process, at the first photo."""
    return OfflineExtractor(tessdata=settings.tessdata)


def build_model_extractor(
    settings: Settings, prompts: Callable[[str], PromptVersion], crew: Crew | None = None
) -> OpenAIExtractor:
    """The model as an extractor, whoever reads day by day."""
    key = settings.openai_api_key
    models = load_models(settings.models_file)
    return OpenAIExtractor(
        settings=reading_settings(settings, models),
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


def reading_settings(settings: Settings, models: ModelTable) -> ReadingSettings:
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
