"""Finds a text among the words of lines although OCR or the model misread some of it: compared by jamo. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rapidfuzz import fuzz

from ledger.corrections.hangul import jamo
from ledger.extraction.places.lines import Spot

_ALIKE: Final = 0.6
"""Texts less alike than this are other texts: OCR on a bad photo still gets two thirds of the jamo."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where a text stands, and how alike it is to what is printed there, 0 to 1."""

    likeness: float = 0.0
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Jamo without spaces, each with the line and the position of the sign that it comes from."""

    letters: str = ""
    signs: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, index: int, text: str, besides: Collection[int] = ()) -> Words:
        """The words of the line with that index, without the signs at the positions `besides`."""
        pairs = [
            (letter, (index, position))
            for position, sign in enumerate(text)
            if position not in besides
            for letter in letters_of(sign)
        ]
        return cls("".join(letter for letter, _ in pairs), tuple(sign for _, sign in pairs))

    def __add__(self, other: Words) -> Words:
        return Words(self.letters + other.letters, self.signs + other.signs)


def letters_of(text: str) -> str:
    """The text as it is compared: jamo, small letters, no spaces."""
    return jamo("".join(text.split()).casefold())


def match(wanted: str, words: Words) -> Match:
    """The part of the words that is most like what is wanted, given as `letters_of` gives it; empty if none is."""
    if not wanted or not words.letters:
        return Match()
    if len(words.letters) <= len(wanted):
        likeness = fuzz.ratio(wanted, words.letters, score_cutoff=100 * _ALIKE) / 100
        return Match(likeness, _spots(words.signs)) if likeness else Match()
    found = fuzz.partial_ratio_alignment(wanted, words.letters, score_cutoff=100 * _ALIKE)
    if found is None:
        return Match()
    return Match(found.score / 100, _spots(words.signs[found.dest_start : found.dest_end]))


def _spots(signs: Sequence[tuple[int, int]]) -> tuple[Spot, ...]:
    """One piece for each line, from the first of its signs to the last."""
    spots = []
    for line, group in groupby(signs, key=lambda sign: sign[0]):
        positions = [position for _, position in group]
        spots.append(Spot(line, positions[0], positions[-1] + 1))
    return tuple(spots)
