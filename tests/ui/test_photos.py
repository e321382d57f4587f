"""The photo route: a JPEG, or the status that the viewer has a text for."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from starlette.requests import Request

from ledger.database import Database
from ledger.errors import LedgerError, StoreAccessDenied, StoreUnavailable
from ledger.inbox.images import SCREEN_SIDE, open_photo, screen_jpeg, upright_jpeg
from ledger.tables import ReceiptRow
from ledger.ui.photos import PhotoRoute, Signer
from tests.factories import MemoryStore, jpeg, migrated, take_in
from tests.services import services

SECRET = "what tests sign with"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def route(tmp_path: Path, store: MemoryStore) -> Iterator[PhotoRoute]:
    """The route over one receipt, whose id is 1."""
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    take_in(database, store)
    yield PhotoRoute(services(database, store, secret=SECRET))
    database.close()


def status(route: PhotoRoute, receipt_id: int = 1) -> int:
    signed = Signer(SECRET).address(ReceiptRow(id=receipt_id, etag="e1", quarter_turns=0)).partition("?")[2]
    return status_of(route, receipt_id, signed)


def status_of(route: PhotoRoute, receipt_id: int, query: str) -> int:
    scope = {"type": "http", "path_params": {"receipt_id": receipt_id}, "query_string": query.encode()}
    request = Request(scope)
    with ThreadPoolExecutor(1) as thread:  # browser tests keep an event loop running in this one
        return thread.submit(lambda: asyncio.run(route.answer(request)).status_code).result()


def test_a_photo_is_given(route: PhotoRoute) -> None:
    assert status(route) == 200


@pytest.mark.parametrize(
    ("failure", "expected"),
    [(StoreAccessDenied(store="s3://a/"), 403), (StoreUnavailable(store="s3://a/", why="no"), 503)],
)
def test_a_store_that_fails_is_told_apart(
    route: PhotoRoute, store: MemoryStore, failure: LedgerError, expected: int
) -> None:
    store.failure = failure
    assert status(route) == expected


def test_an_address_is_good_for_its_own_photo_alone(route: PhotoRoute) -> None:
    other = Signer(SECRET).address(ReceiptRow(id=2, etag="e1", quarter_turns=0)).partition("?")[2]
    foreign = Signer("somebody else's").address(ReceiptRow(id=1, etag="e1", quarter_turns=0)).partition("?")[2]

    assert [status_of(route, 1, query) for query in (other, foreign, "", "v=e1-0&s=x.y", "v=e1-0&s=한글")] == [401] * 5


def test_an_address_stays_the_same_for_hours_and_ends_by_itself() -> None:
    now = [1_800_000_000.0]
    signer = Signer(SECRET, clock=lambda: now[0])
    receipt = ReceiptRow(id=7, etag='"a.b:c"', quarter_turns=3)
    address = signer.address(receipt)
    signature = address.partition("&s=")[2]

    now[0] += 3600
    assert signer.address(receipt) == address
    now[0] += 5 * 3600
    assert signer.address(receipt) != address
    assert signer.allows(7, '"a.b:c"-3', signature)
    now[0] += 6 * 3600
    assert not signer.allows(7, '"a.b:c"-3', signature)


def test_a_photo_that_is_gone_or_no_picture_is_told_apart(route: PhotoRoute, store: MemoryStore) -> None:
    store.put("ledger/감자.jpg", b"milk")
    assert status(route) == 422
    store.objects.clear()
    assert status(route) == 404


@pytest.mark.parametrize("receipt_id", [404, 10**24])
def test_a_receipt_that_cannot_be_is_not_found(route: PhotoRoute, receipt_id: int) -> None:
    assert status(route, receipt_id) == 404


def test_a_database_that_is_away_is_503(store: MemoryStore) -> None:
    database = Database("mysql+pymysql://desk@127.0.0.1:1/ledger")
    assert status(PhotoRoute(services(database, store, secret=SECRET))) == 503
    database.close()


@pytest.mark.parametrize("turns", range(4))
def test_the_photo_for_the_screen_is_the_upright_one_decoded_smaller(turns: int) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.linear_gradient("L").resize((8_000, 6_000)).save(out, "JPEG", exif=exif)

    small = Image.open(io.BytesIO(screen_jpeg(out.getvalue(), "a.jpg", turns)))
    whole = Image.open(io.BytesIO(upright_jpeg(open_photo(out.getvalue(), "a.jpg"), turns)))

    assert small.size == whole.size
    assert max(small.size) == SCREEN_SIDE
    corners = [(5, 5), (small.width - 5, 5), (5, small.height - 5)]
    assert all(abs(small.getpixel(at)[0] - whole.getpixel(at)[0]) < 8 for at in corners)


def test_a_small_photo_keeps_its_size() -> None:
    assert Image.open(io.BytesIO(screen_jpeg(jpeg(), "a.jpg"))).size == (16, 16)
