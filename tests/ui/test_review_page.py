"""The Review page and the address that the browser shows: the one follows the other, a moment later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ledger.clock import utc_now
from ledger.database import Database
from ledger.review.document import to_form
from ledger.ui.components.form_messages import Action
from ledger.ui.shell import use_services
from tests.factories import RIGHT, migrated, read_one
from tests.review.rows import receipt
from tests.services import services

APP = Path(__file__).parents[2] / "app.py"
TODAY = RIGHT.model_copy(update={"date": utc_now().date()})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    use_services(services(database))
    yield database
    database.close()


def shown(app: AppTest) -> str:
    [line] = [found[1] for html in app.get("html") if (found := re.search(r"<span>(#\d+)", html.value))]
    return line


def confirm(app: AppTest, number: int, etag: str) -> None:
    """What the form sends when this receipt is confirmed as it was read."""
    action: Action = {
        "id": f"click {number}",
        "attempt": 1,
        "kind": "confirm",
        "receipt_id": number,
        "reading_id": number,
        "load": "",
        "photo": etag,
        "seq": 0,
        "client_id": "a",
        "t": 1,
        "document": to_form(TODAY),
    }
    app.session_state["review_form"] = {"action": action}
    app.run()


def test_an_event_that_still_names_the_receipt_that_was_left_does_not_bring_it_back(database: Database) -> None:
    for name in ("one", "two"):
        read_one(database, TODAY, key=f"ledger/{name}.jpg")
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.run().switch_page("pages/2_review.py").run()
    assert shown(app) == "#1"

    confirm(app, 1, receipt(database, 1).etag)
    assert (receipt(database, 1).status, shown(app)) == ("confirmed", "#2")

    app.query_params["receipt"] = "1"
    app.run()
    assert shown(app) == "#2"
