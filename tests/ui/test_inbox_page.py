"""The Inbox: whom the end of a model is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ledger.bootstrap import build_services
from ledger.clock import utc_now
from ledger.config import Settings
from ledger.tasks import InlineTaskRunner
from ledger.ui.shell import use_services
from tests.factories import migrated

APP = Path(__file__).parents[2] / "app.py"


@pytest.mark.parametrize(
    ("days", "admins", "told"),
    [(30, None, 0), (30, "지수", 0), (30, "지수,하나", 1), (-3, None, 1)],
    ids=["nobody named", "another admin", "an admin", "ended"],
)
def test_who_may_change_the_model_is_told_of_its_end_and_everybody_once_nothing_is_read(
    tmp_path: Path, days: int, admins: str | None, told: int
) -> None:
    table = tmp_path / "models.toml"
    table.write_text(f"[models.old]\nends = {utc_now().date() + dt.timedelta(days)}\n", encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    migrated(url).close()
    named: dict[str, Any] = {"admins": admins} if admins else {}
    model: dict[str, Any] = {"extractor": "openai", "openai_api_key": "x", "models_file": table, "model": "old"}
    settings = Settings(database_url=url, store_url=str(tmp_path), operator="하나", **model, **named)
    use_services(build_services(settings, InlineTaskRunner()))

    app = AppTest.from_file(str(APP), default_timeout=30)
    app.run().switch_page("pages/1_inbox.py").run()

    assert not app.exception
    assert len(app.warning) + len(app.error) == told
