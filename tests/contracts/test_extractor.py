"""What every extractor does: the one of the model, behind a stand-in, the offline engine, and the fake of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.extraction.extractor import ExtractionResult, Extractor
from ledger.extraction.fitting import default_settings
from ledger.extraction.models import load_models
from ledger.extraction.offline.engine import OfflineExtractor
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.inbox.images import Photo, open_photo
from ledger.prompts.versions import load
from ledger.receipt import UNREADABLE_NUMBER, UNREADABLE_TEXT, Receipt
from tests.factories import MISREAD, FakeExtractor, jpeg
from tests.openai_standin import SAMPLE, StandIn

RECEIPT = Path(__file__).parents[2] / "samples" / "photos" / "cafe_dalmong.jpg"
BLANK: dict[str, Any] = {
    "date": UNREADABLE_TEXT,
    "location": UNREADABLE_TEXT,
    "items": [],
    "total_amount": UNREADABLE_NUMBER,
}


@contextmanager
def openai(*, blank: bool) -> Iterator[Extractor]:
    with StandIn(answer=BLANK if blank else SAMPLE) as standin:
        settings = default_settings("gpt-4o", load_models().facts("gpt-4o"))
        yield OpenAIExtractor(settings=settings, prompt=load(), api_key=standin.key, base_url=standin.url, timeout_s=10)


@contextmanager
def offline(*, blank: bool) -> Iterator[Extractor]:
    yield OfflineExtractor()


@contextmanager
def fake(*, blank: bool) -> Iterator[Extractor]:
    yield FakeExtractor(Receipt() if blank else MISREAD)


KINDS = {"openai": openai, "offline": offline, "fake": fake}


@pytest.fixture(params=KINDS)
def extractor(request: pytest.FixtureRequest) -> Iterator[Extractor]:
    with KINDS[request.param](blank=False) as extractor:
        yield extractor
        extractor.close()


@pytest.fixture(params=KINDS)
def extractor_of_nothing(request: pytest.FixtureRequest) -> Iterator[Extractor]:
    """Extractors that look at a photo without a receipt; those that see nothing by themselves are told so."""
    with KINDS[request.param](blank=True) as extractor:
        yield extractor
        extractor.close()


@pytest.fixture(scope="module")
def photo() -> Photo:
    return open_photo(RECEIPT.read_bytes(), RECEIPT.name)


@pytest.fixture(scope="module")
def _read_alone() -> dict[type[Extractor], Receipt]:
    return {}


@pytest.fixture
def alone(extractor: Extractor, photo: Photo, _read_alone: dict[type[Extractor], Receipt]) -> Receipt:
    """What each kind of extractor reads when nothing else is going on; read once, because OCR takes seconds."""
    if type(extractor) not in _read_alone:
        _read_alone[type(extractor)] = extractor.extract(photo, extractor.default_settings).receipt
    return _read_alone[type(extractor)]


def test_a_receipt_is_read_with_its_raw_answer_and_the_settings_as_applied(extractor: Extractor, photo: Photo) -> None:
    result = extractor.extract(photo, extractor.default_settings)

    assert not result.receipt.is_blank
    assert result.raw_answer
    assert result.settings == extractor.default_settings
    assert result.quarter_turns in range(4)


def test_a_temperature_that_was_asked_for_comes_back_or_a_note_says_that_it_was_not_applied(
    extractor: Extractor, photo: Photo
) -> None:
    result = extractor.extract(photo, replace(extractor.default_settings, temperature=0.7))

    said = [note for note in result.notes if "0.7" in str(note)]
    assert (result.settings.temperature, len(said)) in ((0.7, 0), (None, 1))


def test_a_photo_that_is_no_receipt_is_a_blank_reading_and_no_error(extractor_of_nothing: Extractor) -> None:
    photo = open_photo(jpeg(), "wall.jpg")

    result = extractor_of_nothing.extract(photo, extractor_of_nothing.default_settings)

    assert result.receipt.is_blank
    assert result.problems == ()
    assert result.raw_answer


def test_an_engine_that_looks_at_the_photo_itself_says_what_it_saw(extractor: Extractor, photo: Photo) -> None:
    look = extractor.extract(photo, extractor.default_settings).look

    if isinstance(extractor, OfflineExtractor):
        assert look == extractor.look(photo)
    else:
        assert look is None


def test_several_threads_read_the_same_as_one(extractor: Extractor, photo: Photo, alone: Receipt) -> None:
    with ThreadPoolExecutor(3) as pool:
        at_once = list(pool.map(lambda _: extractor.extract(photo, extractor.default_settings), range(3)))

    assert [result.receipt for result in at_once] == [alone] * 3


def test_repetitions_are_as_many_as_asked_for_and_one_from_an_engine_that_always_reads_the_same(
    extractor: Extractor, photo: Photo, alone: Receipt
) -> None:
    outcomes = extractor.extract_repeatedly(photo, extractor.default_settings, 3)

    assert len(outcomes) == (1 if isinstance(extractor, OfflineExtractor) else 3)
    assert [outcome.receipt for outcome in outcomes if isinstance(outcome, ExtractionResult)] == [
        alone for _ in outcomes
    ]


def test_what_is_said_to_share_a_request_does(extractor: Extractor, photo: Photo) -> None:
    shares = extractor.shares_requests(extractor.default_settings)

    outcomes = extractor.extract_repeatedly(photo, extractor.default_settings, 2)

    assert {outcome.shared for outcome in outcomes} == {2 if shares else 1}


def test_a_check_says_in_one_line_what_would_read(extractor: Extractor) -> None:
    said = extractor.check()

    assert extractor.default_settings.model in said
    assert "\n" not in said


def test_a_closed_extractor_reads_again_when_it_is_asked(extractor: Extractor, photo: Photo, alone: Receipt) -> None:
    extractor.check()
    extractor.close()
    extractor.close()

    assert extractor.extract(photo, extractor.default_settings).receipt == alone


def test_an_extractor_has_a_name_and_knows_how_long_it_may_take(extractor: Extractor) -> None:
    assert extractor.engine
    assert 0 < extractor.longest_seconds < 3_600
