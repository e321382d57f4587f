"""Tokens as the API counts them."""

import pytest

from tests.openai_standin import StandIn
from tests.openai_standin.models import model_of
from tests.openai_standin.usage import image_tokens
from tests.openai_standin_tests.asking import object_of, picture, request, url_of, with_schema

SIZES = [(3024, 4032), (1536, 2048), (1080, 2400), (1000, 6000)]


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("gpt-4o", [765, 765, 1445, 765]),
        ("gpt-4o-mini", [25501, 25501, 48169, 25501]),
        ("gpt-5.6-luna", [11970, 3072, 2550, 6016]),
        ("gpt-4.1-mini", [2489, 2489, 2489, 1141]),
    ],
)
def test_pictures_count_by_the_rule_of_the_model(model, tokens):
    assert [image_tokens(model_of(model), *size, "high") for size in SIZES] == tokens


def test_low_detail_counts_the_base_alone():
    assert image_tokens(model_of("gpt-4o"), 3024, 4032, "low") == 85
    assert image_tokens(model_of("gpt-6-luna"), 3024, 4032, "low") == 12 * 16


def usage(response):
    return response.json()["usage"]


def test_more_choices_count_more_output_and_no_more_input(post):
    one, three = (usage(post(request(n=n, prompt_cache_key=f"n {n}"))) for n in (1, 3))
    assert three["prompt_tokens"] == one["prompt_tokens"]
    assert three["completion_tokens"] == 3 * one["completion_tokens"]
    assert three["total_tokens"] == three["prompt_tokens"] + three["completion_tokens"]


def test_reasoning_counts_as_output_and_none_is_none(post):
    thinking, not_thinking = (
        usage(post(request(model="gpt-6-luna", reasoning_effort=effort))) for effort in ("high", "none")
    )
    thought = thinking["completion_tokens_details"]["reasoning_tokens"]
    assert thought == 1024
    assert not_thinking["completion_tokens_details"]["reasoning_tokens"] == 0
    assert thinking["completion_tokens"] - not_thinking["completion_tokens"] == thought


def test_a_schema_counts_as_input(post):
    format_ = with_schema(object_of(**{f"field {i}": {"type": "integer"} for i in range(40)}))
    assert (
        usage(post(request(response_format=format_)))["prompt_tokens"] > usage(post(request()))["prompt_tokens"] + 200
    )


# The cache


def two_messages(prompt, shade_of="JPEG", **changes):
    shown = url_of(picture(shade_of), f"image/{shade_of.lower()}")
    (message,) = request(shown)["messages"]
    return request(messages=[{"role": "system", "content": prompt}, message], **changes)


@pytest.fixture
def cached(ask):
    with StandIn() as standin:
        yield lambda body: usage(ask(standin, body))["prompt_tokens_details"]["cached_tokens"]


LONG = "영수증을 읽고 " * 300


def test_a_long_beginning_that_came_before_is_cached_in_steps_of_128(cached):
    assert cached(two_messages(LONG)) == 0
    again, other_picture = cached(two_messages(LONG)), cached(two_messages(LONG, "PNG"))
    assert again % 128 == other_picture % 128 == 0
    assert again > other_picture >= 1024


def test_a_short_prompt_is_never_cached(cached):
    assert [cached(two_messages("짧게")) for _ in range(2)] == [0, 0]


def test_another_beginning_another_model_and_another_key_are_not_cached(cached):
    cached(two_messages(LONG))
    assert cached(two_messages(f"새 {LONG}")) == 0
    assert cached(two_messages(LONG, model="gpt-4.1")) == 0
    assert cached(two_messages(LONG, prompt_cache_key="another")) == 0
    assert cached(two_messages(LONG, prompt_cache_key="another")) >= 1024
