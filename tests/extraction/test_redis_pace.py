"""The pace in Redis: nothing depends on its being there, and nothing secret is in it."""

from __future__ import annotations

import logging
import signal
from pathlib import Path

import pytest
from redis import Redis

from ledger.extraction.pace import Pace
from ledger.extraction.redis_pace import InRedis
from tests import servers
from tests.extraction.test_pace import ASK, seconds_until_room, told


class Clock:
    """A clock that stands still until it is moved."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_without_redis_a_process_goes_on_with_a_part_of_the_limits_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pace = Pace(InRedis(f"redis://127.0.0.1:{servers.free_port()}"), {"requests": 24})
    assert [seconds_until_room(pace) for _ in range(3)] == [0, 10, 10]
    assert len(caplog.records) == 1
    assert "Redis is away (ConnectionError): this process goes on with 25% of the model's limits" in caplog.text


def test_a_redis_that_was_killed_is_used_again_and_what_was_told_is_known_to_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock, port = Clock(), servers.free_port()
    with servers.redis(tmp_path, port, stop=signal.SIGKILL) as url:
        shared = InRedis(url, clock)
        pace = Pace(shared)
        pace.answered(ASK, told(6, 6, "0s"))
        assert seconds_until_room(pace) == 0
    assert seconds_until_room(pace) == 0  # in this process nobody has asked yet
    assert seconds_until_room(pace) > 10
    with servers.redis(tmp_path, port) as url:
        assert seconds_until_room(pace) > 10  # it is not looked for at once
        clock.now += 10
        assert seconds_until_room(pace) == 0
        assert seconds_until_room(Pace(InRedis(url))) == 10
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    assert "Redis is there again" in caplog.text


def test_what_nobody_asks_for_is_forgotten(redis_url: str) -> None:
    Pace(InRedis(redis_url), {"requests": 6}).wait(ASK, 0)
    with Redis.from_url(redis_url) as client:
        assert [0 < client.ttl(key) <= 3600 for key in client.scan_iter()] == [True]


def test_nothing_is_written_while_no_limit_is_known(redis_url: str) -> None:
    Pace(InRedis(redis_url)).wait(ASK, 0)
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
