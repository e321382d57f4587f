"""The Experiments page: what to do first, an experiment in the making, one that runs, and one that is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from ledger.clock import utc_now
from ledger.database import Database
from ledger.experiments import standing
from ledger.experiments.arms import offline_arm
from ledger.experiments.lab import Lab
from ledger.experiments.pictures import picture
from ledger.experiments.stored import experiment, experiments
from ledger.experiments.words import ExperimentStatus
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.models import load_models
from ledger.prompts.versions import load
from ledger.prompts.words import PromptStatus
from ledger.services import Services
from ledger.ui.shell import use_services
from ledger.ui.texts import Texts
from tests.experiments.making import arm, dataset, stored
from tests.factories import MISREAD, RIGHT, FakeExtractor, MemoryStore, migrated
from tests.services import services

APP = Path(__file__).parents[2] / "app.py"
PAGE = "pages/6_experiments.py"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def database(tmp_path: Path, store: MemoryStore) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    use_services(with_key(services(database, store)))
    st.cache_data.clear()
    yield database
    database.close()


def with_key(made: Services) -> Services:
    """The same with a key, so that a model could be asked."""
    return replace(made, settings=made.settings.model_copy(update={"openai_api_key": SecretStr("nobody's key")}))


def page(language: str = "en", section: str = "list", **address: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["language"], app.session_state["experiment_section"] = language, section
    app.run()
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page(PAGE).run()
    assert not app.exception
    assert not app.error
    return app


def button(app: AppTest, label: str) -> Any:
    return next(each for each in app.button if each.label == label)


def said(app: AppTest) -> str:
    every = [*app.info, *app.success, *app.warning, *app.caption, *app.markdown, *app.subheader]
    return "\n".join(str(each.value) for each in every)


class TwoMinds(FakeExtractor):
    """Reads rightly at temperature 0, and misreads at any other."""

    def extract(self, photo: Any, settings: ReadingSettings, look: Any = None) -> Any:
        self._outcomes = [RIGHT if settings.temperature == 0 else MISREAD]
        return super().extract(photo, settings, look)


def run(database: Database, store: MemoryStore, experiment_id: int, extractor: FakeExtractor | None = None) -> None:
    stores = services(database, store)
    reader = extractor or TwoMinds()
    lab = Lab(database, partial(picture, stores), {"openai": reader, "offline": reader}, None, load_models())
    lab.run(experiment_id)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_without_anything_the_first_step_is_a_button(database: Database, language: str) -> None:
    app = page(language)

    button(app, Texts(language)("Freeze confirmed receipts")).click().run()

    assert app.session_state["experiment_section"] == "datasets"


def test_with_a_dataset_version_the_next_step_is_an_experiment(database: Database, store: MemoryStore) -> None:
    dataset(database, store)
    app = page()

    button(app, "Make the first experiment").click().run()

    assert not app.exception
    assert button(app, "Start")


def test_an_experiment_that_is_kept_has_the_proposed_arms(database: Database, store: MemoryStore) -> None:
    dataset(database, store, 4)
    app = page(section="new")

    button(app, "Keep without starting").click().run()

    (made,) = experiments(database)
    assert not app.exception
    assert [each.settings.temperature for each in made.arms] == [0.2, 0.0, 0.1, 0.3, 0.5]
    assert (made.repetitions, made.metric, made.split, made.status) == (3, "all_right", None, "created")
    assert "not started: 0 of 60 runs" in app.get("progress")[0].proto.text


def test_before_it_is_made_it_is_said_what_it_takes_and_what_it_can_tell(
    database: Database, store: MemoryStore
) -> None:
    dataset(database, store, 4)

    app = page(section="new")

    assert "60 runs over 4 receipts in 60 requests" in said(app)
    assert "4 receipts are far fewer than the 640 that it takes" in said(app)


def test_without_a_key_the_offline_engine_is_proposed(database: Database, store: MemoryStore) -> None:
    use_services(services(database, store))
    dataset(database, store, 4)

    app = page(section="new")

    assert "4 runs over 4 receipts in 4 requests: about \\$0.00" in said(app)
    app.pills(key="question").set_value("Temperature sweep").run()
    assert "There is no OPENAI_API_KEY" in app.warning[0].value


def test_buying_repetitions_in_one_request_makes_fewer_of_them(database: Database, store: MemoryStore) -> None:
    dataset(database, store, 4)
    app = page(section="new")

    app.toggle(key="experiment_shared").set_value(True).run()

    assert "60 runs over 4 receipts in 20 requests" in said(app)


def test_an_arm_that_cannot_be_is_refused_in_a_sentence(database: Database, store: MemoryStore) -> None:
    dataset(database, store, 4)
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["language"], app.session_state["experiment_section"] = "en", "new"
    app.run().switch_page(PAGE).run()

    changed = {"edited_rows": {1: {"engine": "offline"}}, "added_rows": [], "deleted_rows": []}
    app.session_state["arms_Temperature sweep"] = changed
    app.run()

    assert "the offline engine has no temperature" in app.error[0].value
    assert [each for each in app.button if each.label == "Start"] == []


def test_a_model_that_takes_no_temperature_is_told_of_beforehand(database: Database, store: MemoryStore) -> None:
    dataset(database, store, 4)
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["language"], app.session_state["experiment_section"] = "en", "new"
    app.run().switch_page(PAGE).run()

    changed = {"edited_rows": {1: {"model": "gpt-6-astra"}}, "added_rows": [], "deleted_rows": []}
    app.session_state["arms_Temperature sweep"] = changed
    app.run()

    assert "gpt-6-astra" in said(app)
    assert "temperature" in said(app)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_while_it_runs_no_verdict_is_told(database: Database, store: MemoryStore, language: str) -> None:
    id_ = stored(database, dataset(database, store, 4))
    standing.take(database, id_, "another process", utc_now())

    app = page(language, experiment=str(id_))

    words = said(app)
    assert ("판정은 모든 실행이 끝나면" if language == "ko" else "The verdict is told when all runs are in") in words
    assert "fixes" not in words
    assert "설정안보다" not in words


def test_pausing_asks_for_no_more_runs(database: Database, store: MemoryStore) -> None:
    id_ = stored(database, dataset(database, store, 4))
    standing.take(database, id_, "another process", utc_now())
    app = page(experiment=str(id_))

    button(app, "Pause").click().run()

    assert experiment(database, id_).status == ExperimentStatus.PAUSED


def test_cancelling_ends_it_and_tells_what_is_in(database: Database, store: MemoryStore) -> None:
    id_ = stored(database, dataset(database, store, 4))
    app = page(experiment=str(id_))

    button(app, "Cancel the experiment").click().run()

    assert experiment(database, id_).status == ExperimentStatus.CANCELLED
    assert not app.exception


def test_what_is_cancelled_is_read_once_its_last_answers_are_in(database: Database, store: MemoryStore) -> None:
    id_ = stored(database, dataset(database, store, 4))
    standing.take(database, id_, "another process", utc_now())
    app = page(experiment=str(id_))

    button(app, "Cancel the experiment").click().run()
    assert "the last answers are still coming in" in said(app)
    assert "Pause" not in [each.label for each in app.button]

    standing.leave(database, id_, "another process", utc_now(), why=None, done=False)
    app.run()
    assert "still coming in" not in said(app)


def test_one_whose_process_never_came_is_said_to_be_run_by_none(database: Database, store: MemoryStore) -> None:
    id_ = stored(database, dataset(database, store, 4))
    standing.start(database, id_, utc_now() - 2 * standing.LEASE)

    app = page(experiment=str(id_))

    assert "No process runs it any more" in said(app)
    assert button(app, "Go on")


def test_the_answer_comes_first_in_plain_words(database: Database, store: MemoryStore) -> None:
    id_ = stored(database, dataset(database, store, 12))
    run(database, store, id_)

    app = page(experiment=str(id_))

    assert "other is better than baseline" in app.success[0].value
    assert [each.proto.label for each in app.get("download_button")] == ["HTML", "Markdown", "CSV"]


def test_a_setting_is_made_the_one_that_production_reads_with_and_taken_back(
    database: Database, store: MemoryStore
) -> None:
    id_ = stored(database, dataset(database, store, 12))
    run(database, store, id_)
    desk = with_key(services(database, store))
    desk.reader.extractor.engine = "openai"
    use_services(desk)
    app = page(experiment=str(id_))

    next(each for each in app.button if each.label.startswith("Read with")).click().run()
    chosen = desk.production.chosen()
    assert chosen is not None
    assert (chosen.settings.temperature, chosen.reason["verdict"]) == (0.0, "better")
    assert "Photos are read with" in said(app)

    button(app, "Back to the setting before").click().run()
    assert desk.production.chosen() is None


def test_a_setting_takes_no_prompt_along_and_that_is_said(database: Database, store: MemoryStore) -> None:
    desk = with_key(services(database, store))
    desk.reader.extractor.engine = "openai"
    use_services(desk)
    version = desk.prompts.draft("receipt-v2", "영수증을 읽습니다.", operator="지수").version
    arms = arm(0, "baseline"), arm(1, "other", temperature=0.0, prompt_version=version)
    id_ = stored(database, dataset(database, store, 12), *arms)
    run(database, store, id_)
    app = page(experiment=str(id_))
    assert "This arm was asked with the prompt receipt-v2" in said(app)

    next(each for each in app.button if each.label.startswith("Read with")).click().run()

    assert desk.production.current().prompt_version != version


def test_every_prompt_that_nobody_put_away_can_be_compared(database: Database, store: MemoryStore) -> None:
    dataset(database, store, 4)
    desk = with_key(services(database, store))
    use_services(desk)
    put_away, kept = (desk.prompts.draft(name, "읽습니다.", operator="지수").version for name in ("old", "new"))
    desk.prompts.retire(put_away)
    app = page(section="new")
    app.pills(key="question").set_value("Prompt A or B").run()

    button(app, "Keep without starting").click().run()

    (made,) = experiments(database)
    assert {each.settings.prompt_version for each in made.arms} == {kept, load().version}
    assert desk.prompts.stored(kept).status == PromptStatus.USED


def test_an_offline_arm_is_a_baseline_that_takes_part(database: Database, store: MemoryStore) -> None:
    id_ = stored(database, dataset(database, store, 8), replace(offline_arm(), number=0), arm(1, "model"))
    run(database, store, id_)

    app = page(experiment=str(id_))

    assert list(app.table[0].value.iloc[:, 0]) == ["offline (baseline)", "model"]


def test_an_experiment_that_is_not_there_is_a_sentence(database: Database) -> None:
    app = page(experiment="41")

    assert "There is no experiment 41" in app.warning[0].value


def test_the_same_click_twice_makes_one_experiment(database: Database, store: MemoryStore) -> None:
    dataset(database, store, 4)
    app = page(section="new")
    button(app, "Keep without starting").click().run()
    del app.query_params["experiment"]
    app.run()

    button(app, "Keep without starting").click().run()

    assert len(experiments(database)) == 1


def test_a_budget_below_the_estimate_is_told_before_the_start(database: Database, store: MemoryStore) -> None:
    dataset(database, store, 4)
    app = page(section="new")

    app.number_input(key="experiment_budget").set_value(0.1).run()

    assert "The budget is enough for about 14 of 60 runs" in said(app)
