"""The Review page with nothing left of what is followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ledger.ui.shell import use_services
from tests.factories import migrated, read_one
from tests.services import services

APP = Path(__file__).parents[2] / "app.py"


@pytest.mark.parametrize("section", ["postponed", "failed"])
def test_a_list_that_is_used_up_says_so_in_one_sentence_with_one_way_on(tmp_path: Path, section: str) -> None:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    read_one(database)
    use_services(services(database))

    app = AppTest.from_file(str(APP), default_timeout=20)
    app.query_params["list"] = section
    app.run().switch_page("pages/2_review.py").run()

    assert not app.exception
    said = "필터에 맞는 영수증이 더 없습니다. 필터를 해제하면 1건이 있습니다."
    assert [shown.value for shown in app.subheader] == [said]
    assert not [*app.info, *app.warning]
    assert app.button("follow_all").label == "검수 대기 모두 보기"
    database.close()
