"""Joins two readings of one crop: Hangul from Tesseract; digits, Latin and punctuation from PP-OCR.

Both give each character a place and a confidence. PP-OCR sees Hangul as other signs of low confidence, or as digits
and letters that are not there; Tesseract reads digits less well. So the order of Tesseract's characters is kept, and
those runs of PP-OCR are believed that do not stand where Tesseract is sure of syllables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ledger.extraction.look import Glyph, mean_confidence

_LATIN_SIGNS: Final = str.maketrans("，：（）．－／＊！？％＋［］～；。、＞＜〉〈￥¥", ",:().-/*!?%+[]~;.,><><₩₩")
"""PP-OCR learnt Chinese type, so it often gives the full-width form of a sign. A yen sign on our receipts is a won."""
_HANGUL_SIGNS: Final = str.maketrans(
    {"×": "X", "※": "*", "「": "[", "『": "[", "“": '"', "”": '"', "‘": "'", "’": "'", "—": "-"}
    # Full-width forms lie 0xFEE0 above ASCII; Korean type uses them for Latin letters.
    | {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}
)
_BRACKETS: Final = frozenset("()[]{}<>")
_SEPARATORS: Final = frozenset("()[]/-:,.*<>~+")
_UNITS: Final = frozenset("원개건회일월년종층호컷병명분")
"""Syllables that follow a number; a lone one of these after digits is no misread digit."""
SQUARE: Final = 0.9
"""Width of one square character, in heights of the crop."""


def fuse(latin: Sequence[Glyph], hangul: Sequence[Glyph], aspect: float) -> list[Glyph]:
    """One reading out of two, without spaces. `aspect` is the crop's width / height."""
    square = SQUARE / aspect
    latin = [replace(glyph, text=glyph.text.translate(_LATIN_SIGNS)) for glyph in latin if glyph.text != " "]
    hangul = [replace(glyph, text=glyph.text.translate(_HANGUL_SIGNS)) for glyph in hangul if glyph.text != " "]
    syllables = [glyph for glyph in hangul if is_hangul(glyph.text)]
    if not syllables:
        return _without_syllables(latin, hangul)
    if _is_plain_number(latin, hangul, syllables):
        return latin
    believed = [token for token in tokens(latin, square) if _is_believable(_Token.over(token, hangul, square))]
    return _merge(believed, hangul, square)


def is_hangul(text: str) -> bool:
    """True when the character is a Hangul syllable."""
    return len(text) == 1 and "가" <= text <= "힣"


def is_latin(glyph: Glyph) -> bool:
    """True for a character that PP-OCR is trusted with."""
    return len(glyph.text) == 1 and (" " < glyph.text <= "~" or glyph.text in "₩·~©")


def tokens(latin: Sequence[Glyph], square: float) -> Iterator[list[Glyph]]:
    """Runs of trusted characters; a bracket stands alone, a wide gap or a sign that is not trusted parts two runs."""
    run: list[Glyph] = []
    for glyph in latin:
        parts = not is_latin(glyph) or glyph.confidence < 0.3
        alone = glyph.text in _BRACKETS
        if run and (parts or alone or glyph.left - run[-1].right > 0.55 * square):
            yield run
            run = []
        if parts:
            continue
        if alone:
            yield [glyph]
        else:
            run.append(glyph)
    if run:
        yield run


def _without_syllables(latin: list[Glyph], hangul: list[Glyph]) -> list[Glyph]:
    trusted = [glyph for glyph in latin if is_latin(glyph)]
    if mean_confidence(trusted) >= 0.5 or mean_confidence(hangul) <= 0.5:
        return trusted
    return hangul


def _is_plain_number(latin: list[Glyph], hangul: list[Glyph], syllables: list[Glyph]) -> bool:
    """True when PP-OCR reads a whole number and Tesseract's lone syllable is a misread digit."""
    if not latin or not all(map(is_latin, latin)) or not any(glyph.text.isdigit() for glyph in latin):
        return False
    has_unit = syllables[-1].text in _UNITS and len(hangul) > len(latin)
    whole = len(latin) >= len(hangul) - 1
    return mean_confidence(latin) > 0.9 and len(syllables) <= 1 and whole and not has_unit


