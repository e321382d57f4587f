"""The whole engine on pictures drawn here: real models, real photos of drawn paper."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.extraction.notes import NO_HANGUL
from ledger.extraction.offline.engine import OfflineExtractor, load_ocr
from ledger.extraction.offline.models import HANGUL_FILE, find_tessdata
from ledger.inbox.images import upright_image
from ledger.notes import Note
from tests.extraction.offline.drawing import LINES, drawn


@pytest.fixture(scope="module")
def extractor() -> OfflineExtractor:
    return OfflineExtractor()


def test_reads_a_korean_receipt(extractor: OfflineExtractor) -> None:
    result = extractor.extract(drawn(), extractor.default_settings)

    receipt = result.receipt
    assert receipt.date == dt.date(2026, 11, 20)
    assert (receipt.total_amount, receipt.currency) == (41000, "KRW")
    assert [(item.name, item.price, item.count) for item in receipt.items] == [
        ("강아지 감자 간식", 9000, 2),
        ("연어 사료", 32000, 1),
    ]
    assert receipt.location == "서울 강남구 테헤란로 152, 튼튼 동물마트"
    assert result.quarter_turns == 0
    assert result.notes == ()


def test_the_raw_answer_holds_every_line_with_its_box(extractor: OfflineExtractor) -> None:
    photo = drawn()

    lines = json.loads(extractor.extract(photo, extractor.default_settings).raw_answer)["lines"]

    assert len(lines) == len(LINES)
    part = lines[-1][-1]
    assert part["text"] == "41,000"
    assert 0.9 < part["confidence"] <= 1
    assert all(0 <= x < photo.width and 0 <= y < photo.height for x, y in part["box"])


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_photo_says_how_to_turn_it_back(extractor: OfflineExtractor, turns: int) -> None:
    photo = drawn(quarter_turns=turns)

    result = extractor.extract(photo, extractor.default_settings)

    assert result.quarter_turns == 4 - turns
    assert upright_image(photo, result.quarter_turns).size == upright_image(drawn()).size
    assert result.receipt.total_amount == 41000


def test_a_picture_without_a_receipt_is_blank(extractor: OfflineExtractor) -> None:
    photo = drawn(lines=(("오늘의 공원",), ("산책로",)))

    assert extractor.extract(photo, extractor.default_settings).receipt.is_blank


def test_a_temperature_is_not_applied_and_that_is_said(extractor: OfflineExtractor) -> None:
    asked = replace(extractor.default_settings, temperature=0.2, detail="high")

    result = extractor.extract(drawn(), asked)

    assert result.settings == extractor.default_settings
    assert [str(note) for note in result.notes] == ["The offline engine has no temperature; 0.2 was not applied."]


def test_without_hangul_data_dates_and_amounts_are_read(tmp_path: Path) -> None:
    extractor = OfflineExtractor(tessdata=tmp_path)

    result = extractor.extract(drawn(), extractor.default_settings)

    assert not extractor.hangul
    assert extractor.default_settings.model == "ppocr-v6-small"
    assert result.notes == (Note(NO_HANGUL),)
    assert result.receipt.date == dt.date(2026, 11, 20)
    assert result.receipt.total_amount == 41000
    assert result.receipt.location is None
    assert [(item.name, item.price) for item in result.receipt.items] == [(None, 9000), (None, 32000)]


def test_four_threads_read_what_one_reads(extractor: OfflineExtractor) -> None:
    photos = [drawn(lines=LINES[:3]), drawn(lines=LINES[3:]), drawn(lines=LINES[2:])]
    alone = [extractor.extract(photo, extractor.default_settings) for photo in photos]

    with ThreadPoolExecutor(4) as pool:
        together = list(
            pool.map(lambda photo: extractor.extract(photo, extractor.default_settings), photos + photos[:1])
        )

    assert together == alone + alone[:1]
    assert [result.receipt.total_amount for result in alone] == [None, 41000, 41000]


def test_the_models_are_loaded_once_for_all_who_ask_first_at_once(tmp_path: Path) -> None:
    # A folder of its own, so that nobody has asked for its models yet.
    known = find_tessdata(None)
    assert known is not None
    (tmp_path / HANGUL_FILE).symlink_to(known / HANGUL_FILE)
    extractors = [OfflineExtractor(tmp_path), OfflineExtractor(tmp_path)]
    loaded_before = load_ocr.cache_info().misses

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda extractor: extractor.check(), 2 * extractors))

    assert load_ocr.cache_info().misses == loaded_before + 1
    assert told == ["ppocr-v6-small+tesseract-kor on this machine"] * 4
