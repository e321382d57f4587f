"""A Redis that goes away and comes back, as those see it who ask it."""

from __future__ import annotations

import pytest

from ledger.redis_link import Link


def test_a_redis_that_is_away_is_left_alone_for_ten_seconds_after_each_try_and_told_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = [0.0]
    link = Link("alone", "together", lambda: now[0])
    link.answered()
    assert not link.is_left_alone()

    for _ in range(2):
        link.failed(TimeoutError())
        assert link.is_left_alone()
        now[0] += 10
        assert not link.is_left_alone()
    link.answered()
    link.answered()

    assert caplog.messages == ["Redis is away (TimeoutError): alone", "Redis is there again: together"]
