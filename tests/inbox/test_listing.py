"""A look through a store: parted and listed side by side, nothing left out, gone on with where it broke off."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator

import pytest

from ledger.errors import StoreUnavailable
from ledger.inbox.listing import Listing
from ledger.inbox.object_store import ObjectStore, StoredObject
from ledger.inbox.stores import open_store
from tests.factories import MemoryStore
from tests.servers import S3Server

NAMES = ["", "4", "8", "c", "48", "C", "F", "가", "🐶", "/", "!", "~", "4\u00e9", "8\U0010ffff"]
"""What names may begin with, besides the digits of a UUID."""


class Parted(MemoryStore):
    """A store that is parted as S3 is; it counts how often a listing was begun, and may break off."""

    bounds = ("4", "8", "c")

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.breaks_at = ""

    def list(self, after: str = "") -> Iterator[StoredObject]:
        self.begun.append(after)
        for found in super().list(after):
            if self.breaks_at and found.key >= self.breaks_at:
                raise StoreUnavailable(store=self.name, why="gone")
            yield found


def parted(names: list[str]) -> Parted:
    store = Parted()
    for name in names:
        store.put(name, b"x")
    return store


def in_short_pages(store: ObjectStore) -> Listing:
    return Listing(store, page=10)


def keys(look: Listing) -> list[str]:
    return [found.key for page in look.pages() for found in page]


def test_a_store_of_one_page_is_asked_once() -> None:
    store = parted([f"{number}.jpg" for number in range(9)])

    assert len(keys(in_short_pages(store))) == 9
    assert store.begun == [""]


@pytest.mark.parametrize("seed", range(5))
def test_each_object_is_listed_once_whatever_its_name(seed: int) -> None:
    chance = random.Random(seed)
    names = {uuid.UUID(int=chance.getrandbits(128)).hex for _ in range(150)}
    names |= {f"{first}{rest}" for first in NAMES for rest in ("", "a", "가") if first + rest}
    names |= {name.upper() for name in list(names)[:40]}
    store = parted(sorted(names, key=lambda _name: chance.random()))

    listed = keys(in_short_pages(store))

    assert len(listed) == len(set(listed))
    assert set(listed) == names
    assert sorted(store.begun) == ["", "4", "8", "c"]


def test_a_listing_that_breaks_off_is_gone_on_with_and_lists_the_rest() -> None:
    names = [f"{digit}{number:02d}" for digit in "0123456789abcdef" for number in range(7)]
    store = parted(names)
    store.breaks_at = "d"
    look = in_short_pages(store)
    listed: list[str] = []

    def take_in() -> None:
        for page in look.pages():
            listed.extend(found.key for found in page)

    with pytest.raises(StoreUnavailable):
        take_in()
    store.breaks_at, store.begun = "", []
    rest = keys(look)

    assert sorted(listed + rest) == names, "nothing twice, as what broke off was no page yet"
    assert "" not in store.begun
    assert keys(look) == []


def test_a_page_that_was_not_taken_in_is_listed_once_more() -> None:
    store = parted([f"{number:02d}" for number in range(30)])
    look = in_short_pages(store)

    pages = look.pages()
    first = next(pages)
    pages.close()

    assert keys(look)[: len(first)] == [found.key for found in first]


def test_a_bucket_is_listed_in_parts_and_nothing_is_left_out(s3_bucket: str, s3_server: S3Server) -> None:
    store = open_store(f"s3://{s3_bucket}/ledger/", endpoint=s3_server.endpoint)
    names = {f"ledger/{first}{rest}.jpg" for first in "!049CFaf가" for rest in ("/x", " y", "")}
    names |= {f"ledger/{bound}{rest}" for bound in "48c" for rest in ("/1.jpg", "0.jpg", "가.jpg")}
    for name in names:
        store.put(name, b"x", "image/jpeg")

    listed = keys(in_short_pages(store))

    assert len(listed) == len(set(listed))
    assert set(listed) == names
