"""The extractor under limits: room is waited for, refusals are shared, and neither is the model's time."""

import time
from concurrent.futures import ThreadPoolExecutor

from redis import Redis

from ledger.errors import RateLimited
from ledger.extraction.pace import Pace
from ledger.extraction.redis_pace import InRedis
from ledger.extraction.runner import Runner
from ledger.receipt import to_contract
from tests.extraction.asking import failure, read
from tests.factories import NOW, jpeg
from tests.openai_standin import INSUFFICIENT_QUOTA, SAMPLE, StandIn, Status
from tests.openai_standin.limits import Limits


def test_what_one_worker_is_told_the_other_knows_before_it_asks(make_extractor, standin, photo, redis_url):
    one, other = (make_extractor(pace=Pace(InRedis(redis_url)), max_retries=0) for _ in range(2))
    standin.then(Status(429, retry_after=1))
    assert type(failure(one, photo)) is RateLimited
    began = time.monotonic()
    assert to_contract(read(other, photo).receipt) == SAMPLE
    assert time.monotonic() - began > 0.8
    assert len(standin.requests) == 2


def test_nobody_is_asked_where_the_service_wants_a_longer_rest_than_a_reading_may_wait(make_extractor, standin, photo):
    extractor = make_extractor(max_retries=2)
    standin.then(Status(429, retry_after=600))
    told = failure(extractor, photo)
    assert "Wait 600 seconds" in str(told)
    assert told.request_id is not None
    assert "Wait 60" in str(failure(extractor, photo))
    assert len(standin.requests) == 1


def test_an_empty_account_holds_nobody_on(make_extractor, standin, photo):
    extractor = make_extractor()
    standin.then(INSUFFICIENT_QUOTA)
    failure(extractor, photo)
    began = time.monotonic()
    read(extractor, photo)
    assert time.monotonic() - began < 0.9


def test_many_readers_under_a_low_limit_are_read_without_one_refusal(make_extractor, photo):
    limits = Limits(requests=600)
    limits.take("gpt-4o", 0)
    with StandIn(limits=limits) as service:
        extractor = make_extractor(base_url=service.url, to_openai=True, pace=Pace(most={"requests": 600}))
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda _: read(extractor, photo), range(24)))
        assert [to_contract(result.receipt) for result in results] == [SAMPLE] * 24
        assert len(service.requests) == 24


def test_waiting_for_room_is_not_the_models_time(make_extractor, store):
    extractor = make_extractor(pace=Pace(most={"requests": 60}))
    etag = store.put("ledger/감자.jpg", jpeg()).etag
    runner = Runner(store, extractor, None, lambda: NOW)
    began = time.monotonic()
    runs = [runner.run("ledger/감자.jpg", etag, extractor.default_settings) for _ in range(3)]
    waited = time.monotonic() - began
    assert [run.get("error_class") for run in runs] == [None] * 3
    assert waited > 1.3  # half a second's worth may go ahead
    assert sum(run["latency_ms"] for run in runs) < (waited - 1) * 1000


def test_the_key_is_not_told_to_redis(make_extractor, standin, photo, redis_url):
    read(make_extractor(pace=Pace(InRedis(redis_url), {"requests": 600})), photo)
    with Redis.from_url(redis_url) as client:
        kept = {key: client.get(key) for key in client.scan_iter()}
    assert len(kept) == 1
    assert standin.key.encode() not in b"".join([*kept, *kept.values()])


def test_closing_lets_go_of_who_waits(make_extractor, photo):
    extractor = make_extractor(pace=Pace(most={"requests": 1}))
    read(extractor, photo)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(failure, extractor, photo)
        time.sleep(0.3)
        extractor.close()
        assert type(waiting.result(timeout=5)) is RateLimited