@dataclass(frozen=True, slots=True)
class _Token:
    """A run of PP-OCR's characters and what Tesseract read in the same place."""

    glyphs: list[Glyph]
    square: float
    hangul: Sequence[Glyph]
    inside: list[Glyph]
    syllables: list[Glyph]
    overlap: float
    """Share of the run's width that Tesseract covers with syllables."""

    @classmethod
    def over(cls, glyphs: list[Glyph], hangul: Sequence[Glyph], square: float) -> _Token:
        left, right = glyphs[0].left, glyphs[-1].right
        inside = [glyph for glyph in hangul if left - 0.15 * square <= glyph.middle <= right + 0.15 * square]
        syllables = [glyph for glyph in inside if is_hangul(glyph.text)]
        covered = sum(max(0.0, min(right, glyph.right) - max(left, glyph.left)) for glyph in syllables)
        return cls(glyphs, square, hangul, inside, syllables, covered / max(right - left, 1e-6))

    @property
    def confidence(self) -> float:
        return mean_confidence(self.glyphs)

    @property
    def letters(self) -> int:
        return sum(glyph.text.isalpha() for glyph in self.glyphs)

    @property
    def digits(self) -> int:
        return sum(glyph.text.isdigit() for glyph in self.glyphs)

    @property
    def middle(self) -> float:
        return (self.glyphs[0].left + self.glyphs[-1].right) / 2


def _is_believable(token: _Token) -> bool:
    confidence, characters = token.confidence, token.letters + token.digits
    if characters == 1 and len(token.glyphs) <= 2:
        return _lone_is_believable(token)
    if not token.syllables or token.overlap < 0.25:
        return confidence > 0.45
    if characters >= 3 and confidence > 0.75:
        return True
    if token.digits and not token.letters and confidence > 0.85:
        return any(glyph.text.isdigit() for glyph in token.inside) or mean_confidence(token.syllables) < 0.9
    return characters == 0 and confidence > 0.85 and len(token.syllables) <= 1 and token.overlap < 0.6


def _lone_is_believable(token: _Token) -> bool:
    """A single digit or letter is the usual misreading of a syllable (ㅇ as 0, ㅣ as 1), so it needs a witness."""
    mine = {glyph.text for glyph in token.glyphs if glyph.text.isalnum()}
    agreed = any(glyph.text in mine and abs(glyph.middle - token.middle) < token.square for glyph in token.hangul)
    if agreed and token.confidence > 0.5:
        return True
    similar = any(
        glyph.text.isalnum() and not is_hangul(glyph.text) and abs(glyph.middle - token.middle) < 0.5 * token.square
        for glyph in token.hangul
    )
    if similar and token.confidence > 0.8:
        return True
    return not token.syllables and token.overlap < 0.1 and token.confidence > 0.97


def _merge(believed: list[list[Glyph]], hangul: Sequence[Glyph], square: float) -> list[Glyph]:
    """Tesseract's characters in their order, each believed run put where it stands and over what it covers."""
    merged: list[Glyph] = []
    waiting = list(believed)
    places = np.array([glyph.middle for run in believed for glyph in run])
    replaced = _replaced(believed, hangul, square)
    for index, glyph in enumerate(hangul):
        hit = next((run for run in believed if _covers(run, glyph, square)), None)
        while waiting and (waiting[0] is hit or waiting[0][-1].right <= glyph.middle):
            merged += waiting.pop(0)
        if hit is None and index not in replaced and _is_kept(glyph, places, square):
            merged.append(glyph)
    return merged + [glyph for run in waiting for glyph in run]


def _replaced(believed: list[list[Glyph]], hangul: Sequence[Glyph], square: float) -> set[int]:
    """Indices of Tesseract's digits and letters that believed runs stand for, though not exactly over them.

    The two readers place a digit up to half its width apart, so 100 beside 100 would become 1000. Where PP-OCR's runs
    hold at least as many characters as Tesseract's word they touch, they are that word.
    """
    replaced: set[int] = set()
    for is_word, group in groupby(range(len(hangul)), lambda index: _is_ascii_word(hangul[index])):
        word = list(group)
        runs = [run for run in believed if any(_covers(run, hangul[index], square) for index in word)]
        if is_word and sum(glyph.text.isalnum() for run in runs for glyph in run) >= len(word):
            replaced.update(word)
    return replaced


def _is_ascii_word(glyph: Glyph) -> bool:
    return glyph.text.isascii() and glyph.text.isalnum()


def _covers(run: list[Glyph], glyph: Glyph, square: float) -> bool:
    solid = [other for other in run if other.text.isalnum()] or run
    return solid[0].left - 0.05 * square <= glyph.middle <= solid[-1].right + 0.05 * square


def _is_kept(glyph: Glyph, places: NDArray[np.float64], square: float) -> bool:
    if is_hangul(glyph.text):
        return True
    if glyph.confidence <= 0.75 or not (glyph.text in _SEPARATORS or glyph.text.isalnum()):
        return False
    return not bool((np.abs(places - glyph.middle) < 0.35 * square).any())
