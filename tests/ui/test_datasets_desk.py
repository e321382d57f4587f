"""Dataset versions on a page: nothing yet, one that is frozen, one that is imported, and their download."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit as st
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from streamlit.testing.v1 import AppTest

from ledger.database import Database
from ledger.errors import StoreUnavailable
from ledger.experiments.dataset_files import export_zip
from ledger.experiments.datasets import dataset_version, dataset_versions
from ledger.services import Services
from ledger.ui.dataset_route import DatasetRoute, dataset_url
from ledger.ui.shell import use_services
from tests.experiments.frozen import bought, confirmed, frozen
from tests.factories import MemoryStore, jpeg, migrated
from tests.services import services


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Services]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    made = services(database, MemoryStore())
    use_services(made)
    st.cache_data.clear()
    yield made
    database.close()


@pytest.fixture
def database(desk: Services) -> Database:
    """Four confirmed receipts of two shops."""
    assert isinstance(desk.store, MemoryStore)
    for number in range(4):
        confirmed(desk.database, desk.store, number, bought("카페" if number % 2 else "*병원*", day=number))
    return desk.database


def script() -> None:
    from ledger.ui import datasets_desk
    from ledger.ui.shell import open_desk

    desk = open_desk()
    datasets_desk.dataset_list(desk)
    datasets_desk.freeze_form(desk)
    datasets_desk.import_form(desk)


def page(language: str = "en") -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    app.session_state["language"] = language
    app.run()
    assert not app.exception
    return app


def field_key(app: AppTest) -> str:
    return next(each.key for each in app.text_input if each.key and each.key.startswith("import_name"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_without_versions_and_receipts_says_what_to_do(desk: Services, language: str) -> None:
    told = [info.value for info in page(language).info]

    first, second = (
        ("아직 데이터셋 버전이", "아직 확정된 영수증이") if language == "ko" else ("There is no", "No receipt has")
    )
    assert told[0].startswith(first)
    assert len(told) == 2
    assert told[1].startswith(second)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_version_is_frozen_and_told_in_words(database: Database, language: str) -> None:
    app = page(language)
    counted = [caption.value for caption in app.caption]
    assert any("4" in caption and "2" in caption for caption in counted)

    app.text_input[0].set_value("[첫] 버전")
    app.button(key="freeze").click().run()

    assert not app.exception
    assert dataset_versions(database)[0].name == "[첫] 버전"
    [told] = [success.value for success in app.success]
    assert "\\[첫\\] 버전" in told
    assert (
        "영수증 4건, 튜닝용 2건, 시험용 2건" if language == "ko" else "Receipts: 4, to tune on: 2, to test: 2"
    ) in told
    assert app.text_input[0].value == ""
    row = app.table[0].value.iloc[0].tolist()
    assert row[:4] == ["**\\[첫\\] 버전**", "4", "2", "2"]
    app.run()
    assert not app.success


def test_what_matches_is_counted_before_it_is_frozen(database: Database) -> None:
    app = page()

    app.text_input(key="freeze_text").set_value("카페").run()
    assert "Confirmed receipts that match: 2, of shops: 1." in [caption.value for caption in app.caption]
    app.text_input(key="freeze_text").set_value("nichts").run()
    assert any(caption.value.startswith("No confirmed receipt matches") for caption in app.caption)
    assert app.button(key="freeze").disabled


def test_a_sample_says_of_how_many_and_what_was_left_out(database: Database, desk: Services) -> None:
    assert isinstance(desk.store, MemoryStore)
    confirmed(database, desk.store, 9, bought("카페"), photo=jpeg(1))
    app = page()

    app.text_input[0].set_value("Stichprobe")
    app.number_input(key="freeze_size").set_value(2)
    app.slider(key="freeze_share").set_value(100)
    app.button(key="freeze").click().run()

    told = app.success[0].value
    assert "Receipts: 2, to tune on: 0, to test: 2." in told
    assert "It is a sample of 4." in told
    assert "the picture is the same as that of another receipt: 1." in told
    assert app.table[0].value.iloc[0]["Made from"] == "Confirmed receipts · sample of 4, seed 0"


def test_a_version_without_anything_to_test_is_told(desk: Services) -> None:
    assert isinstance(desk.store, MemoryStore)
    for number in range(3):
        confirmed(desk.database, desk.store, number)
    app = page()

    app.text_input[0].set_value("Ein Tag")
    app.button(key="freeze").click().run()

    assert "to test: 0" in app.success[0].value
    assert app.warning[0].value.startswith("None is to be tested")


def test_what_cannot_be_frozen_is_said_and_what_was_typed_stays(database: Database) -> None:
    frozen(database, "첫 버전")
    app = page()

    app.text_input[0].set_value("첫 버전")
    app.button(key="freeze").click().run()

    assert app.error[0].value.startswith("There is a dataset version")
    assert app.text_input[0].value == "첫 버전"


def test_a_zip_is_imported_and_what_is_none_is_refused_by_name(database: Database, desk: Services) -> None:
    frozen(database, "첫 버전")
    data = b"".join(export_zip(database, desk, dataset_version(database, "첫 버전")))
    app = page()
    assert app.button(key="import").disabled

    app.file_uploader[0].set_value(("내 영수증.zip", b"no zip", "application/zip")).run()
    app.button(key="import").click().run()
    assert app.error[0].value.startswith("내 영수증.zip cannot be used as a dataset")

    app.file_uploader[0].set_value(("내 영수증.zip", data, "application/zip")).run()
    app.text_input(key=field_key(app)).set_value("둘째")
    app.button(key="import").click().run()
    assert not app.exception
    assert "“둘째” is there. Receipts: 4" in app.success[0].value
    assert app.table[0].value.iloc[0]["Made from"] == "File 내 영수증.zip"


# ---- The download


def answer(desk: Services, address: str) -> tuple[Response, bytes]:
    path, _, query = address.partition("?")
    version_id = int(path.rpartition("/")[2])
    request = Request({"type": "http", "path_params": {"version_id": version_id}, "query_string": query.encode()})

    async def whole() -> tuple[Response, bytes]:
        response = await DatasetRoute(desk).answer(request)
        if not isinstance(response, StreamingResponse):
            return response, bytes(response.body)
        return response, b"".join([bytes(piece) async for piece in response.body_iterator])  # type: ignore[arg-type]  # pieces are bytes or text

    with ThreadPoolExecutor(1) as thread:  # browser tests keep an event loop running in this one
        return thread.submit(lambda: asyncio.run(whole())).result()


def test_each_version_can_be_downloaded_as_a_zip(database: Database, desk: Services) -> None:
    version = dataset_version(database, frozen(database, "첫/버전").id)
    shown = page().table[0].value.iloc[0]["File"]
    address = re.findall(r"\((.+)\)", shown)[0]

    response, data = answer(desk, address)

    assert address.startswith(f"/datasets/{version.id}?s=")
    assert response.status_code == 200
    assert response.headers["content-disposition"].endswith("''%EC%B2%AB%2F%EB%B2%84%EC%A0%84.zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None


def test_an_address_that_is_not_ours_gives_nothing(database: Database, desk: Services) -> None:
    version = dataset_version(database, frozen(database).id)
    signature = dataset_url(desk, version).partition("?s=")[2]

    for address in (f"/datasets/{version.id}", f"/datasets/{version.id}?s=x", f"/datasets/9?s={signature}"):
        assert answer(desk, address)[0].status_code == 401


def test_a_picture_that_was_replaced_is_named(database: Database, desk: Services) -> None:
    version = dataset_version(database, frozen(database).id)
    assert isinstance(desk.store, MemoryStore)
    for number in range(4):
        desk.store.put(f"ledger/{number}.jpg", jpeg(99))

    response, data = answer(desk, dataset_url(desk, version))
    assert (response.status_code, b"is not the one" in data) == (409, True)

    desk.store.failure = StoreUnavailable(store="s3://x/", why="no")
    assert answer(desk, dataset_url(desk, version))[0].status_code == 503
