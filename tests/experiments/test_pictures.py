"""The picture of a case comes from where it lies, and is the one that was frozen."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest

from ledger.errors import ObjectNotFound, PictureReplaced
from ledger.experiments.pictures import picture
from ledger.experiments.words import DATASETS, PHOTOS, Case, Split
from tests.factories import RIGHT, MemoryStore, jpeg


class Stores:
    def __init__(self) -> None:
        self.store = MemoryStore()
        self.datasets = MemoryStore()


def case(store: str, key: str, data: bytes) -> Case:
    sha256 = hashlib.sha256(data).hexdigest()
    return Case(1, 0, None, store, key, sha256, RIGHT, "루트231", dt.date(2024, 11, 11), Split.TEST)


@pytest.mark.parametrize("where", [PHOTOS, DATASETS])
def test_a_picture_is_fetched_from_where_it_lies(where: str) -> None:
    stores = Stores()
    if where == PHOTOS:
        stores.store.put("감자.jpg", jpeg())
    else:
        stores.datasets.put(stores.datasets.key_named("감자.jpg"), jpeg())

    assert picture(stores, case(where, "감자.jpg", jpeg())) == jpeg()


def test_a_picture_that_was_replaced_is_named_and_not_given_out() -> None:
    stores = Stores()
    stores.store.put("감자.jpg", jpeg(1))

    with pytest.raises(PictureReplaced, match=r"'감자\.jpg' is not the one"):
        picture(stores, case(PHOTOS, "감자.jpg", jpeg(2)))


def test_a_picture_that_is_gone_is_named() -> None:
    with pytest.raises(ObjectNotFound, match=r"감자\.jpg"):
        picture(Stores(), case(PHOTOS, "감자.jpg", jpeg()))
