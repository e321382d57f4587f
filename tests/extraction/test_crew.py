from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from ledger import meters
from ledger.extraction.crew import Crew

PATIENCE = 10.0


class Counted:
    """How many threads are inside, and the most that ever were."""

    def __init__(self) -> None:
        self.most = self._now = 0
        self._changed = threading.Condition()

    @contextmanager
    def inside(self) -> Iterator[None]:
        with self._changed:
            self._now += 1
            self.most = max(self.most, self._now)
            self._changed.notify_all()
        yield
        with self._changed:
            self._now -= 1

    def reaches(self, number: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.most >= number, PATIENCE)


def all_of(number: int, task: Callable[[], object]) -> None:
    with ThreadPoolExecutor(number) as pool:
        for done in [pool.submit(task) for _ in range(number)]:
            done.result(2 * PATIENCE)


def test_so_many_work_at_once_and_no_more() -> None:
    crew, working = Crew(with_model=8, working=2), Counted()

    def read() -> None:
        with crew.works(), working.inside():
            assert working.reaches(2)

    all_of(8, read)

    assert working.most == 2


def test_while_one_asks_the_model_another_one_works() -> None:
    crew, asking, working = Crew(with_model=2, working=1), Counted(), Counted()

    def read() -> None:
        with crew.works():
            with working.inside():
                pass
            with crew.waits(), crew.asks(), asking.inside():
                assert asking.reaches(2)

    all_of(4, read)

    assert (asking.most, working.most) == (2, 1)


def test_who_waits_for_a_photo_lets_another_one_work() -> None:
    crew, waiting = Crew(with_model=2, working=1), Counted()

    def read() -> None:
        with crew.works(), crew.waits(), waiting.inside():
            assert waiting.reaches(3)

    all_of(3, read)

    assert waiting.most == 3


def test_who_has_begun_goes_on_before_others_begin() -> None:
    crew, order = Crew(with_model=2, working=1), list[str]()
    away, back = threading.Event(), threading.Event()

    def goes_on() -> None:
        with crew.works():
            with crew.waits():
                away.set()
                assert back.wait(PATIENCE)
            order.append("goes on")

    def begins() -> None:
        with crew.works():
            time.sleep(0.05)
            order.append("begins")

    with ThreadPoolExecutor(21) as pool:
        going_on = pool.submit(goes_on)
        assert away.wait(PATIENCE)
        begun = [pool.submit(begins) for _ in range(20)]
        time.sleep(0.1)  # the photo arrives while one of these works and the others wait
        back.set()
        for done in (going_on, *begun):
            done.result(2 * PATIENCE)

    assert order.index("goes on") < 15


def test_waiting_for_a_place_is_none_of_a_readings_own_time() -> None:
    crew, took, asked = Crew(with_model=1, working=2), [], threading.Event()
    held = 0.5

    def first() -> None:
        with crew.works(), crew.asks():
            asked.set()
            time.sleep(held)

    def second() -> None:
        assert asked.wait(PATIENCE)
        with crew.works():
            began, own = time.monotonic(), meters.own_time()
            with crew.asks():
                took.append((time.monotonic() - began, meters.own_time() - own))

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(first), pool.submit(second)]:
            done.result(PATIENCE)

    [(waited, own)] = took
    assert waited - own > held / 2


def test_a_failure_gives_its_places_back() -> None:
    crew = Crew(with_model=1, working=1)

    for _ in range(3):
        try:
            with crew.works(), crew.asks():
                raise OSError
        except OSError:
            pass

    with crew.works(), crew.asks():
        pass


def test_who_is_not_of_the_crew_asks_without_taking_a_place() -> None:
    crew, asking = Crew(with_model=1, working=1), Counted()

    def experiment() -> None:
        with crew.asks(), asking.inside():
            assert asking.reaches(3)

    all_of(3, experiment)

    assert asking.most == 3


def test_a_crew_without_number_lets_all_work_at_once() -> None:
    crew, working = Crew(), Counted()

    def read() -> None:
        with crew.works(), crew.waits(), crew.asks(), working.inside():
            assert working.reaches(20)

    all_of(20, read)

    assert working.most == 20


def test_what_can_wait_is_done_beside_the_request_and_not_before_it() -> None:
    crew, done, begun_before = Crew(with_model=1, working=1), threading.Event(), []

    def work() -> str:
        done.set()
        return "감자"

    def read() -> None:
        with crew.works(), crew.meanwhile(work) as result:
            begun_before.append(done.wait(0.1))
            with crew.waits(), crew.asks():
                assert done.wait(PATIENCE)
            assert result() == "감자"

    all_of(1, read)

    assert begun_before == [False]


def test_what_can_wait_is_done_once_however_often_the_model_is_asked() -> None:
    crew, done = Crew(), []

    with crew.meanwhile(lambda: done.append(1)) as result:
        for _ in range(3):
            with crew.asks():
                pass
        result()

    assert done == [1]


def test_where_nothing_was_asked_who_wants_it_does_what_could_wait() -> None:
    crew = Crew(with_model=1, working=1)

    with crew.works(), crew.meanwhile(threading.get_ident) as result:
        assert result() == threading.get_ident()


def test_what_could_wait_for_one_photo_is_not_begun_with_the_next() -> None:
    crew, begun = Crew(), []

    with crew.meanwhile(lambda: begun.append("first")):
        pass
    with crew.asks():
        time.sleep(0.1)

    assert begun == []
