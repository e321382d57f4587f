"""The Review page with nothing left of what is followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ledger.bootstrap import Services
from ledger.config import Settings
from ledger.extraction.pipeline import Reader
from ledger.tasks import InlineTaskRunner
from ledger.ui.shell import use_services
from tests.factories import FakeExtractor, MemoryStore, migrated, read_one

APP = Path(__file__).parents[2] / "app.py"


@pytest.mark.parametrize("section", ["postponed", "failed"])
def test_a_list_that_is_used_up_says_so_though_others_wait(tmp_path: Path, section: str) -> None:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    read_one(database)
    store, extractor = MemoryStore(), FakeExtractor()
    reader = Reader(database, store, extractor)
    use_services(Services(Settings(), database, store, extractor, reader, InlineTaskRunner()))

    app = AppTest.from_file(str(APP), default_timeout=20)
    app.query_params["list"] = section
    app.run().switch_page("pages/2_review.py").run()

    assert not app.exception
    assert [shown.value for shown in app.subheader] == ["지금 검수할 영수증이 없습니다"]
    database.close()
