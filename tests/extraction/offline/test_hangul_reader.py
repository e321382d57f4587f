"""What Tesseract's data for Hangul makes of one line."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ledger.extraction.look import Glyph, text_of
from ledger.extraction.offline.hangul_reader import HangulReader
from ledger.extraction.offline.models import find_tessdata
from tests.extraction.offline.drawing import FONT

PRINTED = "서울 강남구 테헤란로 152"
SYLLABLE = 26
"""Pixels from one syllable to the next in this size of the font; digits and spaces are half as wide."""
WIDTHS = [SYLLABLE / 2 if sign.isascii() else SYLLABLE for sign in PRINTED]


@pytest.fixture(scope="module")
def line() -> list[Glyph]:
    """The line as it is read in a box that ends where its text does."""
    tessdata = find_tessdata(None)
    assert tessdata is not None
    paper = Image.new("RGB", (480, 80), (245, 245, 245))
    ImageDraw.Draw(paper).text((40, 26), PRINTED, font=ImageFont.truetype(FONT, SYLLABLE), fill=(30, 30, 30))
    right = 40 + sum(WIDTHS)
    box = np.array([[40, 22], [right, 22], [right, 58], [40, 58]], np.float32)
    return HangulReader(tessdata).read(np.asarray(paper), box)


def test_a_line_is_read_with_the_spaces_between_its_words(line: list[Glyph]) -> None:
    assert text_of(line) == PRINTED


def test_each_character_ends_before_the_next_begins(line: list[Glyph]) -> None:
    assert all(before.left <= before.right <= after.left for before, after in pairwise(line))


def test_each_character_stands_within_half_a_syllable_of_where_it_was_printed(line: list[Glyph]) -> None:
    middles = np.cumsum(WIDTHS) - np.array(WIDTHS) / 2

    assert [glyph.middle * sum(WIDTHS) for glyph in line] == pytest.approx(middles, abs=SYLLABLE / 2)
