"""A model's service of our own, an extractor that asks it, a photo to ask about, and a store."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image

from ledger.extraction.fitting import default_settings
from ledger.extraction.models import load_models
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.inbox.images import Photo, open_photo
from ledger.prompts.versions import load
from tests.factories import MemoryStore
from tests.openai_standin import StandIn

MakeExtractor = Callable[..., OpenAIExtractor]


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """The OpenAI API as far as our own server plays it."""
    with StandIn() as running:
        yield running


@pytest.fixture
def make_extractor(standin: StandIn) -> Iterator[MakeExtractor]:
    """Makes extractors that ask the stand-in, without retries unless a test wants them; `wanted` are settings.

    The stand-in of the test plays OpenAI; a server at another `base_url` is one of those that merely speak alike.
    """
    made = []

    def make(**changes: Any) -> OpenAIExtractor:
        model, wanted = changes.pop("model", "gpt-4o"), changes.pop("wanted", {})
        values = {
            "settings": default_settings(model, load_models().facts(model), **wanted),
            "prompt": load(),
            "api_key": standin.key,
            "base_url": standin.url,
            "timeout_s": 10,
            "max_retries": 0,
            "to_openai": True if "base_url" not in changes else None,
        }
        made.append(OpenAIExtractor(**(values | changes)))
        return made[-1]

    yield make
    for extractor in made:
        extractor.close()


@pytest.fixture
def extractor(make_extractor: MakeExtractor) -> OpenAIExtractor:
    """An extractor with the default settings."""
    return make_extractor()


@pytest.fixture
def sideways_photo() -> Photo:
    """A photo as phones store it: 80 x 40 with a red left edge, and EXIF saying that its top is on the right."""
    picture = Image.new("RGB", (80, 40), "white")
    picture.paste("red", (0, 0, 20, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95, exif=exif)
    return open_photo(out.getvalue(), "ledger/sideways.jpg")


@pytest.fixture
def photo(sideways_photo: Photo) -> Photo:
    """Any photo."""
    return sideways_photo


@pytest.fixture
def store() -> MemoryStore:
    """An empty store."""
    return MemoryStore()
