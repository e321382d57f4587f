"""Corrections are taken along from their page: one file, or several in one."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from streamlit.testing.v1 import AppTest

from ledger.bootstrap import build_export
from ledger.database import Database
from ledger.exports.formats import FORMATS
from ledger.exports.wanted import Wanted
from ledger.services import Services
from ledger.ui.export_route import ExportRoute, export_url
from ledger.ui.shell import use_services
from tests.exports.made import desk as receipts
from tests.exports.made import files
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


def test_the_button_leads_to_the_file_that_was_chosen(desk: Services) -> None:
    page = AppTest.from_function(script)
    page.session_state["language"] = "en"
    page.run()

    def shown() -> str:
        return str(page.get("link_button")[0].proto.url).partition("?")[0]

    assert shown() == "/exports/corrections/masked"
    page.checkbox(key="export_unmasked").check().run()
    page.selectbox(key="export_format").select("parquet").run()
    assert shown() == "/exports/parquet/unmasked"


# ---- The file


def answer(desk: Services, address: str) -> tuple[Response, bytes]:
    path, _, query = address.partition("?")
    name, people = path.split("/")[2:]
    parts = {"path_params": {"name": name, "people": people}, "query_string": query.encode()}

    async def whole() -> tuple[Response, bytes]:
        response = await ExportRoute(desk).answer(Request({"type": "http", **parts}))
        if not isinstance(response, StreamingResponse):
            return response, bytes(response.body)
        return response, b"".join([bytes(piece) async for piece in response.body_iterator])  # type: ignore[arg-type]  # pieces are bytes or text

    with ThreadPoolExecutor(1) as thread:  # browser tests keep an event loop running in this one
        return thread.submit(lambda: asyncio.run(whole())).result()


def test_one_file_comes_as_it_is_and_several_come_in_one(desk: Services) -> None:
    response, masked = answer(desk, export_url(desk, "corrections", masked=True))
    assert response.headers["content-disposition"].endswith("''corrections.jsonl")
    assert masked.count(b"\n") == 4
    assert "지수".encode() not in masked
    assert "지수".encode() in answer(desk, export_url(desk, "corrections", masked=False))[1]
    response, together = answer(desk, export_url(desk, "promptfoo", masked=True))
    assert response.headers["content-disposition"].endswith("''promptfoo.zip")
    with zipfile.ZipFile(io.BytesIO(together)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["promptfoo.config.json", "promptfoo.jsonl", "promptfoo.prompt.json"]


@pytest.mark.parametrize("name", FORMATS)
def test_each_form_is_the_file_that_the_command_writes(desk: Services, name: str) -> None:
    response, data = answer(desk, export_url(desk, name, masked=True))

    form, source = FORMATS[name], build_export(desk, Wanted())
    source.file = form.file
    written = files(form.write(source))
    assert response.status_code == 200
    if form.several:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = {each: archive.read(each) for each in archive.namelist()}
        assert inside == {f"{name}{ending}": content for ending, content in written.items()}
    else:
        assert [data] == list(written.values())


def test_an_address_of_masked_corrections_cannot_be_made_one_of_unmasked_ones(desk: Services) -> None:
    signature = export_url(desk, "corrections", masked=True).partition("?s=")[2]

    for path in ("corrections/unmasked", "csv/masked", "nothing/masked"):
        assert answer(desk, f"/exports/{path}?s={signature}")[0].status_code == 401
    assert answer(desk, "/exports/corrections/masked")[0].status_code == 401


def test_a_database_that_is_away_is_said_before_anything_is_sent(desk: Services) -> None:
    away = replace(desk, database=Database("mysql+pymysql://nobody@127.0.0.1:1/ledger"))

    assert answer(away, export_url(desk, "parquet", masked=True))[0].status_code == 503
