"""The setting that production reads with: chosen, read with, replaced, and taken back."""

from __future__ import annotations

import datetime as dt
import itertools
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.extraction.pipeline import Reader
from ledger.extraction.production import Production
from ledger.extraction.tables import ProductionSettingRow
from ledger.prompts.versions import load
from tests.extraction.runs import run
from tests.factories import NOW, SETTINGS, FakeExtractor, MemoryStore, take_in
from tests.services import services

WARM, HOT = replace(SETTINGS, temperature=0.3), replace(SETTINGS, temperature=0.9)


def ticking() -> Callable[[], dt.datetime]:
    """A clock that goes on by a second each time it is asked, by several threads too."""
    seconds = itertools.count(1)
    return lambda: NOW + dt.timedelta(seconds=next(seconds))


@pytest.fixture
def production(database: Database) -> Production:
    return Production(database, "fake", SETTINGS, ticking())


def open_rows(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(sa.select(ProductionSettingRow.id).where(ProductionSettingRow.ended_at.is_(None))))


# ---- Chosen


def test_without_a_choice_the_configured_setting_is_read_with(production: Production) -> None:
    assert (production.current(), production.chosen(), production.history()) == (SETTINGS, None, [])


def test_a_choice_holds_with_who_made_it_and_why(production: Production) -> None:
    chosen_id = production.choose(WARM, {"experiment": 7, "arm": "0.3"}, "지수")

    chosen = production.chosen()
    assert chosen is not None
    assert production.current() == chosen.settings == WARM
    assert (chosen.id, chosen.operator, chosen.reason) == (chosen_id, "지수", {"experiment": 7, "arm": "0.3"})
    assert (chosen.created_at, chosen.ended_at) == (NOW + dt.timedelta(seconds=1), None)


def test_a_choice_ends_the_one_before_and_both_are_kept(production: Production, database: Database) -> None:
    first, second = production.choose(WARM, {}, "지수"), production.choose(HOT, {}, "민호")

    now, before = production.history()
    assert (now.id, now.settings, now.ended_at) == (second, HOT, None)
    assert (before.id, before.settings, before.ended_by) == (first, WARM, "민호")
    assert before.ended_at == now.created_at
    assert open_rows(database) == [second]


def test_a_choice_for_one_engine_is_none_for_another(production: Production, database: Database) -> None:
    production.choose(WARM, {}, "지수")
    other = Production(database, "other", HOT)

    assert (other.current(), other.history()) == (HOT, [])
    chosen = production.chosen()
    assert chosen is not None
    assert not other.take_back(chosen.id, "지수")


def test_of_many_who_choose_at_once_one_holds_and_every_choice_is_kept(
    production: Production, database: Database
) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(lambda n: production.choose(replace(SETTINGS, temperature=n / 10), {}, str(n)), range(12)))

    chosen = production.chosen()
    assert chosen is not None
    assert open_rows(database) == [chosen.id]
    assert sorted(ids) == sorted(one.id for one in production.history())
    assert chosen.settings.temperature == int(chosen.operator) / 10


# ---- Taken back


def test_taken_back_the_configured_setting_holds_again(production: Production) -> None:
    chosen_id = production.choose(WARM, {}, "지수")

    assert production.take_back(chosen_id, "민호")
    assert (production.current(), production.chosen()) == (SETTINGS, None)
    (ended,) = production.history()
    assert ended.ended_by == "민호"


def test_what_was_taken_back_or_replaced_cannot_be_taken_back(production: Production) -> None:
    first, second = production.choose(WARM, {}, "지수"), production.choose(HOT, {}, "지수")

    assert not production.take_back(first, "민호")
    assert production.current() == HOT
    assert production.take_back(second, "민호")
    assert not production.take_back(second, "지수")
    assert not production.take_back(second + 1000, "지수")
    assert production.current() == WARM


def test_taken_back_the_choice_before_holds_again_as_a_new_row_with_its_evidence(production: Production) -> None:
    first = production.choose(WARM, {"experiment": 7}, "지수")
    production.take_back(production.choose(HOT, {}, "지수"), "민호")

    chosen = production.chosen()
    assert chosen is not None
    assert (chosen.settings, chosen.reason) == (WARM, {"experiment": 7, "restores": first})
    assert (chosen.operator, len(production.history())) == ("민호", 3)


