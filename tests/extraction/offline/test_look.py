"""What a look tells: which text stands where, in pixels of the whole upright photo."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from PIL import Image

from ledger.extraction.look import Look
from ledger.extraction.offline.engine import OfflineExtractor
from ledger.inbox.images import open_photo
from ledger.receipt import Receipt
from tests.extraction.offline.drawing import COLUMNS, LINES, drawn

PAPER = 60
"""Pixels from the photo's edge to the paper's."""


@pytest.fixture(scope="module")
def extractor() -> OfflineExtractor:
    return OfflineExtractor()


@pytest.fixture(scope="module")
def look(extractor: OfflineExtractor) -> Look:
    return extractor.look(drawn())


def corners(look: Look) -> list[tuple[float, float]]:
    """The upper left corner of each line's first segment and of its last."""
    return [part.quad[0] for line in look.lines for part in (line[0], line[-1])]


def test_the_lines_are_told_from_top_to_bottom_with_what_they_say(extractor: OfflineExtractor, look: Look) -> None:
    assert ["".join(part.text for part in line).replace(" ", "") for line in look.lines] == [
        "".join(cells).replace(" ", "") for cells in LINES
    ]
    assert (look.width, look.height, look.quarter_turns) == (drawn().width, drawn().height, 0)
    assert look.receipt.total_amount == 41000
    assert look.model == extractor.default_settings.model


def test_every_glyph_is_one_character_inside_its_segment_after_the_one_before(look: Look) -> None:
    segments = [part for line in look.lines for part in line]

    for part in segments:
        assert part.text == part.text.strip()
        middles = [glyph.middle for glyph in part.glyphs]
        assert middles == sorted(middles)
        assert all(len(glyph.text) == 1 and 0 <= glyph.left <= glyph.right <= 1 for glyph in part.glyphs)


def test_a_glyph_stands_where_it_was_drawn(look: Look) -> None:
    part = next(part for line in look.lines for part in line if part.text == "강아지 감자 간식")
    left, right = part.quad[0][0], part.quad[1][0]
    middle = left + part.glyphs[4].middle * (right - left)

    # A syllable of the font is 26 pixels wide and a space 13; before the middle of 감 stand 3.5 syllables and a space.
    assert middle == pytest.approx(PAPER + COLUMNS[0] + 3 * 26 + 13 + 13, abs=8)


def test_places_are_told_in_pixels_of_the_whole_photo_however_large(extractor: OfflineExtractor, look: Look) -> None:
    photo = drawn(enlarged=4)  # wider than what the engine reads at

    large = extractor.look(photo)

    assert (large.width, large.height) == (photo.width, photo.height)
    assert corners(large) == [pytest.approx((4 * x, 4 * y), abs=24) for x, y in corners(look)]


def test_places_of_a_turned_photo_are_told_in_the_upright_one(extractor: OfflineExtractor, look: Look) -> None:
    turned = extractor.look(drawn(quarter_turns=1))

    assert (turned.width, turned.height, turned.quarter_turns) == (look.width, look.height, 3)
    assert corners(turned) == [pytest.approx(corner, abs=6) for corner in corners(look)]


def test_a_reading_takes_a_look_that_is_there(extractor: OfflineExtractor, look: Look) -> None:
    seen = replace(look, lines=(look.lines[0],), receipt=Receipt(total_amount=7), quarter_turns=2)

    result = extractor.extract(drawn(), extractor.default_settings, seen)

    assert result.receipt == seen.receipt
    assert result.quarter_turns == 2
    assert [part["text"] for part in json.loads(result.raw_answer)["lines"][0]] == ["튼튼 동물마트"]


def test_a_reading_of_its_own_says_what_its_look_says(extractor: OfflineExtractor, look: Look) -> None:
    alone = extractor.extract(drawn(), extractor.default_settings)

    assert alone == extractor.extract(drawn(), extractor.default_settings, look)


@pytest.mark.parametrize("size", [(1, 9000), (9000, 1)])
def test_nothing_is_seen_on_a_picture_as_thin_as_a_hair(extractor: OfflineExtractor, size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("L", size, 200).save(out, "PNG")

    look = extractor.look(open_photo(out.getvalue(), "줄.png"))

    assert (look.lines, look.receipt.is_blank, look.width, look.height) == ((), True, *size)
