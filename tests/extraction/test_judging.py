"""A reading is judged by what OCR saw of its photo, and its places are stored with it."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
from PIL import Image

from ledger.extraction.confidence.evidence import NOT_ON_PHOTO
from ledger.extraction.judging import judged_columns, measured, measures_of
from ledger.inbox.images import Photo, open_photo
from ledger.receipt import Receipt
from tests.extraction.confidence.looks import look_with
from tests.factories import result

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
LOOK = look_with(Receipt(), "루트231", "2026-11-02", "합계 17,500", "교환 7일 이내", "감사합니다")


def reasons(columns: dict, path: str) -> list[str]:
    return [reason["sentence"] for reason in columns["doubts"]["fields"].get(path, {"reasons": []})["reasons"]]


def test_a_value_that_the_photo_does_not_show_is_doubted_and_has_no_place() -> None:
    read = Receipt(date=dt.date(2026, 11, 2), total_amount=93_000)
    columns = judged_columns(result(read), LOOK, NOW)
    assert NOT_ON_PHOTO in reasons(columns, "total_amount")
    assert NOT_ON_PHOTO not in reasons(columns, "date")
    assert columns["places"]["fields"]["total_amount"] is None
    assert columns["places"]["fields"]["date"] is not None
    assert columns["places"]["fields"].keys() == {"date", "total_amount"}  # the rest was not read


def test_without_ocr_nothing_is_searched() -> None:
    columns = judged_columns(result(Receipt(total_amount=93_000)), None, NOW)
    assert "places" not in columns
    assert NOT_ON_PHOTO not in reasons(columns, "total_amount")


def photo_of(width: int, height: int) -> Photo:
    out = io.BytesIO()
    Image.new("L", (width, height), 200).save(out, "PNG")
    return open_photo(out.getvalue(), "줄.png")


@pytest.mark.parametrize("size", [(1, 5000), (2, 9000), (9000, 2)])
def test_a_picture_as_thin_as_a_hair_is_measured(size: tuple[int, int]) -> None:
    assert measures_of(photo_of(*size), None).brightness == pytest.approx(200, abs=1)


def test_a_photo_that_cannot_be_measured_has_no_measures_and_the_log_names_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert measured(replace(photo_of(20, 20), data=b"\x89PNG"), None) is None
    assert [record.getMessage() for record in caplog.records] == ["줄.png could not be measured"]
