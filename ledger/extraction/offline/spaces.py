"""Puts the spaces between characters that the ink of their crop shows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ledger.extraction.look import Glyph

WIDE_GAP: Final = 0.36
NARROW_GAP: Final = 0.2
"""Gaps between letters that are a space by themselves, and with Tesseract as a witness; in heights of the crop."""


def with_spaces(glyphs: Sequence[Glyph], hangul: Sequence[Glyph], grey: NDArray[np.uint8]) -> list[Glyph]:
    """The characters with the spaces that the crop's ink shows.

    A gap wider than a third of the height is a space. A narrower one is if Tesseract saw a space there, and it is wide
    for this line: Tesseract alone parts the syllables of wide type, and narrow type has spaces of a fifth.
    """
    if len(glyphs) < 2:
        return list(glyphs)
    boundaries = _boundaries(glyphs)
    gaps = np.zeros(len(boundaries))
    for middle, width in ink_gaps(grey):
        if not glyphs[0].middle < middle < glyphs[-1].middle:
            continue  # beside text that was not read
        nearest = int(np.abs(boundaries - middle).argmin())
        gaps[nearest] = max(gaps[nearest], width)
    seen = np.zeros(len(boundaries), dtype=bool)
    for middle in _seen_spaces(hangul):
        seen[int(np.abs(boundaries - middle).argmin())] = True
    spaced = (gaps > WIDE_GAP) | (seen & (gaps > NARROW_GAP) & (gaps > 1.7 * np.median(gaps)))
    result = [glyphs[0]]
    for glyph, space_before in zip(glyphs[1:], spaced, strict=True):
        if space_before:
            result.append(Glyph(" ", 1.0, min(result[-1].right, glyph.left), glyph.left))
        result.append(glyph)
    return result


def _boundaries(glyphs: Sequence[Glyph]) -> NDArray[np.float64]:
    return np.array([(left.right + right.left) / 2 for left, right in pairwise(glyphs)])


def _seen_spaces(hangul: Sequence[Glyph]) -> list[float]:
    """Middles of the spaces that Tesseract read between two characters."""
    return [
        (before.right + after.left) / 2
        for before, glyph, after in zip(hangul, hangul[1:], hangul[2:], strict=False)
        if glyph.text == " "
    ]


def ink_gaps(grey: NDArray[np.uint8]) -> list[tuple[float, float]]:
    """The columns without ink between ink: the middle as a fraction of the width, the width in heights of the crop."""
    height, width = grey.shape
    # The outer eighth holds the tails of the lines above and below.
    core = grey[int(height * 0.12) : int(height * 0.88)].astype(np.float32)
    ink_level, paper_level = np.percentile(core, (3, 80))
    dark = core < ink_level + 0.55 * (paper_level - ink_level)
    inked = np.flatnonzero(dark.sum(axis=0) >= max(1.0, height * 0.02))
    steps = np.diff(inked)
    return [
        (float((inked[index] + 1 + inked[index + 1]) / 2 / width), float((steps[index] - 1) / height))
        for index in np.flatnonzero(steps > 1)
    ]
