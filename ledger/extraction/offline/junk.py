"""Tells drawn lines, specks and texture that were boxed as text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ledger.extraction.look import Glyph, mean_confidence, text_of


def is_junk(glyphs: Sequence[Glyph], trace: str) -> bool:
    """True when a segment of these glyphs is no text. `trace` is what the recogniser without Hangul saw of it."""
    text, confidence = text_of(glyphs), mean_confidence(glyphs)
    if re.fullmatch(r"[\W_]+", text):
        return text not in {"-", "–"}  # a lone dash is an empty column or a minus sign
    # Dashed rules look like Chinese numerals and asterisks to the recogniser.
    if len(trace) >= 3 and re.fullmatch(r"[二=一\-—_~三…·.\s火*米]+", trace):
        return True
    if confidence < 0.45 and len(text) <= 2:
        return True
    has_digit, has_word = re.search(r"\d", text), re.search(r"[A-Za-z]{3}", text)
    return confidence < 0.6 and not has_digit and not has_word
