"""Limits per minute, told by headers and kept by refusals, and how long an answer takes."""

import re
import time

import pytest
from openai import OpenAI

from tests.openai_standin import Limits, StandIn
from tests.openai_standin.errors import ApiError
from tests.openai_standin.limits import go_duration
from tests.openai_standin_tests.asking import request


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self):
        return self.now


def test_headers_tell_what_is_left_and_when_all_is_there_again():
    limits = Limits(requests=60, tokens=6000, clock=Clock())
    limits.take("gpt-4o", 1000)
    assert limits.take("gpt-4o", 2000) == {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "58",
        "x-ratelimit-reset-requests": "2s",
        "x-ratelimit-limit-tokens": "6000",
        "x-ratelimit-remaining-tokens": "3000",
        "x-ratelimit-reset-tokens": "30s",
    }


def test_too_many_tokens_have_to_wait_and_then_pass():
    clock = Clock()
    limits = Limits(requests=60, tokens=6000, clock=clock)
    limits.take("gpt-4o", 5000)
    with pytest.raises(ApiError) as caught:
        limits.take("gpt-4o", 2500)
    assert (caught.value.status, caught.value.type, caught.value.code) == (429, "tokens", "rate_limit_exceeded")
    assert caught.value.message.startswith(
        "Rate limit reached for gpt-4o in organization org-standin on tokens per min (TPM): Limit 6000, Used 5000,"
        " Requested 2500. Please try again in 15s."
    )
    assert caught.value.headers["retry-after"] == "15"
    clock.now = 15
    assert limits.take("gpt-4o", 2500)["x-ratelimit-remaining-tokens"] == "0"


def test_requests_beyond_the_limit_get_429_and_a_patient_client_gets_through(ask):
    with StandIn(limits=Limits(requests=600)) as standin:
        first = ask(standin, request())
    assert first.headers["x-ratelimit-remaining-requests"] == "599"
    assert re.fullmatch(r"\d+ms", first.headers["x-ratelimit-reset-requests"])
    with StandIn(limits=Limits(requests=1)) as standin:
        ask(standin, request())
        refused = ask(standin, request())
        assert (refused.status_code, refused.json()["error"]["type"]) == (429, "requests")
        assert refused.headers["retry-after"] in ("59", "60")
    with (
        StandIn(limits=Limits(tokens=60_000)) as standin,
        OpenAI(api_key=standin.key, base_url=standin.url) as client,
    ):
        # A second fills 1000 tokens in again; the room that a request leaves counts as if it were written.
        body = request(max_completion_tokens=16_000)
        answers = [client.chat.completions.create(**body) for _ in range(3)]
        left = client.chat.completions.with_raw_response.create(**request(max_completion_tokens=9_000)).headers
    assert len(answers) == 3
    assert int(left["x-ratelimit-remaining-tokens"]) < 3000


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0ms"), (0.012, "12ms"), (1, "1s"), (1.5, "1.5s"), (60, "1m0s"), (366.2, "6m6.2s"), (3600, "1h0m0s")],
)
def test_durations_are_written_as_go_writes_them(seconds, text):
    assert go_duration(seconds) == text


def test_an_answer_can_take_its_time(ask):
    with StandIn("짧게", seconds=0.1, seconds_per_token=0.02) as standin:
        started = time.monotonic()
        took = int(ask(standin, request()).headers["openai-processing-ms"])
        assert time.monotonic() - started >= 0.14
    assert took >= 140
