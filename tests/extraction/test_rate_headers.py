"""What a service tells of its limits."""

from __future__ import annotations

import pytest

from ledger.extraction.rate_headers import Bucket, Told, seconds_in
from tests.openai_standin.limits import Limits, go_duration


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("12ms", 0.012), ("1s", 1), ("1.5s", 1.5), ("6m0s", 360), ("1h2m3s", 3723), ("8.64s", 8.64), ("0s", 0)],
)
def test_durations_are_as_go_writes_them(written: str, seconds: float) -> None:
    assert seconds_in(written) == pytest.approx(seconds)


@pytest.mark.parametrize("written", ["", "1", "soon", "1s later", "-1s", "1.2.3s"])
def test_what_is_no_duration_is_not_guessed_at(written: str) -> None:
    with pytest.raises(ValueError):
        seconds_in(written)


@pytest.mark.parametrize("seconds", [0, 0.25, 59.999, 61, 3_661.5])
def test_they_are_read_as_they_are_written(seconds: float) -> None:
    assert seconds_in(go_duration(seconds)) == pytest.approx(seconds)


def test_the_limits_of_an_answer_are_found() -> None:
    found = Told(Limits(300, 30_000, clock=lambda: 0.0).take("gpt-4o", 5_000)).buckets
    assert found == {"requests": Bucket(300, 299, 0.2), "tokens": Bucket(30_000, 25_000, 10.0)}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-ratelimit-limit-requests": "60"},
        {"limit": "0", "remaining": "0", "reset": "0s"},
        {"limit": "-1", "remaining": "-1", "reset": "0s"},
        {"limit": "many", "remaining": "1", "reset": "1s"},
        {"limit": "60", "remaining": "1", "reset": "1700000000"},
        {"limit": "200", "remaining": "199", "reset": "7m12s"},
    ],
)
def test_what_tells_no_limit_of_a_minute_is_left_alone(headers: dict[str, str]) -> None:
    named = {name if "-" in name else f"x-ratelimit-{name}-requests": value for name, value in headers.items()}
    assert Told(named).buckets == {}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "200", "retry-after": "1"}, 0.2),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "nan"}, 1),
        ({"retry-after": "-1"}, 1),
        ({}, 1),
        (
            {
                "x-ratelimit-limit-requests": "60",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "1m0s",
            },
            1,
        ),
        (
            {
                "x-ratelimit-limit-requests": "200",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "24h0m0s",
            },
            432,
        ),
        (
            {
                "x-ratelimit-limit-tokens": "6000",
                "x-ratelimit-remaining-tokens": "1000",
                "x-ratelimit-reset-tokens": "50s",
            },
            20,
        ),
    ],
)
def test_a_refusal_says_when_there_is_room(headers: dict[str, str], seconds: float) -> None:
    assert Told(headers).room_in({"requests": 1, "tokens": 3_000}) == pytest.approx(seconds)
