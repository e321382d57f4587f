"""A photo that is shown the same way again is not cropped, scaled and encoded again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from ledger.extraction.look import Look
from ledger.extraction.pictures import sights
from ledger.extraction.pictures.seeing import see
from ledger.extraction.pictures.sight import Sight
from ledger.extraction.pictures.sights import Sights
from ledger.extraction.pictures.vision import Tiles
from ledger.inbox.images import Photo, open_photo
from ledger.receipt import Receipt
from tests.factories import jpeg

HOW = {"vision": Tiles(85, 170), "detail": "high", "preparation": "none", "quarter_turns": 0, "upscaler": None}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Sight]:
    """What was made, in its order."""
    done: list[Sight] = []

    def counted(*given: Any, **how: Any) -> Sight:
        done.append(see(*given, **how))
        return done[-1]

    monkeypatch.setattr(sights, "see", counted)
    return done


def photo(shade: int = 200) -> Photo:
    return open_photo(jpeg(shade), "영수증.jpg")


def test_the_same_again_is_what_was_made(made: list[Sight]) -> None:
    kept = Sights()

    first, again = (kept.of(photo(), None, **HOW) for _ in range(2))

    assert first is again
    assert len(made) == 1
    assert first.parts == see(photo(), **HOW).parts


def test_another_photo_look_or_way_to_show_it_is_made_by_itself(made: list[Sight]) -> None:
    kept, look = Sights(), Look((), Receipt(), 16, 16)

    kept.of(photo(), None, **HOW)
    kept.of(photo(100), None, **HOW)
    kept.of(photo(), look, **HOW)
    kept.of(photo(), replace(look), **HOW)
    kept.of(photo(), None, **HOW | {"preparation": "binarise"})

    assert len(made) == 5


def test_only_the_newest_are_kept(made: list[Sight]) -> None:
    kept = Sights(most=2)

    for shade in (1, 2, 1, 3, 1, 2):
        kept.of(photo(shade), None, **HOW)

    assert len(made) == 4


def test_of_several_who_ask_at_once_one_makes_it(made: list[Sight]) -> None:
    kept, together = Sights(), threading.Barrier(8)

    def ask() -> Sight:
        together.wait()
        return kept.of(photo(), None, **HOW)

    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(ask) for _ in range(8)]

    assert {id(one.result()) for one in found} == {id(made[0])}


def test_what_failed_is_tried_again(made: list[Sight], monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Sights()
    with pytest.raises(ValueError, match="sideways"):
        kept.of(photo(), None, **HOW | {"preparation": "sideways"})

    with pytest.raises(ValueError, match="sideways"):
        kept.of(photo(), None, **HOW | {"preparation": "sideways"})
    assert kept.of(photo(), None, **HOW).parts
