"""Finds a receipt's words although OCR misread them: 금맥 is 금액, 합게 is 합계.

Words are compared by jamo (the letters a syllable is made of), so a syllable with one wrong letter is a small error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import Levenshtein


def jamo(text: str) -> str:
    """The text with syllables taken apart into their letters, without spaces."""
    return unicodedata.normalize("NFD", re.sub(r"\s", "", text))


def contains(text: str, word: str, tolerance: float = 0.2) -> bool:
    """True when some part of the text is the word, up to `tolerance` x its jamo letters misread."""
    return _contains(re.sub(r"[\s:.]", "", text), word, tolerance)


def found(text: str, words: Iterable[str], tolerance: float = 0.2) -> str | None:
    """The first of the words that the text contains."""
    return next((word for word in words if contains(text, word, tolerance)), None)


@lru_cache(maxsize=16384)
def _contains(text: str, word: str, tolerance: float) -> bool:
    if word in text:
        return True
    letters = jamo(word)
    allowed = int(len(letters) * tolerance + 1e-6)
    if len(word) < 2 or not allowed:
        return False
    # A syllable may be lost or read as two, so windows one shorter and one longer are tried as well.
    windows = {
        text[start : start + length]
        for length in range(max(1, len(word) - 1), len(word) + 2)
        for start in range(max(1, len(text) - length + 1))
    }
    return any(Levenshtein.distance(letters, jamo(part), score_cutoff=allowed) <= allowed for part in windows)
