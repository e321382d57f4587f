"""The Operations page with nothing, little and much to tell, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ledger.clock import utc_now
from ledger.database import Database
from ledger.ui.shell import use_services
from tests.factories import migrated
from tests.operations.happened import decided, read
from tests.services import services

APP = Path(__file__).parents[2] / "app.py"
PAGE = "pages/7_operations.py"
TIMEOUT = {"error_class": "ModelTimeout", "error_message": "x", "error_fields": {"seconds": "60"}}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    use_services(services(database))
    st.cache_data.clear()
    yield database
    database.close()


def page(language: str = "en", days: str = "Today") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["language"], app.session_state["operations_days"] = language, days
    app.run().switch_page(PAGE).run()
    assert not app.exception
    assert not app.error
    return app


def tiles(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_without_anything_to_tell_says_what_will_appear(database: Database, language: str) -> None:
    app = page(language)

    assert len(app.info) == 1
    assert ("수치가 표시됩니다" if language == "ko" else "their figures appear here") in app.info[0].value
    assert set(tiles(app).values()) >= {"0", "—"}


def test_one_decision_is_counted_and_no_rate_is_made_of_it(database: Database) -> None:
    decided(database, utc_now(), seconds=8.0, effort={})

    app = page()

    shown = tiles(app)
    assert "No photo was read in these days." in [info.value for info in app.info]
    assert (shown["Confirmed"], shown["Confirmed as read"], shown["Seconds a receipt (median)"]) == ("1", "—", "—")
    below = {metric.label: metric.delta for metric in app.metric}
    assert below["Confirmed as read"] == "too few to tell · 1 of 1"
    assert below["Seconds a receipt (median)"] == "too few to tell"
    assert below["Nothing waits any more in"] in ("Nothing waits", "Cannot tell yet")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_everything_there_is_to_tell(database: Database, language: str) -> None:
    now = utc_now()
    for number in range(12):
        effort = {"items.0.name": {"seconds": 2.0, "edits": 1}, "note": {"seconds": 1.0, "edits": 0}}
        decided(database, now, operator="*지수*", corrections=number % 2, seconds=4.0 + number, effort=effort)
        read(database, now, prompt_tokens=1_000, completion_tokens=10, cached_tokens=0, cost_microusd=2_620)
    read(database, now, **TIMEOUT)
    read(database, now, model="own", prompt_tokens=5)

    app = page(language, "7 days")

    shown = list(tiles(app).values())
    assert {"13", "1", "12", "50%", "9.0", "1.0"} <= set(shown)
    assert shown[-1] == ("US$0.0314" if language == "ko" else "$0.0314")
    by_operator, by_field, failures, models = (table.value for table in app.table)
    assert by_operator.iloc[0, 0] == r"\*지수\*"
    assert by_operator.iloc[0, 3] == ("50% (25%–75%)")
    assert list(by_field.iloc[:, 1]) == ["2.0", "1.0"]
    assert ("60초" if language == "ko" else "60 seconds") in failures.iloc[0, 3]
    assert list(models.iloc[:, 0]) == ["gpt-4o", "own"]


def test_own_days_wait_for_both_ends(database: Database) -> None:
    app = page(days="Own days")
    today = app.date_input[0].value[1]

    app.date_input[0].set_value((today - dt.timedelta(days=30),)).run()
    assert [info.value for info in app.info] == ["Choose the first and the last day."]

    app.date_input[0].set_value((today - dt.timedelta(days=30), today - dt.timedelta(days=20))).run()
    assert "Nothing was read or decided" in app.info[0].value
