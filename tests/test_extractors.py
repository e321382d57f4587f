"""What the settings make of whom to ask, for what, and how often."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.config import Settings
from ledger.errors import RateLimited
from ledger.extraction.pace import Ask
from ledger.extractors import build_extractor, build_pace


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, (0.2, None, "high", "json_schema")),
        ({"model": "gpt-6-luna"}, (0.2, "none", "original", "json_schema")),
        ({"model": "gpt-6-luna", "temperature": "none", "detail": "high"}, (None, "none", "high", "json_schema")),
        ({"model": "우리-모델", "answer_format": "text"}, (0.2, None, "high", "text")),
    ],
)
def test_what_is_asked_of_the_model_is_what_was_set_and_else_its_own_profile(
    changes: dict[str, Any], asked: tuple[object, ...]
) -> None:
    settings = build_extractor(Settings(extractor="openai", **changes)).default_settings

    assert (settings.temperature, settings.reasoning_effort, settings.detail, settings.answer_format) == asked


def test_all_who_share_a_broker_keep_to_the_limits_that_were_set(redis_url: str) -> None:
    made = Settings(broker_url=redis_url, requests_per_minute=1, tokens_per_minute=100)
    build_pace(made).wait(Ask("a", tokens=1), patience=0)
    with pytest.raises(RateLimited, match=r"Wait 6\d seconds"):
        build_pace(made).wait(Ask("a", tokens=1), patience=0)
    build_pace(made).wait(Ask("b", tokens=200), patience=0)
    with pytest.raises(RateLimited, match=r"Wait 12\d seconds"):
        build_pace(made).wait(Ask("b", tokens=1), patience=0)
