"""What prompts are judged on is in no export, unless somebody asks for all."""

from __future__ import annotations

import pytest

from ledger.database import Database
from ledger.experiments.datasets import cases_of, dataset_versions
from ledger.experiments.words import Split
from ledger.exports.formats import FORMATS
from ledger.exports.wanted import Wanted
from tests.experiments.frozen import bought, confirmed, frozen
from tests.exports.made import source
from tests.factories import MemoryStore

SHOPS = ("카페", "병원", "미용실", "용품점")


@pytest.fixture
def store(database: Database) -> MemoryStore:
    """Receipts of four shops, some of them for the test."""
    store = MemoryStore()
    for number in range(12):
        confirmed(database, store, number, bought(SHOPS[number % 4], day=number))
    frozen(database)
    return store


def test_every_form_leaves_the_test_split_out(database: Database, store: MemoryStore) -> None:
    (version,) = dataset_versions(database)
    tests = len(cases_of(database, version, Split.TEST))
    assert 0 < tests < 12

    for form in FORMATS.values():
        for tests_too, receipts in ((False, 12 - tests), (True, 12)):
            made = source(database, store, Wanted(tests_too=tests_too))
            assert b"".join(data for _, data in form.write(made))
            assert made.receipts == receipts, form.what


def test_not_one_photo_of_the_test_split_is_named(database: Database, store: MemoryStore) -> None:
    (version,) = dataset_versions(database)
    hidden = [case.object_key for case in cases_of(database, version, Split.TEST)]

    for name in ("corrections", "chat", "preference", "batch", "promptfoo", "label-studio", "csv"):
        written = b"".join(data for _, data in FORMATS[name].write(source(database, store)))
        assert b"memory://photos/ledger/" in written
        assert [key for key in hidden if f"memory://photos/{key}".encode() in written] == []
