"""An experiment runs every arm over every receipt, once each, and keeps what came of it."""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial

import pytest

from ledger.database import Database
from ledger.errors import (
    AnswerCutOff,
    ExperimentNotFound,
    ModelServerError,
)
from ledger.experiments import standing
from ledger.experiments.datasets import cases_of, dataset_version
from ledger.experiments.lab import Lab
from ledger.experiments.pictures import picture
from ledger.experiments.scores import Score
from ledger.experiments.stored import experiment, experiments, progress, runs_in
from ledger.experiments.words import Case, ExperimentStatus, Split
from ledger.extraction.extractor import ExtractionResult, ReadingSettings
from ledger.extraction.look import Look
from ledger.extraction.models import load_models
from ledger.inbox.images import Photo
from tests.experiments.making import arm, dataset, runs, stored
from tests.experiments.running import Stores, lab
from tests.factories import MISREAD, NOW, RIGHT, FakeExtractor


def test_every_arm_reads_every_receipt_as_often_as_planned(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 3), repetitions=2)

    ended = lab(database, stores).run(id_)

    found = Counter((run.arm_id, run.case_id) for run in runs(database, id_))
    assert ended.status == ExperimentStatus.FINISHED
    assert len(found) == 6
    assert set(found.values()) == {2}


def test_a_run_keeps_the_answer_and_its_score(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 1), arm())

    lab(database, stores, FakeExtractor(MISREAD)).run(id_)

    (run,) = runs(database, id_)
    score = Score.from_json(run.score)
    assert run.document == MISREAD.model_dump(mode="json")
    assert run.settings["temperature"] == 0.2
    assert (run.cost_microusd, run.request_id, run.shared) == (2_620, "req-1", 1)
    assert score is not None
    assert (score.all_right, score.corrections) == (False, 1)


def test_only_the_split_that_was_asked_for_is_read(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 5, tests=2), arm(), split=Split.TEST)

    lab(database, stores).run(id_)

    assert len(runs(database, id_)) == 2


def test_a_failure_is_a_result(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 1), arm())

    ended = lab(database, stores, FakeExtractor(AnswerCutOff(limit=9))).run(id_)

    (run,) = runs(database, id_)
    assert ended.status == ExperimentStatus.FINISHED
    assert (run.error_class, run.document) == ("AnswerCutOff", None)
    assert run.score is not None
    assert run.score["failed"] is True


def test_a_picture_that_was_replaced_is_a_failure_that_names_it(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 1), arm())
    (key,) = stores.store.objects
    stores.store.put(key, b"another picture")

    lab(database, stores).run(id_)

    (run,) = runs(database, id_)
    assert run.error_class == "PictureReplaced"


def test_an_experiment_that_is_not_there_is_named(database: Database, stores: Stores) -> None:
    with pytest.raises(ExperimentNotFound, match="41"):
        lab(database, stores).run(41)


def test_repetitions_are_bought_in_one_request_where_that_is_wanted(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm(), repetitions=3, shared_requests=True)
    reader = FakeExtractor(RIGHT)
    reader.shares = True

    lab(database, stores, reader).run(id_)

    found = runs(database, id_)
    assert len(found) == 6
    assert {run.shared for run in found} == {3}


def test_the_offline_engine_reads_each_receipt_once(database: Database, stores: Stores) -> None:
    offline = arm(1, "offline", engine="offline", temperature=None)
    id_ = stored(database, dataset(database, stores.store, 2), arm(), offline, repetitions=3)

    lab(database, stores).run(id_)

    found = Counter(run.arm_id for run in runs(database, id_))
    assert sorted(found.values()) == [2, 6]


def test_a_setting_that_was_not_applied_is_kept_as_it_was(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 1), arm(temperature=0.2))
    without = ExtractionResult(receipt=RIGHT, raw_answer="{}", settings=arm(temperature=None).settings)

    lab(database, stores, FakeExtractor(without)).run(id_)

    (run,) = runs(database, id_)
    assert run.settings["temperature"] is None


