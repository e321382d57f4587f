"""Settings that were asked for, fitted to what is known of the model: what is sent, and what is said of the rest."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from ledger.errors import SettingRefused
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.models import ANSWER_FORMATS, DETAILS, EFFORTS, ModelFacts
from ledger.extraction.notes import NOT_APPLIED, NOT_SURE
from ledger.extraction.pictures.preparation import PREPARATIONS
from ledger.extraction.reasons import NONE_OF
from ledger.notes import Note

_MEANS: Final = re.compile(r"\bupscale:(?:lanczos|edsr)\b")
"""How a preparation as applied names what enlarged the picture."""

_NAMES: Final[dict[str, Collection[str]]] = {
    "reasoning_effort": EFFORTS,
    "detail": DETAILS,
    "preparation": PREPARATIONS,
    "answer_format": ANSWER_FORMATS,
}
"""Settings that are one of some names."""


def default_settings(
    model: str,
    facts: ModelFacts,
    *,
    temperature: float | str | None = None,
    reasoning_effort: str | None = None,
    detail: str | None = None,
    answer_format: str | None = None,
    preparation: str = "none",
) -> ReadingSettings:
    """The settings of a reading that nobody changed, with the current prompt. What is None comes from the model's
    profile, its temperature only where the model takes one; `none` is no temperature at all.
    """
    profile = facts.profile
    effort = reasoning_effort or profile.reasoning_effort
    if temperature is None and facts.allows(facts.temperature, effort):
        temperature = profile.temperature
    return ReadingSettings(
        model=model,
        temperature=temperature if isinstance(temperature, (int, float)) else None,
        prompt_version=None,
        reasoning_effort=effort,
        detail=detail or profile.detail,
        preparation=preparation,
        answer_format=answer_format or profile.answer_format,
    )


def fitted(settings: ReadingSettings, facts: ModelFacts) -> tuple[ReadingSettings, tuple[Note, ...]]:
    """The settings as they are sent, and a note for each that the model is known not to take.

    Settings as a reading applied them may be asked for again: what enlarged its picture is chosen anew.
    Raises SettingRefused for a name that no model knows.
    """
    settings = replace(settings, preparation=_MEANS.sub("upscale", settings.preparation))
    _refuse_unknown_names(settings)
    left_out: dict[str, Any] = dict.fromkeys(_left_out(settings, facts))
    return replace(settings, **left_out), tuple(not_applied(settings, name) for name in left_out)


def not_applied(settings: ReadingSettings, name: str) -> Note:
    """The note that a setting was left out."""
    if name == "logprobs":
        return Note(NOT_SURE, {"model": settings.model})
    value = getattr(settings, name)
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return Note(NOT_APPLIED, {"model": settings.model, "setting": name, "value": shown})


def _left_out(settings: ReadingSettings, facts: ModelFacts) -> list[str]:
    effort = settings.reasoning_effort if settings.reasoning_effort in facts.efforts else None
    taken = {
        "temperature": facts.allows(facts.temperature, effort),
        "reasoning_effort": settings.reasoning_effort in facts.efforts,
        "detail": settings.detail in facts.details,
        "logprobs": facts.allows(facts.logprobs, effort),
    }
    return [name for name, taking in taken.items() if not taking and getattr(settings, name) is not None]


def _refuse_unknown_names(settings: ReadingSettings) -> None:
    for name, known in _NAMES.items():
        value = getattr(settings, name)
        if value is not None and value not in known:
            why = Note(NONE_OF, {"value": value, "known": ", ".join(known)})
            raise SettingRefused(model=settings.model, setting=name, why=why)
