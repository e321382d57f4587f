"""On photos of tilted, curled and turned receipts each field is tied to the place where it was drawn."""

from __future__ import annotations

import pytest

from ledger.extraction.look import Look
from ledger.extraction.offline.engine import OfflineExtractor
from ledger.extraction.places.finder import places_of
from ledger.inbox.images import open_photo
from samples.make import PHOTOS
from samples.receipts import SAMPLES
from samples.true_places import is_within, true_places

BY_NAME = {sample.name: sample for sample in SAMPLES}
SURE = ("date", "total_amount", "location", "price", "name")
"""Kinds of fields that are large enough to share area with a detector's box; a count is one narrow digit."""


@pytest.fixture(scope="module")
def looks() -> dict[str, Look]:
    """Equal prices and wrapped names on curled paper; a photo upside down; cents, and counts below the names."""
    engine = OfflineExtractor()
    names = ("모란펫상회", "강아지 운동장 뛰뛰", "maple_street_pets")
    return {name: engine.look(open_photo((PHOTOS / f"{name}.jpg").read_bytes(), name)) for name in names}


@pytest.mark.parametrize("name", ["모란펫상회", "강아지 운동장 뛰뛰", "maple_street_pets"])
def test_a_perfect_reading_is_placed_where_it_was_drawn(name: str, looks: dict[str, Look]) -> None:
    found = places_of(BY_NAME[name].receipt, looks[name])
    true = {path: quad for path, quad in true_places(name).items() if path.rpartition(".")[2] in SURE}
    misplaced = [path for path, quad in true.items() if not ((place := found[path]) and is_within(place, quad))]
    assert misplaced == []


@pytest.mark.parametrize("name", ["모란펫상회", "강아지 운동장 뛰뛰", "maple_street_pets"])
def test_a_count_is_found_only_where_one_is_printed(name: str, looks: dict[str, Look]) -> None:
    found = places_of(BY_NAME[name].receipt, looks[name])
    counts = {path for path, quad in found.items() if path.endswith("count") and quad}
    assert counts == {path for path in true_places(name) if path.endswith("count")}


def test_a_place_beside_the_true_one_is_not_within_it() -> None:
    true = true_places("모란펫상회")
    assert is_within(true["items.0.price"], true["items.0.price"])
    assert not is_within(true["items.1.price"], true["items.0.price"])
    assert not is_within(true["location"], true["date"])