def test_step_by_step_it_goes_back_to_the_configured_setting(production: Production) -> None:
    for settings in (WARM, HOT, replace(SETTINGS, temperature=1.5)):
        production.choose(settings, {}, "지수")

    held = []
    while chosen := production.chosen():
        production.take_back(chosen.id, "지수")
        held.append(production.current())
    assert held == [HOT, WARM, SETTINGS]


def test_what_was_taken_back_does_not_come_back_with_a_later_one(production: Production) -> None:
    production.take_back(production.choose(WARM, {}, "지수"), "지수")
    production.take_back(production.choose(HOT, {}, "지수"), "지수")

    assert production.current() == SETTINGS


def test_of_many_who_take_the_same_back_one_does(production: Production) -> None:
    production.choose(WARM, {}, "지수")
    chosen_id = production.choose(HOT, {}, "지수")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda n: production.take_back(chosen_id, str(n)), range(8)))

    assert done.count(True) == 1
    assert production.current() == WARM
    assert len(production.history()) == 3


def test_however_choices_and_their_ends_meet_at_most_one_holds(production: Production, database: Database) -> None:
    def one_step(n: int) -> None:
        chosen = production.chosen()
        if n % 2 and chosen is not None:
            production.take_back(chosen.id, str(n))
        else:
            production.choose(replace(SETTINGS, temperature=n / 100), {}, str(n))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one_step, range(60)))

    chosen = production.chosen()
    assert open_rows(database) == ([] if chosen is None else [chosen.id])


# ---- Settings of another version of the program


def store(database: Database, settings: dict[str, Any]) -> None:
    with database.write() as session:
        row = ProductionSettingRow(engine="fake", settings=settings, reason=None, operator="지수", created_at=NOW)
        session.add(row)


def test_keys_that_are_missing_are_as_configured_and_unknown_ones_are_left_out_and_told_once(
    production: Production, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    store(database, {"temperature": 0.3, "top_p": 0.9})

    with caplog.at_level(logging.WARNING):
        assert [production.current(), production.current()] == [WARM, WARM]
    assert [record.getMessage() for record in caplog.records] == [
        "the chosen setting 1 is read with as far as it is understood: this version knows no top_p"
    ]


# ---- The prompt


def promoted(production: Production, family: str, name: str = "receipt-v2") -> str:
    """A version of somebody's that is active for a family."""
    version = production.prompts.draft(name, "영수증을 읽습니다.", operator="지수").version
    production.prompts.promote(family, version, {}, "지수")
    return version


@pytest.mark.parametrize("pinned", ["receipt-v1@000000000000", load().version, None])
def test_a_setting_that_was_chosen_never_pins_a_prompt(
    production: Production, database: Database, pinned: str | None
) -> None:
    store(database, WARM.as_json() | {"prompt_version": pinned})
    assert production.current() == WARM
    production.choose(replace(HOT, prompt_version=pinned), {}, "지수")
    assert production.current() == HOT


def test_the_prompt_is_the_active_one_of_the_models_family(production: Production) -> None:
    promoted(production, "another", "other-v2")
    version = promoted(production, "fake-1")

    assert production.current() == replace(SETTINGS, prompt_version=version)
    production.choose(WARM, {}, "지수")
    assert production.current() == replace(WARM, prompt_version=version)
    (active,) = production.prompts.history("fake-1")
    production.prompts.take_back(active.id, "민호")
    assert production.current() == WARM


def test_what_reads_without_a_prompt_is_given_none(database: Database) -> None:
    production = Production(database, "offline", replace(SETTINGS, prompt_version=None))
    promoted(production, "fake-1")

    assert production.current().prompt_version is None


# ---- Read with


def test_each_reading_asks_with_what_holds_then(database: Database) -> None:
    photos, extractor = MemoryStore(), FakeExtractor()
    reader = Reader(database, photos, extractor, ticking())
    receipt_id = take_in(database, photos)
    chosen_id = reader.production.choose(WARM, {}, "지수")
    extraction_id = reader.read_if_due(receipt_id)
    reader.read(receipt_id, HOT)
    reader.production.take_back(chosen_id, "지수")
    reader.read(receipt_id)

    assert [settings.temperature for _, settings in extractor.asked] == [0.3, 0.9, 0.2]
    assert run(database, extraction_id).temperature == 0.3


def test_the_choice_of_one_process_is_read_with_by_the_others(database: Database) -> None:
    here, there = services(database), services(database)
    here.production.choose(WARM, {}, "지수")

    assert there.production.current() == WARM
