"""Corrections are taken along from their page: one file, or several in one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ledger.bootstrap import Services
from ledger.exports.formats import FORMATS
from ledger.ui import export_button
from ledger.ui.shell import use_services
from tests.exports.made import desk as receipts
from tests.factories import migrated
from tests.services import services


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Services]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    made = services(database, receipts(database))
    use_services(made)
    st.cache_data.clear()
    yield made
    database.close()


def script() -> None:
    from ledger.ui import export_button
    from ledger.ui.shell import open_desk

    export_button.show(open_desk())


def test_each_form_can_be_chosen(desk: Services) -> None:
    page = AppTest.from_function(script)
    page.session_state["language"] = "en"
    page.run()

    assert not page.exception
    assert len(page.selectbox(key="export_format").options) == len(FORMATS)
    page.selectbox(key="export_format").select("label-studio").run()
    assert not page.exception
    assert "python -m ledger export label-studio" in page.caption[-1].value


def test_one_file_comes_as_it_is_and_several_come_in_one(desk: Services) -> None:
    masked = export_button._file(desk, FORMATS["corrections"], masked=True)
    assert masked.count(b"\n") == 4
    assert "지수".encode() not in masked
    assert "지수".encode() in export_button._file(desk, FORMATS["corrections"], masked=False)
    with zipfile.ZipFile(io.BytesIO(export_button._file(desk, FORMATS["promptfoo"], masked=True))) as archive:
        assert sorted(archive.namelist()) == ["promptfoo.config.json", "promptfoo.jsonl", "promptfoo.prompt.json"]
