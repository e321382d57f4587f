"""Workers and the Redis between them are killed while photos flow: each is read once, and paid for once."""

from __future__ import annotations

from pathlib import Path

from tests.faults.storm import THREADS, storm

PHOTOS = 24


def test_every_photo_is_read_once_although_a_worker_and_redis_are_killed(tmp_path: Path) -> None:
    with storm(tmp_path, PHOTOS, answers_in=0.5) as world:
        world.until(4, seconds=60)
        world.kill_worker()
        world.start_worker()
        world.redis.away(1)
        world.let_leases_run_out()
        world.until(PHOTOS, seconds=60)

        assert set(world.good_readings().values()) == {1}
        assert world.failures() == {}
        assert len(world.paid()) == PHOTOS
        assert sum(world.paid().values()) <= PHOTOS + 2 * THREADS
