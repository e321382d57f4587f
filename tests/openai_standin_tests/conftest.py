"""A stand-in for a whole file of tests, and how to ask it over plain HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.openai_standin import StandIn

Post = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    """OpenAI's rules and its sample answer, shared by the tests of a file."""
    with StandIn() as running:
        yield running


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """One client, so that connections are opened once."""
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def ask(http: httpx.Client) -> Post:
    """Posts a body to any stand-in."""

    def ask(standin: StandIn, body: dict[str, Any], key: str | None = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {standin.key if key is None else key}"} if key != "" else {}
        return http.post(f"{standin.url}/chat/completions", json=body, headers=headers)

    return ask


@pytest.fixture
def post(ask: Post, standin: StandIn) -> Post:
    """Posts a body to the shared stand-in."""
    return lambda body, key=None: ask(standin, body, key)
