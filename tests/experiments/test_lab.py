"""An experiment runs every arm over every receipt, once each, whatever comes in between."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from ledger.database import Database
from ledger.errors import (
    AnswerCutOff,
    DatabaseUnavailable,
    ExperimentBusy,
    ExperimentClosed,
    ExperimentNotFound,
    ModelServerError,
    ModelTimeout,
    QuotaExhausted,
    RequestRefused,
)
from ledger.experiments import standing, turnstile
from ledger.experiments.datasets import cases_of, dataset_version
from ledger.experiments.jobs import jobs_of
from ledger.experiments.lab import Lab
from ledger.experiments.pictures import picture
from ledger.experiments.scores import Score
from ledger.experiments.stored import experiment, experiments, progress, runs_in
from ledger.experiments.turnstile import BUDGET_REACHED, INTERRUPTED
from ledger.experiments.words import Case, Experiment, ExperimentStatus, Split
from ledger.extraction.extractor import ExtractionResult, ReadingSettings
from ledger.extraction.look import Look
from ledger.extraction.models import load_models
from ledger.inbox.images import Photo
from ledger.notes import Note
from tests.experiments.making import arm, case, dataset, runs, stored
from tests.factories import MISREAD, NOW, RIGHT, FakeExtractor, MemoryStore


class Stores:
    """Where the pictures lie."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.datasets = MemoryStore()


@pytest.fixture
def stores() -> Stores:
    return Stores()


def lab(
    database: Database,
    stores: Stores,
    extractor: FakeExtractor | None = None,
    clock: Callable[[], dt.datetime] = lambda: NOW,
) -> Lab:
    reader = extractor or FakeExtractor(RIGHT)
    return Lab(database, partial(picture, stores), {"openai": reader, "offline": reader}, None, load_models(), clock)


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


def _of(repetitions: int, arms: int = 2, seed: int = 0) -> Experiment:
    made = tuple(arm(number) for number in range(arms))
    return Experiment(
        id=1,
        name="",
        dataset=None,
        arms=made,
        split=None,
        metric="all_right",
        repetitions=repetitions,  # type: ignore[arg-type]
        shared_requests=False,
        in_flight=1,
        seed=seed,
        budget_microusd=None,
        status=ExperimentStatus.CREATED,
        reason=None,
        operator="",
        created_at=NOW,
        started_at=None,
        ended_at=None,
    )


def cases(count: int) -> list[Case]:
    return [case(number) for number in range(count)]


def test_the_order_is_random_and_the_same_for_a_seed() -> None:
    first, again, other = (
        [(job.case.id, job.arm.id, job.repetitions) for job in jobs_of(_of(2, seed=seed), cases(20), set(), bool)]
        for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other
    assert sorted(first) == sorted(other)


def test_all_runs_of_a_receipt_come_together_but_for_the_first_which_opens_it_ahead() -> None:
    of = replace(_of(3), in_flight=4)

    in_order = [job.case.id for job in jobs_of(of, cases(40), set(), bool)]

    places = {case_id: [at for at, each in enumerate(in_order) if each == case_id] for case_id in set(in_order)}
    later = sorted(places.values())[1:]  # before the first receipt there is none
    assert {len(at) for at in places.values()} == {6}
    assert all(at[1] - at[0] >= of.in_flight for at in later)
    assert all(at[-1] - at[0] < 2 * 6 + of.in_flight for at in later)


def test_no_arm_comes_first() -> None:
    opens: dict[int, int] = {}
    for job in jobs_of(_of(3), cases(40), set(), bool):
        opens.setdefault(job.case.id, job.arm.id)

    assert min(Counter(opens.values()).values()) >= 10


def test_what_is_stored_is_not_planned_again_and_the_rest_keeps_its_order() -> None:
    whole = list(jobs_of(_of(2), cases(5), set(), bool))
    done = {(job.arm.id, job.case.id, job.repetitions[0]) for job in whole[:7]}

    assert list(jobs_of(_of(2), cases(5), done, bool)) == whole[7:]


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
    database: Database, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turnstile, "WAITS", (0.01,) * 7)
    id_ = stored(database, dataset(database, stores.store, 20), arm(), in_flight=2)
    poison = picture(stores, cases_of(database, dataset_version(database, "시험 1"), None)[3])

    class Failing(FakeExtractor):
        def extract(self, photo: Photo, settings: ReadingSettings, look: Look | None = None) -> ExtractionResult:
            threading.Event().wait(0.02)
            if photo.data == poison:
                threading.Event().wait(0.05)
                raise ModelServerError(status=500)
            return super().extract(photo, settings, look)

    ended = lab(database, stores, Failing(RIGHT)).run(id_)

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


def test_what_cannot_be_stored_for_long_ends_it_before_more_is_paid_for(
    database: Database, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = stored(database, dataset(database, stores.store, 6), arm(), in_flight=1)
    reader = FakeExtractor(RIGHT)

    def away(*_args: object, **_more: object) -> None:
        raise DatabaseUnavailable(why="it is away")

    monkeypatch.setattr(database, "insist", away)
    ended = lab(database, stores, reader).run(id_)

    assert (ended.status, len(reader.asked)) == (ExperimentStatus.PAUSED, 1)
    assert str(ended.reason) == str(DatabaseUnavailable(why="it is away"))


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


def test_a_progress_that_cannot_be_told_while_the_database_is_away_ends_nothing(
    database: Database, stores: Stores
) -> None:
    id_ = stored(database, dataset(database, stores.store, 2), arm())

    def tell() -> None:
        raise DatabaseUnavailable(why="it is away")

    assert lab(database, stores).run(id_, tell).status == ExperimentStatus.FINISHED
