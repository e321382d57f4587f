"""Auto-confirm on the Operations page: what is allowed, on and off, and what people found out, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ledger.clock import utc_now
from ledger.config import Settings
from ledger.ui.shell import use_services
from tests.auto_confirm.receipts import Readings
from tests.factories import migrated
from tests.services import services

APP = Path(__file__).parents[2] / "app.py"
LOOSE = {"auto_bound": 20.0, "auto_confidence": 80.0}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Readings]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    desk = Readings(database)
    desk.now = utc_now()
    use_services(services(database))
    st.cache_data.clear()
    yield desk
    database.close()


def page(language: str = "en") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["language"] = language
    for key, value in LOOSE.items():
        app.session_state[key] = value
    app.run().switch_page("pages/7_operations.py").run()
    assert not app.exception
    assert not app.error
    return app


def written(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.markdown, *app.info, *app.warning, *app.caption))


def button(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.button if each.label == label)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_without_evidence_it_says_what_is_missing_and_cannot_be_switched_on(desk: Readings, language: str) -> None:
    desk.proven(3)

    app = page(language)

    assert ("8장 있어야 합니다. 지금 3장" if language == "ko" else "there are 3, so 5 more are needed") in written(app)
    assert button(app, "자동 확정 켜기" if language == "ko" else "Switch auto-confirm on").disabled


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_is_switched_on_tells_what_people_found_and_is_switched_off(desk: Readings, language: str) -> None:
    korean = language == "ko"
    desk.proven(8)

    app = page(language)
    assert ("100장 중 약 100장" if korean else "About 100 of 100 receipts") in written(app)
    button(app, "자동 확정 켜기" if korean else "Switch auto-confirm on").click().run()

    assert not app.exception
    assert ("자동 확정이 켜져 있습니다" if korean else "Auto-confirm is on since") in written(app)
    shown = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert shown["그중 틀린 비율" if korean else "Wrong ones among those"][0] == "—"
    button(app, "자동 확정 끄기" if korean else "Switch auto-confirm off").click().run()
    assert desk.auto.standing() is None
    assert not app.warning
    told = "전에 켜져 있던 때: 1번" if korean else "When it was on before: 1"
    assert told in [each.label for each in app.expander]
    shown_before = app.main.get("html")[-1].proto.body
    assert shown_before.count("<td>") == 5
    assert "20.0% (80.0%)" in shown_before


def test_that_it_switched_itself_off_is_said_with_the_reason(desk: Readings) -> None:
    desk.standing(audit_share=1.0)
    for receipt_id in desk.come(3):
        desk.people_confirm(receipt_id, wrong=True)

    assert "Auto-confirm switched itself off at" in written(page())
    assert "Of 3 receipts that were left to people to check, 3 were wrong" in written(page())


def test_where_administrators_are_named_they_alone_switch_it_on(desk: Readings) -> None:
    desk.proven(8)
    use_services(replace(services(desk.database), settings=Settings(admins="민호")))

    app = page()

    assert "Only administrators switch it on." in written(app)
    assert "Switch auto-confirm on" not in [each.label for each in app.button]
