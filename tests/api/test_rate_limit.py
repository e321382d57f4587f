"""How often a key may ask, where several processes answer."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from ledger.api.rate_limit import RateLimit
from ledger.errors import TooManyRequests
from tests import servers


def asks(limit: RateLimit, times: int, name: str = "bookkeeping") -> int:
    """How many of so many requests are let through."""
    through = 0
    for _ in range(times):
        with contextlib.suppress(TooManyRequests):
            limit.count(name)
            through += 1
    return through


def test_processes_that_share_a_redis_count_together_and_each_key_by_itself(redis_url: str) -> None:
    one, other = RateLimit(5, redis_url), RateLimit(5, redis_url)

    assert [asks(one, 3), asks(other, 3), asks(one, 1)] == [3, 2, 0]
    assert asks(other, 6, "statistics") == 5
    with pytest.raises(TooManyRequests) as refusal:
        other.count("bookkeeping")
    assert 1 <= refusal.value.fields["seconds"] <= 60


def test_processes_without_one_count_by_themselves() -> None:
    one, other = RateLimit(5), RateLimit(5)

    assert [asks(one, 7), asks(other, 7)] == [5, 5]


def test_while_redis_is_away_each_counts_by_itself_says_so_once_and_looks_for_it_now_and_then(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port, now = servers.free_port(), [0.0]
    one, other = (RateLimit(5, f"redis://127.0.0.1:{port}", lambda: now[0]) for _ in range(2))

    assert [asks(one, 7), asks(other, 7)] == [5, 5]
    assert [said for said in caplog.messages if said.startswith("Redis is away (ConnectionError)")] == caplog.messages
    assert len(caplog.messages) == 2

    with servers.redis(tmp_path, port):
        assert asks(one, 1) == 0
        now[0] = 10.0
        assert [asks(one, 3), asks(other, 3)] == [3, 2]
    assert caplog.messages[-1] == "Redis is there again: requests of API keys are counted together"
