"""A photo that is shown the same way again is not cropped, scaled and encoded again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from ledger.extraction.look import Look
from ledger.extraction.pictures.seeing import see
from ledger.extraction.pictures.sight import Sight
from ledger.extraction.pictures.sights import Sights
from ledger.extraction.pictures.vision import Tiles
from ledger.inbox.images import Photo, open_photo
from ledger.receipt import Receipt
from tests.factories import jpeg

HOW = {"vision": Tiles(85, 170), "detail": "high", "preparation": "none", "quarter_turns": 0, "upscaler": None}


class Counted:
    """Makes sights; those that it made, in their order."""

    def __init__(self) -> None:
        self.made: list[Sight] = []

    def __call__(self, photo: Photo, **how: Any) -> Sight:
        self.made.append(see(photo, **how))
        return self.made[-1]


def photo(shade: int = 200) -> Photo:
    return open_photo(jpeg(shade), "영수증.jpg")


def test_the_same_again_is_what_was_made() -> None:
    counted = Counted()
    kept = Sights(make=counted)

    first, again = (kept.of(photo(), None, **HOW) for _ in range(2))

    assert first is again
    assert len(counted.made) == 1
    assert first.parts == see(photo(), **HOW).parts


def test_another_photo_look_or_way_to_show_it_is_made_by_itself() -> None:
    counted, look = Counted(), Look((), Receipt(), 16, 16)
    kept = Sights(make=counted)

    kept.of(photo(), None, **HOW)
    kept.of(photo(100), None, **HOW)
    kept.of(photo(), look, **HOW)
    kept.of(photo(), replace(look), **HOW)
    kept.of(photo(), None, **HOW | {"preparation": "binarise"})

    assert len(counted.made) == 5


def test_only_the_newest_are_kept() -> None:
    counted = Counted()
    kept = Sights(2, counted)

    for shade in (1, 2, 1, 3, 1, 2):
        kept.of(photo(shade), None, **HOW)

    assert len(counted.made) == 4


def test_of_several_who_ask_at_once_one_makes_it() -> None:
    counted, together = Counted(), threading.Barrier(8)
    kept = Sights(make=counted)

    def ask() -> Sight:
        together.wait()
        return kept.of(photo(), None, **HOW)

    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(ask) for _ in range(8)]

    assert {id(one.result()) for one in found} == {id(counted.made[0])}


def test_what_failed_is_tried_again() -> None:
    kept = Sights()
    with pytest.raises(ValueError, match="sideways"):
        kept.of(photo(), None, **HOW | {"preparation": "sideways"})

    with pytest.raises(ValueError, match="sideways"):
        kept.of(photo(), None, **HOW | {"preparation": "sideways"})
    assert kept.of(photo(), None, **HOW).parts
