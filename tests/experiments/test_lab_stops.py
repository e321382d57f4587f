"""An experiment stops where somebody or something ends it, and goes on from there."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import NoReturn

import pytest

from ledger.database import Database
from ledger.errors import (
    DatabaseUnavailable,
    ExperimentClosed,
    ModelTimeout,
    QuotaExhausted,
    RequestRefused,
)
from ledger.experiments import standing
from ledger.experiments.stored import experiment, progress
from ledger.experiments.turnstile import BUDGET_REACHED, INTERRUPTED
from ledger.experiments.words import ExperimentStatus
from ledger.extraction.extractor import ExtractionResult
from ledger.notes import Note
from tests.experiments.making import arm, dataset, runs, stored
from tests.experiments.running import Stores, lab
from tests.factories import NOW, RIGHT, FakeExtractor


def test_an_experiment_that_is_run_again_goes_on_where_it_stopped(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 6), arm(), in_flight=1)
    reader = FakeExtractor(RIGHT)
    reader.before_answer = lambda: len(reader.asked) == 3 and standing.pause(database, id_)

    first = lab(database, stores, _until_paused(database, id_, reader)).run(id_)
    paused_at = len(runs(database, id_))
    again = FakeExtractor(RIGHT)
    second = lab(database, stores, again).run(id_)

    assert first.status == ExperimentStatus.PAUSED
    assert 3 <= paused_at < 6
    assert second.status == ExperimentStatus.FINISHED
    assert len(again.asked) == 6 - paused_at


def _until_paused(database: Database, id_: int, reader: FakeExtractor) -> FakeExtractor:
    """Once it is paused the reader is slow, so that the lab notices."""
    paused = reader.before_answer

    def wait() -> None:
        paused()
        if experiment(database, id_).status == ExperimentStatus.PAUSED:
            threading.Event().wait(3)

    reader.before_answer = wait
    return reader


def test_a_budget_pauses_it_and_says_so(database: Database, stores: Stores) -> None:
    """Each run costs 2,620 millionths of a dollar, as the first one tells."""
    id_ = stored(database, dataset(database, stores.store, 6), arm(model="gpt-4o"), budget_microusd=10_000, in_flight=1)

    ended = lab(database, stores).run(id_)

    spent = progress(database, ended, NOW).spent_microusd
    assert ended.status == ExperimentStatus.PAUSED
    assert ended.reason is not None
    assert ended.reason.sentence == BUDGET_REACHED
    assert 0 < spent <= 10_000


def test_a_raised_budget_lets_it_go_on(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 6), arm(model="gpt-4o"), budget_microusd=10_000, in_flight=1)
    lab(database, stores).run(id_)

    standing.start(database, id_, NOW, budget_microusd=1_000_000)
    ended = lab(database, stores).run(id_)

    assert ended.status == ExperimentStatus.FINISHED
    assert len(runs(database, id_)) == 6


@pytest.mark.parametrize(
    "untold", [ExtractionResult(receipt=RIGHT, raw_answer="{}", settings=arm().settings), ModelTimeout(seconds=60)]
)
def test_what_a_service_does_not_tell_the_price_of_counts_against_the_budget_as_expected(
    database: Database, stores: Stores, untold: ExtractionResult | ModelTimeout
) -> None:
    """About 3,000 millionths of a dollar each, also those that were there before it was interrupted."""
    id_ = stored(
        database, dataset(database, stores.store, 12), arm(model="gpt-4o"), budget_microusd=20_000, in_flight=1
    )

    ended = lab(database, stores, FakeExtractor(untold)).run(id_)
    there = len(runs(database, id_))
    again = lab(database, stores, FakeExtractor(untold)).run(id_)

    assert ended.reason == again.reason == Note(BUDGET_REACHED)
    assert 0 < there == len(runs(database, id_)) < 12


def test_what_fails_for_nothing_costs_nothing(database: Database, stores: Stores) -> None:
    id_ = stored(
        database, dataset(database, stores.store, 12), arm(model="gpt-4o"), budget_microusd=20_000, in_flight=1
    )

    ended = lab(database, stores, FakeExtractor(RequestRefused(status=400, why="no"))).run(id_)

    assert ended.status == ExperimentStatus.FINISHED


def test_an_empty_account_pauses_it_without_a_run(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm())

    ended = lab(database, stores, FakeExtractor(QuotaExhausted())).run(id_)

    assert ended.status == ExperimentStatus.PAUSED
    assert str(ended.reason) == str(QuotaExhausted())
    assert runs(database, id_) == []


def test_what_is_cancelled_keeps_its_runs_and_is_not_run_again(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm())
    lab(database, stores, FakeExtractor(QuotaExhausted())).run(id_)

    standing.cancel(database, id_, NOW)

    with pytest.raises(ExperimentClosed):
        lab(database, stores).run(id_)


def test_whatever_ends_the_watching_what_is_in_flight_is_stored_and_the_rest_waits(
    database: Database, stores: Stores
) -> None:
    id_ = stored(database, dataset(database, stores.store, 6), arm(), in_flight=2)
    reader = FakeExtractor(RIGHT)
    reader.before_answer = lambda: threading.Event().wait(2.5)

    def tell() -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        lab(database, stores, reader).run(id_, tell)

    ended = experiment(database, id_)
    assert len(runs(database, id_)) == len(reader.asked) == 2
    assert (ended.status, ended.reason) == (ExperimentStatus.PAUSED, Note(INTERRUPTED))
    assert not progress(database, ended, NOW).is_held


class StoresNothing(Database):
    """Is away whenever a run is to be stored."""

    def insist(self, *_args: object, **_more: object) -> NoReturn:
        raise DatabaseUnavailable(why="it is away")


def test_what_cannot_be_stored_for_long_ends_it_before_more_is_paid_for(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 6), arm(), in_flight=1)
    reader = FakeExtractor(RIGHT)

    with closing(StoresNothing(database.engine.url.render_as_string(hide_password=False))) as away:
        ended = lab(away, stores, reader).run(id_)

    assert (ended.status, len(reader.asked)) == (ExperimentStatus.PAUSED, 1)
    assert str(ended.reason) == str(DatabaseUnavailable(why="it is away"))


def test_a_progress_that_cannot_be_told_while_the_database_is_away_ends_nothing(
    database: Database, stores: Stores
) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm())

    def tell() -> None:
        raise DatabaseUnavailable(why="it is away")

    assert lab(database, stores).run(id_, tell).status == ExperimentStatus.FINISHED
