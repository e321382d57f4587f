"""Arms: how they are made of settings, named by what sets them apart, and proposed for the usual questions. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from typing import Final

from ledger.errors import ExperimentInvalid, SettingRefused
from ledger.experiments.words import Arm
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.fitting import default_settings, fitted
from ledger.extraction.models import ModelTable
from ledger.extraction.pictures.preparation import PREPARATIONS
from ledger.notes import Note

OPENAI: Final = "openai"
OFFLINE: Final = "offline"
ENGINES: Final = (OPENAI, OFFLINE)

TEMPERATURES: Final = (0.0, 0.1, 0.2, 0.3, 0.5)
"""Of the sweep that is proposed: the usual ones around the default, and one far enough to see what more would do."""
NAMED: Final = ("model", "temperature", "reasoning_effort", "detail", "preparation", "prompt_version")
"""Settings that an arm is named by, in this order."""

DEFAULT: Final = "default"
OFFLINE_DETERMINISTIC: Final = (
    "the offline engine has no temperature: it reads a picture the same way each time. Leave the temperature of arm"
    " {arm} empty."
)
BAD_TEMPERATURE: Final = "the temperature of arm {arm} is {temperature}; it goes from 0 to 2."
NO_MODEL: Final = "arm {arm} has no model. Name one, or take the arm out."
UNKNOWN_ENGINE: Final = "arm {arm} has the engine {engine}. Choose one of: {engines}."
REFUSED: Final = "arm {arm}: {setting} cannot be that. {why}"
SENTENCES: Final = (
    *("temperature", "effort", "detail", "preparation", DEFAULT),
    OFFLINE_DETERMINISTIC,
    BAD_TEMPERATURE,
    NO_MODEL,
    UNKNOWN_ENGINE,
    REFUSED,
)

OFFLINE_SETTINGS: Final = ReadingSettings(
    model=OFFLINE,
    temperature=None,
    prompt_version=None,
    detail=None,
    max_completion_tokens=None,
    logprobs=None,
    answer_format=None,
)
"""What the offline engine is asked for; it has no choices."""


def numbered(arms: Iterable[Arm], say: Callable[[str], str] = str) -> tuple[Arm, ...]:
    """The arms in this order, the first as the baseline. Those without a name are named by what sets them apart.

    `say` gives the name of a setting in the language of whoever makes them.
    """
    listed = list(arms)
    names = _names(listed, say)
    return tuple(replace(arm, number=i, name=name) for i, (arm, name) in enumerate(zip(listed, names, strict=True)))


def temperature_sweep(base: ReadingSettings, temperatures: Sequence[float] = TEMPERATURES) -> tuple[Arm, ...]:
    """One arm a temperature, everything else as it is. What production reads with is the baseline, if it is among
    them, else the first.
    """
    ordered = sorted(temperatures, key=lambda temperature: temperature != base.temperature)
    return numbered(_arm(replace(base, temperature=temperature)) for temperature in ordered)


def models_compared(base: ReadingSettings, models: ModelTable, names: Iterable[str]) -> tuple[Arm, ...]:
    """What production reads with, and each of these models as suits it, asked with the same prompt."""
    return numbered([_arm(base), *(_arm(_with_profile(base, models, name)) for name in names)])


def successor_compared(base: ReadingSettings, models: ModelTable) -> tuple[Arm, ...]:
    """The model that reads, and what its maker names in its place; the first alone where nothing is named."""
    successor = models.facts(base.model).successor
    return models_compared(base, models, [successor] if successor else [])


def preparations_compared(base: ReadingSettings, preparations: Sequence[str] = PREPARATIONS) -> tuple[Arm, ...]:
    """The picture as it is, and with each preparation."""
    return numbered(_arm(replace(base, preparation=preparation)) for preparation in preparations)


def prompts_compared(base: ReadingSettings, versions: Iterable[str]) -> tuple[Arm, ...]:
    """The same question in other words: one arm a prompt version."""
    return numbered(_arm(replace(base, prompt_version=version)) for version in versions)


def offline_arm() -> Arm:
    """The engine on this machine, as a baseline: deterministic, and for nothing."""
    return Arm(0, OFFLINE, OFFLINE, OFFLINE_SETTINGS)


def checked(arm: Arm, models: ModelTable) -> tuple[Note, ...]:
    """Notes on the settings that this arm's model is known not to take: they will be reported as not applied.

    Raises ExperimentInvalid for what no reading can have.
    """
    settings, name = arm.settings, arm.name
    if arm.engine not in ENGINES:
        raise _invalid(UNKNOWN_ENGINE, arm=name, engine=arm.engine, engines=", ".join(ENGINES))
    if arm.engine == OFFLINE:
        if settings.temperature is not None:
            raise _invalid(OFFLINE_DETERMINISTIC, arm=name)
        return ()
    if not settings.model.strip():
        raise _invalid(NO_MODEL, arm=name)
    if settings.temperature is not None and not 0 <= settings.temperature <= 2:
        raise _invalid(BAD_TEMPERATURE, arm=name, temperature=f"{settings.temperature:g}")
    try:
        return fitted(settings, models.facts(settings.model))[1]
    except SettingRefused as refused:
        why = refused.fields["why"]
        raise _invalid(REFUSED, arm=name, setting=str(refused.fields["setting"]), why=str(why)) from refused


def _arm(settings: ReadingSettings) -> Arm:
    return Arm(0, "", OPENAI, settings)


def _with_profile(base: ReadingSettings, models: ModelTable, model: str) -> ReadingSettings:
    profile = default_settings(model, models.facts(model), preparation=base.preparation)
    return replace(profile, prompt_version=base.prompt_version)


def _names(arms: Sequence[Arm], say: Callable[[str], str]) -> list[str]:
    """For each arm its own name, else what sets it apart from the others; a name that comes again is numbered."""
    asked = [asdict(arm.settings) for arm in arms]
    of_models = [settings for arm, settings in zip(arms, asked, strict=True) if arm.engine != OFFLINE]
    apart = [name for name in NAMED if len({settings[name] for settings in of_models}) > 1] or ["model", "temperature"]
    names = [arm.name.strip() or _name(settings, apart, say) for arm, settings in zip(arms, asked, strict=True)]
    seen = Counter[str]()
    for index, name in enumerate(names):
        seen[name] += 1
        names[index] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return names


def _name(settings: dict[str, object], apart: Sequence[str], say: Callable[[str], str]) -> str:
    return ", ".join(_told(name, settings[name], say) for name in apart if settings[name] is not None) or say(DEFAULT)


def _told(name: str, value: object, say: Callable[[str], str]) -> str:
    if name in ("model", "prompt_version"):
        return str(value)
    label = say(name.removeprefix("reasoning_"))
    if isinstance(value, float | int):
        return f"{label} {value:.1f}" if round(value, 1) == value else f"{label} {value:g}"
    return f"{label} {value}"


def _invalid(sentence: str, **fields: str) -> ExperimentInvalid:
    return ExperimentInvalid(why=Note(sentence, fields))
