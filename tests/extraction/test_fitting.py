"""Settings meet the model: what is sent, what is left out and said, what is refused."""

from dataclasses import replace

import pytest

from ledger.errors import SettingRefused
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.fitting import default_settings, fitted
from ledger.extraction.models import ModelFacts, load_models


def settings(model, **changes):
    return replace(ReadingSettings(model=model, temperature=0.2, prompt_version="receipt-v1@0"), **changes)


def fit(asked):
    applied, notes = fitted(asked, load_models().facts(asked.model))
    return applied, list(map(str, notes))


@pytest.mark.parametrize(
    "asked",
    [
        settings("gpt-4o"),
        settings("gpt-4o", temperature=None, detail=None, logprobs=None),
        settings("gpt-6-luna", reasoning_effort="none", detail="original"),
        settings("gpt-6-luna", temperature=None, logprobs=None, reasoning_effort="high"),
        settings("gpt-5.4-mini"),
        settings("나의-모델", reasoning_effort="max", detail="original"),
    ],
)
def test_what_a_model_takes_is_sent_as_it_was_asked_for(asked):
    assert fit(asked) == (asked, [])


@pytest.mark.parametrize(
    ("asked", "left_out", "said"),
    [
        (settings("gpt-4o", reasoning_effort="low"), "reasoning_effort", "setting reasoning_effort: low was not"),
        (settings("gpt-4o", detail="original"), "detail", "does not take the setting detail: original was not applied"),
        (settings("gpt-6-luna", logprobs=None), "temperature", "setting temperature: 0.2 was not applied"),
        (settings("gpt-6-luna", temperature=None), "logprobs", "The model gpt-6-luna does not tell how sure it was"),
        (settings("gpt-6-astra", logprobs=None), "temperature", "setting temperature: 0.2 was not applied"),
        (
            settings("gpt-6-astra", temperature=None, logprobs=None, reasoning_effort="none"),
            "reasoning_effort",
            "setting reasoning_effort: none was not applied",
        ),
    ],
)
def test_what_a_model_is_known_not_to_take_is_left_out_and_said(asked, left_out, said):
    applied, notes = fit(asked)
    assert applied == replace(asked, **{left_out: None})
    assert len(notes) == 1
    assert said in notes[0]


def test_everything_that_is_left_out_has_its_note():
    applied, notes = fit(settings("gpt-6-astra", reasoning_effort="none"))
    assert (applied.temperature, applied.reasoning_effort, applied.logprobs) == (None, None, None)
    assert len(notes) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [("reasoning_effort", "매우"), ("detail", "세밀"), ("answer_format", "yaml"), ("preparation", "선명")],
)
@pytest.mark.parametrize("model", ["gpt-4o", "나의-모델"])
def test_a_name_that_no_model_knows_is_refused(model, name, value):
    with pytest.raises(SettingRefused, match=f"the setting {name}: '{value}' is none of "):
        fit(settings(model, **{name: value}))


def defaults(model, **given):
    made = default_settings(model, load_models().facts(model), **given)
    return made.temperature, made.reasoning_effort, made.detail, made.answer_format


@pytest.mark.parametrize(
    ("model", "given", "expected"),
    [
        ("gpt-4o", {}, (0.2, None, "high", "json_schema")),
        ("gpt-6-luna", {}, (0.2, "none", "original", "json_schema")),
        ("gpt-6-astra", {}, (None, None, "original", "json_schema")),
        ("나의-모델", {}, (0.2, None, "high", "json_schema")),
        ("gpt-4o", {"temperature": 0.0, "detail": "low"}, (0.0, None, "low", "json_schema")),
        ("gpt-4o", {"temperature": "none"}, (None, None, "high", "json_schema")),
        # The profile's temperature is nobody's wish, so it is not asked of a model that reasons.
        ("gpt-6-luna", {"reasoning_effort": "high"}, (None, "high", "original", "json_schema")),
        ("gpt-6-luna", {"reasoning_effort": "high", "temperature": 0.7}, (0.7, "high", "original", "json_schema")),
        ("나의-모델", {"answer_format": "text"}, (0.2, None, "high", "text")),
    ],
)
def test_what_nobody_said_comes_from_the_models_profile(model, given, expected):
    assert defaults(model, **given) == expected


def test_the_default_settings_of_every_known_model_are_taken_by_it():
    for model in ("gpt-4o", "gpt-4o-mini", "gpt-4.1-mini", "gpt-5.4-mini", "gpt-6-luna", "gpt-6-sol", "gpt-6.1-terra"):
        facts = load_models().facts(model)
        made = default_settings(model, facts)
        assert fitted(made, facts) == (made, ())


def test_the_facts_of_nobodys_model_allow_everything():
    asked = settings("나의-모델", reasoning_effort="minimal", detail="auto", temperature=2.0)
    assert fitted(asked, ModelFacts()) == (asked, ())


@pytest.mark.parametrize(
    ("applied", "asked"),
    [
        ("upscale:lanczos", "upscale"),
        ("upscale:edsr+binarise", "upscale+binarise"),
        ("upscale", "upscale"),
        ("binarise", "binarise"),
    ],
)
def test_a_preparation_as_it_was_applied_can_be_asked_for_again(applied, asked):
    assert fit(settings("gpt-4o", preparation=applied)) == (settings("gpt-4o", preparation=asked), [])


@pytest.mark.parametrize("name", ["upscale:magic", "upscale:edsrx", "binarise:lanczos", "lanczos"])
def test_a_preparation_by_unknown_means_is_refused(name):
    with pytest.raises(SettingRefused, match="preparation"):
        fit(settings("gpt-4o", preparation=name))
