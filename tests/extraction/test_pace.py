"""When the model is asked: spaced out under what is allowed, in turn, by all who share it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from ledger.errors import RateLimited
from ledger.extraction.pace import Ask, InMemory, Pace, Shared
from ledger.extraction.rate_headers import Told
from ledger.extraction.redis_pace import InRedis

ASK = Ask("a key and a model", tokens=100)
MakePace = Callable[..., Pace]


@pytest.fixture(params=["memory", "redis"])
def make_pace(request: pytest.FixtureRequest) -> Iterator[MakePace]:
    """Makes paces that share their standings: those of two threads, or of two processes."""
    own, made = InMemory(), []

    def make(**most: int) -> Pace:
        shared: Shared = own if request.param == "memory" else InRedis(request.getfixturevalue("redis_url"))
        made.append(Pace(shared, most))
        return made[-1]

    yield make
    for pace in made:
        pace.close()


def seconds_until_room(pace: Pace, ask: Ask = ASK) -> int:
    """Whole seconds that somebody without patience would have to wait; 0 where the request may be made, and is."""
    try:
        pace.wait(ask, patience=0)
    except RateLimited as full:
        return int(str(full.fields["retry_after"]))
    return 0


def told(limit: int, remaining: int, reset: str, kind: str = "requests") -> Told:
    values = {"limit": limit, "remaining": remaining, "reset": reset}
    return Told({f"x-ratelimit-{name}-{kind}": str(value) for name, value in values.items()})


def test_nobody_waits_while_no_limit_is_known(make_pace: MakePace) -> None:
    assert [seconds_until_room(make_pace()) for _ in range(50)] == [0] * 50


def test_requests_are_apart_by_their_part_of_a_minute_whoever_makes_them(make_pace: MakePace) -> None:
    assert seconds_until_room(make_pace(requests=6)) == 0
    assert seconds_until_room(make_pace(requests=6)) == 10


def test_a_request_of_many_tokens_takes_the_time_of_many(make_pace: MakePace) -> None:
    pace = make_pace(tokens=6_000)
    assert seconds_until_room(pace, Ask("a", tokens=3_000)) == 0
    assert seconds_until_room(pace, Ask("a", tokens=10)) == 31


def test_who_has_no_patience_takes_no_room(make_pace: MakePace) -> None:
    pace = make_pace(requests=6)
    assert [seconds_until_room(pace) for _ in range(5)] == [0, 10, 10, 10, 10]


def test_each_key_and_model_has_limits_of_its_own(make_pace: MakePace) -> None:
    pace = make_pace(requests=1)
    assert [seconds_until_room(pace, Ask(whose, 1)) for whose in ("a", "b")] == [0, 0]


def test_many_who_wait_get_their_moments_in_turn_and_waste_none(make_pace: MakePace) -> None:
    paces, began = [make_pace(requests=1_800), make_pace(requests=1_800)], time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: paces[n % 2].wait(ASK, patience=5), range(45)))
    took = time.monotonic() - began
    assert 45 / 30 - 0.7 < took < 45 / 30 + 0.5  # half a second's worth may go ahead


def test_a_limit_that_the_service_tells_holds_for_all(make_pace: MakePace) -> None:
    make_pace().answered(ASK, told(60, 59, "1s"))
    other = make_pace()
    assert [seconds_until_room(other), seconds_until_room(other)] == [0, 1]


@pytest.mark.parametrize(("by_hand", "by_service"), [(6, 600), (600, 6)])
def test_of_a_limit_that_was_set_and_one_that_was_told_the_lower_one_holds(
    make_pace: MakePace, by_hand: int, by_service: int
) -> None:
    pace = make_pace(requests=by_hand)
    pace.answered(ASK, told(by_service, by_service, "0s"))
    assert [seconds_until_room(pace), seconds_until_room(pace)] == [0, 10]


def test_where_others_have_emptied_the_services_bucket_we_ask_later(make_pace: MakePace) -> None:
    make_pace().answered(ASK, told(600, 0, "1m0s"))
    assert seconds_until_room(make_pace()) == 5


def test_a_limit_of_a_day_is_no_limit_of_a_minute(make_pace: MakePace) -> None:
    pace = make_pace()
    pace.answered(ASK, told(200, 100, "12h0m0s"))
    assert [seconds_until_room(pace) for _ in range(3)] == [0, 0, 0]


def test_when_one_is_refused_nobody_asks_until_the_service_said(make_pace: MakePace) -> None:
    pace, other = make_pace(), make_pace()
    pace.refused(ASK, Told({"retry-after": "30"}))
    assert [seconds_until_room(pace), seconds_until_room(other)] == [pytest.approx(30, abs=1)] * 2


@pytest.mark.parametrize(
    "learn",
    [
        lambda pace: pace.refused(ASK, Told({"retry-after-ms": "600"})),
        lambda pace: pace.answered(ASK, told(6_000, 440, "55.6s")),  # less than five seconds' worth is left
    ],
    ids=["refused", "nearly empty"],
)
def test_who_waits_already_is_held_on_too_and_they_come_back_one_by_one(
    make_pace: MakePace, learn: Callable[[Pace], object]
) -> None:
    pace, other = make_pace(requests=600), make_pace(requests=600)
    moments = []

    def ask() -> None:
        other.wait(ASK, patience=5)
        moments.append(time.monotonic())

    while other.wait(ASK, patience=1) < 0.05:  # until there are those who wait
        pass
    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        began = time.monotonic()
        learn(pace)
        for one in asking:
            one.result()
    moments.sort()
    late = [moment for moment in moments if moment - began > 0.55]
    assert len(late) >= 3  # the first may have been gone
    assert all(after - before > 0.05 for before, after in pairwise(late))


def test_closing_ends_every_wait_and_afterwards_there_are_waits_again(make_pace: MakePace) -> None:
    pace = make_pace(requests=6)
    pace.wait(ASK, 0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(pace.wait, ASK, 60)
        time.sleep(0.1)
        pace.close()
        with pytest.raises(RateLimited):
            waiting.result(timeout=5)
    assert seconds_until_room(pace) > 10


def test_two_processes_without_redis_know_nothing_of_each_other() -> None:
    assert [seconds_until_room(Pace(most={"requests": 1})) for _ in range(2)] == [0, 0]


def test_several_threads_never_take_the_same_moment(redis_url: str) -> None:
    pace, taken, lock = Pace(InRedis(redis_url), {"requests": 60}), [], threading.Lock()

    def take(_: int) -> None:
        moment = InRedis(redis_url).change("a", pace._moment(Ask("a", 1), patience=1_000))
        with lock:
            taken.append(moment)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(24)))
    assert max(taken) == pytest.approx(23 * 60 / 60 / 0.97 - 0.5, abs=0.5)
