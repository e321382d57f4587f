"""The Inbox: whom the end of a model is told, and a long look through the store."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ledger.bootstrap import build_services
from ledger.clock import utc_now
from ledger.config import Settings
from ledger.errors import BrokerUnavailable
from ledger.tasks import InlineTaskRunner
from ledger.ui.shell import use_services
from tests.factories import MemoryStore, migrated, take_in

APP = Path(__file__).parents[2] / "app.py"


@pytest.mark.parametrize(
    ("days", "admins", "told"),
    [(30, None, 0), (30, "지수", 0), (30, "지수,하나", 1), (-3, None, 1)],
    ids=["nobody named", "another admin", "an admin", "ended"],
)
def test_who_may_change_the_model_is_told_of_its_end_and_everybody_once_nothing_is_read(
    tmp_path: Path, days: int, admins: str | None, told: int
) -> None:
    table = tmp_path / "models.toml"
    table.write_text(f"[models.old]\nends = {utc_now().date() + dt.timedelta(days)}\n", encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    migrated(url).close()
    named: dict[str, Any] = {"admins": admins} if admins else {}
    model: dict[str, Any] = {"extractor": "openai", "openai_api_key": "x", "models_file": table, "model": "old"}
    settings = Settings(database_url=url, store_url=str(tmp_path), operator="하나", **model, **named)
    use_services(build_services(settings, InlineTaskRunner()))

    app = AppTest.from_file(str(APP), default_timeout=30)
    app.run().switch_page("pages/1_inbox.py").run()

    assert not app.exception
    assert len(app.warning) + len(app.error) == told


def test_a_long_look_through_the_store_leaves_the_page_and_says_how_far_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    migrated(url).close()
    desk = build_services(Settings(database_url=url, store_url=str(tmp_path), operator="하나"), InlineTaskRunner())
    store, go_on = MemoryStore(), threading.Event()
    store.check = lambda: go_on.wait(30)  # type: ignore[assignment, method-assign]  # a store that takes its time
    desk = replace(desk, store=store)
    use_services(desk)
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.run().switch_page("pages/1_inbox.py").run()

    app.button[0].click().run()  # the page's own patience: three seconds
    told = [each.value for each in app.caption]
    go_on.set()
    desk.begin_to_look().result(10)

    assert any("지금까지 찾은 사진 0장" in text for text in told), told
    assert not app.exception


class Elsewhere:
    """Hands tasks to workers, of whom there are so many; nobody does them."""

    def __init__(self, workers: int | Exception) -> None:
        self._workers = workers

    def submit(self, task: Callable[..., object], *args: Any) -> None:
        """It waits."""

    def workers(self) -> int:
        if isinstance(self._workers, Exception):
            raise self._workers
        return self._workers

    def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(
    ("workers", "told"),
    [
        (1, []),
        (0, ["사진을 판독할 작업자가 없습니다. 다음 명령으로 시작하십시오: python -m ledger worker"]),
        (BrokerUnavailable(why="refused"), ["작업자에게 보내는 대기열이 응답하지 않습니다: refused."]),
    ],
)
def test_photos_that_no_worker_takes_are_told_of(tmp_path: Path, workers: int | Exception, told: list[str]) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with contextlib.closing(migrated(url)) as database:
        take_in(database, MemoryStore())
    settings = Settings(database_url=url, store_url=str(tmp_path), operator="하나")
    use_services(build_services(settings, Elsewhere(workers)))

    app = AppTest.from_file(str(APP), default_timeout=30)
    app.run().switch_page("pages/1_inbox.py").run()

    assert not app.exception
    assert [warning.value.split(" 잃은")[0] for warning in app.warning] == told
