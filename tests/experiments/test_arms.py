"""Arms are named by what sets them apart, proposed for the usual questions, and refused with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.errors import ExperimentInvalid
from ledger.experiments import arms
from ledger.experiments.words import Arm
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.fitting import default_settings
from ledger.extraction.models import load_models

MODELS = load_models()
BASE = default_settings("gpt-4o", MODELS.facts("gpt-4o"))


def names(made: tuple[Arm, ...]) -> list[str]:
    return [arm.name for arm in made]


def own(name: str = "", engine: str = "openai", **settings: object) -> Arm:
    return Arm(0, name, engine, replace(BASE, **settings))  # type: ignore[arg-type]  # fields of a setting


def test_a_sweep_begins_with_what_production_reads_with() -> None:
    made = arms.temperature_sweep(BASE)

    assert names(made) == [
        "temperature 0.2",
        "temperature 0.0",
        "temperature 0.1",
        "temperature 0.3",
        "temperature 0.5",
    ]
    assert [arm.number for arm in made] == [0, 1, 2, 3, 4]


def test_a_sweep_without_that_begins_with_its_first() -> None:
    assert names(arms.temperature_sweep(BASE, (0.7, 0.05))) == ["temperature 0.7", "temperature 0.05"]


def test_the_successor_is_asked_as_suits_it_with_the_same_prompt() -> None:
    old, new = arms.successor_compared(replace(BASE, prompt_version="receipt-v1@1"), MODELS)

    assert (old.name, new.name) == ("gpt-4o, detail high", "gpt-6-luna, effort none, detail original")
    assert (new.settings.reasoning_effort, new.settings.detail) == ("none", "original")
    assert new.settings.prompt_version == "receipt-v1@1"


def test_preparations_are_compared_with_none() -> None:
    made = arms.preparations_compared(BASE)

    assert made[0].settings.preparation == "none"
    assert len(made) == len(arms.PREPARATIONS)


def test_arms_that_differ_in_nothing_are_numbered() -> None:
    assert names(arms.numbered([own(), own()])) == ["gpt-4o, temperature 0.2", "gpt-4o, temperature 0.2 (2)"]


def test_a_name_that_was_given_stays() -> None:
    assert names(arms.numbered([own("오늘"), own(temperature=0.0)])) == ["오늘", "temperature 0.0"]


def test_an_arm_without_a_temperature_is_named_by_the_rest() -> None:
    made = arms.numbered([own(temperature=0.2), own(temperature=None)])

    assert names(made) == ["temperature 0.2", "default"]


@pytest.mark.parametrize(
    ("arm", "said"),
    [
        (own("a", temperature=3.0), "the temperature of arm a is 3; it goes from 0 to 2."),
        (own("a", model=" "), "arm a has no model."),
        (own("a", engine="tesseract"), "arm a has the engine tesseract."),
        (own("a", detail="sharp"), "arm a: detail cannot be that."),
        (replace(arms.offline_arm(), settings=replace(arms.OFFLINE_SETTINGS, temperature=0.1)), "no temperature"),
    ],
)
def test_what_no_reading_can_have_is_refused(arm: Arm, said: str) -> None:
    with pytest.raises(ExperimentInvalid) as caught:
        arms.checked(arm, MODELS)

    assert said in str(caught.value)


def test_a_model_that_takes_no_temperature_is_told_of_before_it_runs() -> None:
    notes = arms.checked(own("a", model="gpt-6-astra", reasoning_effort="low"), MODELS)

    assert any("temperature" in str(note) for note in notes)


def test_the_offline_engine_is_a_baseline_without_choices() -> None:
    arm = arms.offline_arm()

    assert arms.checked(arm, MODELS) == ()
    assert arm.is_deterministic
    assert isinstance(arm.settings, ReadingSettings)
