"""Two readings of one crop, drawn up by hand: what is taken from which."""

from __future__ import annotations

import numpy as np

from ledger.extraction.look import Glyph, text_of
from ledger.extraction.offline.fusion import fuse
from ledger.extraction.offline.spaces import with_spaces
from tests.extraction.offline.drawing import glyphs


def test_hangul_comes_from_tesseract_and_digits_from_ppocr() -> None:
    latin = [*glyphs("日", 0.4, 0.0, 0.2), *glyphs("2024-11-13", 0.99, 0.3, 1.0)]
    hangul = [*glyphs("날짜", 0.97, 0.0, 0.2), *glyphs("2O24-1l-13", 0.8, 0.3, 1.0)]

    assert text_of(fuse(latin, hangul, aspect=10)) == "날짜2024-11-13"


def test_a_lone_digit_over_a_syllable_is_not_believed() -> None:
    # ㅇ looks like a zero.
    latin = glyphs("0", 0.9, 0.5, 0.75)
    hangul = glyphs("고양이용", 0.98)

    assert text_of(fuse(latin, hangul, aspect=4)) == "고양이용"


def test_a_whole_number_survives_one_imagined_syllable() -> None:
    latin = glyphs("16,000", 0.99)
    hangul = [*glyphs("16,00", 0.9, 0.0, 0.83), *glyphs("이", 0.6, 0.84, 1.0)]

    assert text_of(fuse(latin, hangul, aspect=3)) == "16,000"


def test_a_unit_after_a_number_is_kept() -> None:
    latin = glyphs("5,000", 0.99, 0.0, 0.8)
    hangul = [*glyphs("5,000", 0.9, 0.0, 0.8), *glyphs("원", 0.97, 0.82, 1.0)]

    assert text_of(fuse(latin, hangul, aspect=3)) == "5,000원"


def test_digits_that_both_read_in_slightly_different_places_are_not_doubled() -> None:
    latin = glyphs("100", 0.99, 0.42, 0.68)
    hangul = [*glyphs("티슈", 0.98, 0.0, 0.38), *glyphs("100", 0.98, 0.40, 0.74), *glyphs("매", 0.98, 0.76, 1.0)]

    assert text_of(fuse(latin, hangul, aspect=6)) == "티슈100매"


def test_without_syllables_the_sure_latin_reading_stands_alone() -> None:
    assert text_of(fuse(glyphs("TOTAL", 0.99), glyphs("T0TAL", 0.8), aspect=4)) == "TOTAL"


def test_full_width_signs_become_ascii() -> None:
    assert text_of(fuse(glyphs("￥5，000", 0.99), [], aspect=3)) == "₩5,000"
    assert text_of(fuse([], glyphs("Ｌ호", 0.99), aspect=2)) == "L호"


def page_with_ink(*spans: tuple[int, int]) -> np.ndarray:
    grey = np.full((48, 400), 255, np.uint8)
    for left, right in spans:
        grey[10:40, left:right] = 0
    return grey


def test_a_wide_blank_is_a_space() -> None:
    spread = [Glyph("가", 1, 0.0, 0.1), Glyph("나", 1, 0.12, 0.22), Glyph("다", 1, 0.4, 0.5)]

    spaced = with_spaces(spread, [], page_with_ink((0, 40), (48, 88), (160, 200)))

    assert text_of(spaced) == "가나 다"


def test_a_narrow_blank_is_a_space_only_where_tesseract_saw_one() -> None:
    spread = [
        Glyph("가", 1, 0.0, 0.1),
        Glyph("나", 1, 0.11, 0.2),
        Glyph("다", 1, 0.24, 0.34),
        Glyph("라", 1, 0.35, 0.44),
    ]
    grey = page_with_ink((0, 40), (44, 81), (96, 136), (140, 176))
    seen = [spread[0], spread[1], Glyph(" ", 1, 0.2, 0.24), spread[2], spread[3]]

    assert text_of(with_spaces(spread, [], grey)) == "가나다라"
    assert text_of(with_spaces(spread, seen, grey)) == "가나 다라"


def test_a_blank_beside_what_was_read_is_no_space() -> None:
    spread = [Glyph("2", 1, 0.5, 0.6), Glyph("0", 1, 0.6, 0.7)]

    assert text_of(with_spaces(spread, [], page_with_ink((0, 160), (200, 238), (242, 280)))) == "20"
