"""What the services do with photos: which are read, and which again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.bootstrap import build_services
from ledger.clock import utc_now
from ledger.config import Settings
from ledger.database import Database
from ledger.errors import AnswerNotJson, QuotaExhausted, RateLimited
from ledger.receipt import ReceiptStatus
from ledger.review.lists import waiting_counts
from ledger.services import Services
from ledger.tasks import InlineTaskRunner
from tests.factories import MISREAD, FakeExtractor, MemoryStore, jpeg, migrated, take_in
from tests.services import services


def read_and_failed(database: Database) -> tuple[int, int]:
    counts = waiting_counts(database)
    return counts[ReceiptStatus.EXTRACTED].number, counts[ReceiptStatus.FAILED].number


def test_a_short_outage_fails_nothing_for_good(database: Database) -> None:
    store = MemoryStore()
    for n in range(3):
        store.put(f"{n}.jpg", jpeg())
    desk = services(
        database,
        store,
        FakeExtractor(RateLimited(retry_after=1), RateLimited(retry_after=1), AnswerNotJson(why="?"), MISREAD),
    )
    desk.look_for_photos()
    take_in(database, store, "new.jpg")

    assert (desk.read_due(), read_and_failed(database)) == (1, (1, 3))
    assert (desk.read_waiting(), read_and_failed(database)) == (2, (3, 1))
    assert (desk.read_waiting(), read_and_failed(database)) == (0, (3, 1))


def test_everything_that_failed_is_read_again_when_a_person_says_so(database: Database) -> None:
    store = MemoryStore()
    for n in range(2):
        store.put(f"{n}.jpg", jpeg())
    desk = services(database, store, FakeExtractor(RateLimited(retry_after=1), AnswerNotJson(why="?"), MISREAD))
    desk.look_for_photos()

    assert (desk.read_failed(), read_and_failed(database)) == (2, (2, 0))
    assert desk.read_failed() == 0


class Twice(InlineTaskRunner):
    """Does each task twice, as workers may."""

    def submit(self, task: Callable[..., object], *args: Any) -> None:
        super().submit(task, *args)
        super().submit(task, *args)


def test_what_a_person_has_read_again_is_read_once_however_often_the_task_comes(database: Database) -> None:
    store, extractor = MemoryStore(), FakeExtractor(MISREAD, AnswerNotJson(why="?"), MISREAD)
    good, failed, new = (take_in(database, store, f"{n}.jpg") for n in range(3))
    desk = replace(services(database, store, extractor), tasks=Twice())
    desk.reader.read(good)
    desk.reader.read(failed)

    desk.read_again([good, failed, new])
    assert (len(extractor.asked), read_and_failed(database)) == (5, (3, 0))

    desk.read_again([good])
    assert len(extractor.asked) == 6


def model_ending(tmp_path: Path, days: int, **settings: Any) -> Services:
    """Services whose model, in a table of one's own, ends in so many days."""
    end = utc_now().date() + dt.timedelta(days)
    table = tmp_path / "모델.toml"
    table.write_text(f'[models.old]\nends = {end}\nsuccessor = "new"\n', encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    migrated(url).close()
    made = Settings(database_url=url, store_url=str(tmp_path), models_file=table, model="old", **settings)
    return build_services(made, InlineTaskRunner())


def test_the_near_end_of_the_model_that_reads_is_told_with_its_successor(tmp_path: Path) -> None:
    desk = model_ending(tmp_path, 30, extractor="openai")
    told = desk.retirement()

    assert told is not None
    assert (told.model, told.successor) == ("old", "new")
    assert told.days_left in (29, 30)  # midnight may pass meanwhile


def test_the_end_that_is_told_is_that_of_the_model_which_was_chosen(tmp_path: Path) -> None:
    desk = model_ending(tmp_path, 30, extractor="openai")
    desk.production.choose(replace(desk.production.configured, model="our-own"), {}, "지수")

    assert desk.retirement() is None


@pytest.mark.parametrize(("days", "extractor"), [(120, "openai"), (30, "offline")])
def test_a_far_end_or_that_of_a_model_which_does_not_read_is_not_told(
    tmp_path: Path, days: int, extractor: str
) -> None:
    assert model_ending(tmp_path, days, extractor=extractor).retirement() is None


def test_what_is_found_waits_while_the_model_has_no_credit_unless_somebody_asks_for_it(database: Database) -> None:
    store, extractor = MemoryStore(), FakeExtractor(QuotaExhausted(), QuotaExhausted(), MISREAD)
    desk = services(database, store, extractor)
    for number in range(3):
        store.put(f"{number}.jpg", jpeg(number))
    desk.look_for_photos()
    asked = len(extractor.asked)

    desk.look_for_photos()
    assert asked == len(extractor.asked) == 1
    assert len(desk.reader.due()) == 2

    desk.read_due()
    assert len(extractor.asked) == 3, "who asks for it has everything tried"


class OpenBatches:
    """Batches of which one is open, until somebody looks."""

    def __init__(self) -> None:
        self.looks = 0

    def waits_for_look(self) -> bool:
        return self.looks == 0

    def look_at_batches(self) -> None:
        self.looks += 1


def test_open_batches_are_looked_at_when_photos_are_looked_for(database: Database) -> None:
    batches = OpenBatches()
    desk = services(database, batches=batches)

    desk.look_for_photos()
    desk.look_for_photos()

    assert batches.looks == 1