def test_progress_counts_what_is_in_and_what_it_cost(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), repetitions=2)
    before = progress(database, experiment(database, id_), NOW)

    ended = lab(database, stores).run(id_)

    after = progress(database, ended, NOW)
    assert (before.done, before.planned, before.spent_microusd, before.is_held) == (0, 8, 0, False)
    assert (after.done, after.planned, after.failed, after.spent_microusd) == (8, 8, 0, 8 * 2_620)


def test_of_several_experiments_it_is_told_at_once_how_many_runs_are_in(database: Database, stores: Stores) -> None:
    version = dataset(database, stores.store, 5, tests=2)
    finished, new, stopped = (
        stored(database, version, split=split, repetitions=2) for split in (Split.TEST, None, Split.TUNE)
    )
    lab(database, stores).run(finished)
    reader = FakeExtractor(RIGHT)
    reader.before_answer = lambda: len(reader.asked) > 5 and standing.cancel(database, stopped, NOW)
    lab(database, stores, reader).run(stopped)

    all_ = experiments(database)

    assert {each.id: each.planned for each in all_} == {finished: 8, new: 20, stopped: 12}
    assert runs_in(database, all_) == {each.id: len(runs(database, each.id)) for each in all_}


def test_the_time_of_a_run_is_the_readers_own_and_not_that_of_fetching_the_picture(
    database: Database, stores: Stores
) -> None:
    id_ = stored(database, dataset(database, stores.store, 1), arm())

    def slowly(case: Case) -> bytes:
        threading.Event().wait(0.5)
        return picture(stores, case)

    Lab(database, slowly, {"openai": FakeExtractor(RIGHT)}, None, load_models(), lambda: NOW).run(id_)

    assert runs(database, id_)[0].latency_ms < 400


class OneByOne(FakeExtractor):
    """Was taken to give several answers to a request, and gives one."""

    def shares_requests(self, settings: ReadingSettings) -> bool:
        return True


def test_the_time_of_a_run_is_that_of_one_where_a_service_gives_its_answers_one_by_one(
    database: Database, stores: Stores
) -> None:
    id_ = stored(database, dataset(database, stores.store, 1), arm(), repetitions=3, shared_requests=True)
    reader = OneByOne(RIGHT)
    reader.before_answer = lambda: threading.Event().wait(0.2)

    lab(database, stores, reader).run(id_)

    assert [200 <= run.latency_ms < 400 for run in runs(database, id_)] == [True] * 3


def test_a_picture_that_a_service_always_fails_on_is_a_failure_and_the_others_are_read(
    database: Database, stores: Stores
) -> None:
    id_ = stored(database, dataset(database, stores.store, 20), arm(), in_flight=2)
    poison = picture(stores, cases_of(database, dataset_version(database, "시험 1"), None)[3])

    class Failing(FakeExtractor):
        def extract(self, photo: Photo, settings: ReadingSettings, look: Look | None = None) -> ExtractionResult:
            threading.Event().wait(0.02)
            if photo.data == poison:
                threading.Event().wait(0.05)
                raise ModelServerError(status=500)
            return super().extract(photo, settings, look)

    ended = lab(database, stores, Failing(RIGHT), waits=(0.01,) * 7).run(id_)

    failed = [run.error_class for run in runs(database, id_) if run.error_class]
    assert (ended.status, failed) == (ExperimentStatus.FINISHED, ["ModelServerError"])


class BrokenLooker:
    """A defect in what looks at a photo first."""

    def look(self, photo: Photo) -> Look:
        raise ZeroDivisionError


def test_a_defect_of_the_look_costs_no_run(database: Database, stores: Stores) -> None:
    id_ = stored(database, dataset(database, stores.store, 1), arm())
    reader = FakeExtractor(RIGHT)

    Lab(database, partial(picture, stores), {"openai": reader}, BrokenLooker(), load_models(), lambda: NOW).run(id_)

    assert [run.error_class for run in runs(database, id_)] == [None]
