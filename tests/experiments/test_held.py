"""One process runs an experiment: from when it is started until it is done, or does not answer."""

from __future__ import annotations

import threading

import pytest

from ledger.database import Database
from ledger.errors import (
    ExperimentBusy,
)
from ledger.experiments import standing
from ledger.experiments.stored import experiment, progress
from ledger.experiments.words import ExperimentStatus
from tests.experiments.making import arm, dataset, runs, stored
from tests.experiments.running import Stores, lab
from tests.factories import NOW, RIGHT, FakeExtractor


def test_while_its_process_is_starting_it_is_held_and_that_process_may_take_it(
    database: Database, stores: Stores
) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm())

    standing.start(database, id_, NOW)

    assert progress(database, experiment(database, id_), NOW).is_held
    assert lab(database, stores).run(id_).status == ExperimentStatus.FINISHED


def test_paused_while_its_process_is_starting_it_is_free(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm())
    standing.start(database, id_, NOW)

    assert standing.pause(database, id_)

    found = experiment(database, id_)
    assert (found.status, progress(database, found, NOW).is_held) == (ExperimentStatus.PAUSED, False)


def test_paused_before_its_process_takes_it_it_stays_paused(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm())
    standing.start(database, id_, NOW)
    standing.pause(database, id_)

    with pytest.raises(ExperimentBusy):
        lab(database, stores).run(id_, only_started=True)

    assert experiment(database, id_).status == ExperimentStatus.PAUSED
    assert runs(database, id_) == []


def test_a_process_that_never_came_is_given_up(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm())

    standing.start(database, id_, NOW)

    assert not progress(database, experiment(database, id_), NOW + 2 * standing.LEASE).is_held


def test_two_processes_do_not_run_the_same_experiment(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm())
    standing.take(database, id_, "another", NOW)

    with pytest.raises(ExperimentBusy):
        lab(database, stores).run(id_)


def test_one_that_was_killed_is_taken_over_once_it_does_not_answer(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm())
    standing.take(database, id_, "killed", NOW)

    ended = lab(database, stores, clock=lambda: NOW + 2 * standing.LEASE).run(id_)

    assert ended.status == ExperimentStatus.FINISHED


def test_one_that_is_started_again_while_its_last_answers_come_in_is_left_to_who_waits_to_run_it(
    database: Database, stores: Stores
) -> None:
    id_ = stored(database, dataset(database, stores.store, 6), arm(), in_flight=1)
    reader = FakeExtractor(RIGHT)

    def pause_and_start() -> None:
        if len(reader.asked) == 2:
            standing.pause(database, id_)
            threading.Event().wait(3)
            standing.start(database, id_, NOW)

    reader.before_answer = pause_and_start
    first = lab(database, stores, reader).run(id_)
    second = lab(database, stores).run(id_)

    assert (first.status, len(reader.asked)) == (ExperimentStatus.RUNNING, 2)
    assert second.status == ExperimentStatus.FINISHED
