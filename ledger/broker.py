"""Background work that several processes share: Celery over Redis.

The receipt's row stays the truth. Redis holds only who is asked to look at which receipt, so all of it may be lost at
any time: what is due is handed out again at the next look, and a task that comes twice finds nothing left to do.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

from celery import Celery
from celery.exceptions import CPendingDeprecationWarning
from celery.platforms import SecurityWarning
from celery.signals import setup_logging
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

from ledger import traces
from ledger.errors import BrokerUnavailable
from ledger.tasks import keep_doing, run_task

Task = Callable[..., object]

_QUEUE: Final = "ledger"
_LOST_SECONDS: Final = 120
"""A task whose worker is gone goes to another one after two minutes; by Celery's own defaults, after an hour and more.
One that merely takes longer is handed to a second worker too, which finds the receipt being read and lets it be."""
_LOOKED_FOR_LOST: Final = 5.0
_QUEUED_SECONDS: Final = 600
"""How long a task counts as queued: longer than a healthy queue, and short enough for one that got lost."""
_PRESENT: Final = f"{_QUEUE}:workers"
TOLD_EVERY: Final = 15.0
_HEARD_SECONDS: Final = 60
"""A worker that was not heard of for so long, which is four times as long as it keeps silent, is gone."""
_ANSWER_SECONDS: Final = 5
_AHEAD: Final = 3
"""Tasks that a worker holds for each of its threads: without the event loop it looks for more only every two seconds
while it holds as many as it may."""
_PUBLISHING: Final = {"max_retries": 1, "interval_start": 0.1}
"""A publisher does not wait for a Redis that is away: somebody may be looking at the page."""


class CeleryTaskRunner:
    """Hands tasks to the workers. A task is a method that workers know by its name, with numbers as arguments."""

    def __init__(self, url: str) -> None:
        self._app = _celery(url)
        self._redis = _redis(url)
        self._marks = _Marks(self._redis)

    def submit(self, task: Task, *args: int) -> None:
        """Queue it, unless the same task waits already. Raises BrokerUnavailable."""
        name = _name(task)
        with _named_outages():
            if self._marks.add(name, args):
                self._send(name, args)

    def _send(self, name: str, args: tuple[int, ...]) -> None:
        try:
            self._app.send_task(name, args, headers=traces.carried(), retry_policy=_PUBLISHING)
        except (RedisError, OperationalError):
            with suppress(RedisError):  # with its mark it counts as queued for ten minutes
                self._marks.remove(name, args)
            raise

    def workers(self) -> int:
        """How many workers were heard of lately. Raises BrokerUnavailable."""
        with _named_outages():
            return _heard_of(self._redis)

    def close(self) -> None:
        """Let go of the connections. What is queued stays so."""
        self._app.close()
        self._redis.close()


def work(url: str, tasks: Sequence[Task], threads: int, lost_seconds: int = _LOST_SECONDS) -> None:
    """Run these tasks as they come, so many at a time, until the process is told to end.

    At SIGTERM what has begun is finished. Redis may go away and come back meanwhile. What a worker holds for longer
    than `lost_seconds` is handed out again.
    """
    app, marks, stop = _celery(url, lost_seconds), _Marks(_redis(url)), threading.Event()
    warnings.simplefilter("ignore", SecurityWarning)  # root is warned of pickled tasks, and ours are JSON
    warnings.simplefilter("ignore", CPendingDeprecationWarning)
    # What cannot be acknowledged comes again, and finds nothing left to do.
    logging.getLogger("celery.worker.request").setLevel(logging.CRITICAL + 1)
    setup_logging.connect(_keep_our_logging)
    for task in tasks:
        app.task(_unmarking(task, marks), name=_name(task), bind=True)
    quiet = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True, "quiet": True}
    restoring = threading.Thread(target=keep_doing, args=(partial(_restore_lost, app), _LOOKED_FOR_LOST, stop))
    restoring.daemon = True
    restoring.start()
    try:
        # Celery's event loop does not take up a queue again whose Redis went away while threads were working.
        app.Worker(pool="threads", concurrency=threads, use_eventloop=False, **quiet).start()
    finally:
        stop.set()


def _restore_lost(app: Celery) -> None:
    """Hand out again what workers hold who are gone.

    Without its event loop Celery never does: each look at an empty queue ends, in kombu's MultiChannelPoller.get, just
    before it would restore anything. What a killed worker held would wait until its marks run out.
    """
    # That Redis is away is said elsewhere.
    with suppress(RedisError, OperationalError), app.connection_for_write() as connection:
        connection.default_channel.qos.restore_visible(num=None, interval=1)


def workers_at(url: str) -> int:
    """How many workers were heard of lately. Raises BrokerUnavailable."""
    with _named_outages(), _redis(url) as redis:
        return _heard_of(redis)


class Presence:
    """Says that this worker is there, for as long as it says so again."""

    def __init__(self, url: str) -> None:
        self._redis, self._name = _redis(url), uuid.uuid4().hex

    def tell(self) -> None:
        """Say it now. Raises BrokerUnavailable."""
        with _named_outages():
            self._redis.zadd(_PRESENT, {self._name: time.time()})
            self._redis.zremrangebyscore(_PRESENT, "-inf", time.time() - _HEARD_SECONDS)

    def end(self) -> None:
        """Say that it is gone, if Redis is there to be told."""
        with suppress(RedisError):
            self._redis.zrem(_PRESENT, self._name)
        self._redis.close()


def _heard_of(redis: Redis) -> int:
    """How many workers said so lately that they are there."""
    count: int = redis.zcount(_PRESENT, time.time() - _HEARD_SECONDS, "+inf")  # type: ignore[assignment]  # not async
    return count


class _Marks:
    """Which tasks wait to be begun. They lie where the tasks lie, so that both are lost together."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def add(self, name: str, args: tuple[int, ...]) -> bool:
        """Whether it did not wait until now."""
        return bool(self._redis.set(_mark(name, args), 1, nx=True, ex=_QUEUED_SECONDS))

    def remove(self, name: str, args: tuple[int, ...]) -> None:
        self._redis.delete(_mark(name, args))


def _mark(name: str, args: tuple[int, ...]) -> str:
    return ":".join([_QUEUE, "queued", name, *map(str, args)])


def _unmarking(task: Task, marks: _Marks) -> Task:
    def begun(celery_task: Any, *args: int) -> None:
        with suppress(RedisError):  # the mark then goes by itself
            marks.remove(_name(task), args)
        with traces.continued(celery_task.request.headers):
            run_task(task, args)

    return begun


def _name(task: Task) -> str:
    return task.__name__


def _celery(url: str, lost_seconds: int = _LOST_SECONDS) -> Celery:
    app = Celery("ledger", broker=url, set_as_current=False)
    app.conf.update(
        task_default_queue=_QUEUE,
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=_AHEAD,
        worker_enable_remote_control=False,
        worker_redirect_stdouts=False,
        broker_transport_options={"visibility_timeout": lost_seconds, "socket_timeout": _ANSWER_SECONDS},
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
    )
    return app


def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_ANSWER_SECONDS)


def _keep_our_logging(**_said: Any) -> None:
    """Celery sets up logging of its own unless somebody listens to this signal."""


@contextmanager
def _named_outages() -> Iterator[None]:
    try:
        yield
    except (RedisError, OperationalError) as exc:
        raise BrokerUnavailable(why=str(exc).rstrip(".")) from exc
