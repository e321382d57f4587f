"""One run: the photo is looked at, read and judged, and whatever fails is in the run's columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ledger.errors import EngineMissing, ModelTimeout
from ledger.extraction.confidence.likelihood import Alternative, Likelihood
from ledger.extraction.look import Glyph, Look, Quad, TextSegment
from ledger.extraction.offline.engine import OfflineExtractor
from ledger.extraction.runner import Runner
from ledger.inbox.images import Photo
from ledger.receipt import Receipt
from tests.extraction.offline.drawing import drawn
from tests.factories import MISREAD, NOW, SETTINGS, FakeExtractor, MemoryStore, jpeg, result

KEY = "ledger/감자.jpg"


class FakeLooker:
    """Sees what it is told on every photo, or raises, and records what it looked at."""

    def __init__(self, seen: Look | Exception) -> None:
        self._seen = seen
        self.asked: list[Photo] = []

    def look(self, photo: Photo) -> Look:
        self.asked.append(photo)
        if isinstance(self._seen, Exception):
            raise self._seen
        return self._seen


def segment(text: str, left: float, top: float) -> TextSegment:
    """Signs of 10 x 20 pixels."""
    width = 10 * len(text)
    quad: Quad = ((left, top), (left + width, top), (left + width, top + 20), (left, top + 20))
    glyphs = (Glyph(sign, 0.99, i / len(text), (i + 1) / len(text)) for i, sign in enumerate(text))
    return TextSegment(tuple(glyphs), quad)


def look_of(receipt: Receipt, **more: Any) -> Look:
    lines = (
        (segment("2024-11-11", 10, 10),),
        (segment("장난감", 10, 40), segment("13,500", 200, 40)),
        (segment("감자", 10, 70), segment("4,000", 200, 70)),
        (segment("합계", 10, 100), segment("17,500", 200, 100)),
    )
    return Look(lines, receipt, 300, 400, **more)


def run_of(extractor: FakeExtractor, looker: FakeLooker | None) -> dict[str, Any]:
    store = MemoryStore()
    etag = store.put(KEY, jpeg()).etag
    return Runner(store, extractor, looker, lambda: NOW).run(KEY, etag, SETTINGS)


def test_what_was_looked_up_goes_to_the_reader_and_judges_what_it_read() -> None:
    look = look_of(MISREAD.model_copy(update={"total_amount": 19_500}))
    looker, extractor = FakeLooker(look), FakeExtractor()

    run = run_of(extractor, looker)

    assert [photo.name for photo in looker.asked] == ["감자.jpg"]
    assert extractor.looks == [look]
    assert run["places"]["size"] == [300, 400]
    left, top = run["places"]["fields"]["items.0.price"][0]
    assert (round(left, -1), round(top, -1)) == (200, 40)
    total = run["doubts"]["fields"]["total_amount"]
    assert total["risk"] > run["doubts"]["fields"]["date"]["risk"]
    assert any("19,500" in str(reason["fields"]) for reason in total["reasons"])
    assert 0 < run["risk"] <= 1


def test_what_else_the_model_had_in_mind_is_kept_with_the_run() -> None:
    torn = Likelihood(0.45, 0.45, (Alternative("감자", 0.40),))
    run = run_of(FakeExtractor(result(MISREAD, likelihoods={"items.1.name": torn})), None)

    doubt = run["doubts"]["fields"]["items.1.name"]
    assert (doubt["probability"], doubt["alternatives"]) == (0.45, [{"text": "감자", "probability": 0.40}])


@pytest.mark.parametrize("failure", [EngineMissing(why="no models"), RuntimeError("defect")])
def test_a_look_that_fails_costs_no_reading(failure: Exception) -> None:
    extractor = FakeExtractor()

    run = run_of(extractor, FakeLooker(failure))

    assert extractor.looks == [None]
    assert ("error_class" in run, run["document"]["total_amount"]) == (False, 17_500)
    assert "places" not in run
    assert run["measures"]["brightness"] > 0


def test_a_photo_that_could_not_be_read_is_measured_all_the_same() -> None:
    run = run_of(FakeExtractor(ModelTimeout(seconds=60)), None)

    assert run["error_class"] == "ModelTimeout"
    assert run["measures"]["brightness"] > 0
    assert "picture_hash" in run


def test_a_readers_own_look_gives_places_and_is_no_second_opinion() -> None:
    own = look_of(MISREAD.model_copy(update={"total_amount": 19_500}))

    run = run_of(FakeExtractor(result(MISREAD, look=own)), None)

    assert run["places"]["fields"]["date"] is not None
    assert run["doubts"]["fields"].get("total_amount", {"reasons": []})["reasons"] == []


def test_a_purchase_of_today_in_korea_is_not_in_the_future() -> None:
    """At NOW it is still the day before in Greenwich for a receipt of the next morning in Seoul."""
    tomorrow = MISREAD.model_copy(update={"date": NOW.date() + dt.timedelta(days=1)})
    evening = NOW.replace(hour=16)
    store = MemoryStore()
    etag = store.put(KEY, jpeg()).etag

    run = Runner(store, FakeExtractor(tomorrow), None, lambda: evening).run(KEY, etag, SETTINGS)

    assert run["doubts"]["fields"].get("date", {"reasons": []})["reasons"] == []


def test_what_the_offline_engine_saw_for_its_own_reading_places_and_measures_it() -> None:
    store, photo, engine = MemoryStore(), drawn(), OfflineExtractor()
    etag = store.put(KEY, photo.data).etag

    run = Runner(store, engine, None, lambda: NOW).run(KEY, etag, engine.default_settings)

    assert run["places"]["size"] == [photo.width, photo.height]
    assert None not in run["places"]["fields"].values()
    assert 10 < run["measures"]["text_height"] < 60
    assert run["doubts"]["fields"]["items.0.name"]["risk"] > 0  # OCR is never wholly sure of a sign
