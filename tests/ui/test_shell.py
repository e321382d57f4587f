"""The line that every page opens with, and the banner of a model that ends: they speak of what is really read with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ledger.clock import utc_now
from ledger.config import Settings
from ledger.database import Database
from ledger.services import Services
from ledger.ui.shell import reader_text, use_services
from ledger.ui.texts import Texts
from tests.factories import SETTINGS, FakeExtractor, migrated
from tests.services import services

APP = Path(__file__).parents[2] / "app.py"


class Model(FakeExtractor):
    engine = "openai"
    default_settings = replace(SETTINGS, model="old")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Services]:
    """A desk whose model ends in ten days, and so does `chosen`; `new` does not end."""
    end = utc_now().date() + dt.timedelta(10)
    table = tmp_path / "models.toml"
    table.write_text("".join(f'[models.{name}]\nends = {end}\nsuccessor = "new"\n' for name in ("old", "chosen")))
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield replace(services(database, extractor=Model()), settings=Settings(models_file=table))
    database.close()


def choose(desk: Services, model: str) -> int:
    return desk.production.choose(replace(SETTINGS, model=model, temperature=0.3), {}, "지수")


def banner(desk: Services) -> list[str]:
    use_services(desk)
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["language"] = "en"
    app.run().switch_page("pages/7_operations.py").run()
    assert not app.exception
    return [warning.value for warning in app.warning]


def test_the_line_at_the_top_tells_what_is_read_with_until_it_is_taken_back(desk: Services) -> None:
    t = Texts("en")
    configured = reader_text(t, desk)
    chosen_id = choose(desk, "new")

    assert "Read by old, temperature 0.2, until" in configured
    assert reader_text(t, desk) == "Read by new, temperature 0.3"
    desk.production.take_back(chosen_id, "지수")
    assert reader_text(t, desk) == configured


def test_while_the_database_is_away_the_line_at_the_top_is_empty() -> None:
    away = Database("mysql+pymysql://nobody@127.0.0.1:1/ledger")

    assert reader_text(Texts("en"), services(away, extractor=Model())) == ""


def test_the_banner_of_a_configured_model_names_the_variable_to_set(desk: Services) -> None:
    (said,) = banner(desk)

    assert "The model old ends on" in said
    assert "What replaces it: LEDGER_MODEL=new" in said


def test_the_banner_of_a_chosen_model_says_that_the_choice_decides(desk: Services) -> None:
    choose(desk, "chosen")

    (said,) = banner(desk)
    assert "The model chosen ends on" in said
    assert "What replaces it: new. The model was chosen on the desk" in said


def test_there_is_no_banner_once_a_model_that_stays_was_chosen(desk: Services) -> None:
    choose(desk, "new")

    assert banner(desk) == []


@pytest.mark.parametrize("probed", [True, False])
def test_without_a_schema_a_probe_fails_and_people_are_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probed: bool
) -> None:
    use_services(services(Database(f"sqlite:///{tmp_path / 'empty.db'}")))
    # A browser sends headers. A probe sends none, and neither does AppTest.
    monkeypatch.setattr(type(st.context), "headers", {} if probed else {"Host": "desk"})

    app = AppTest.from_file(str(APP), default_timeout=30).run()

    assert bool(app.exception) == probed
    assert [("python -m ledger migrate" in error.value) for error in app.error] == ([] if probed else [True])
