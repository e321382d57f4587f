"""Where the shop's address and name stand, which may be several lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ledger.extraction.places.lines import Line, Spot
from ledger.extraction.places.names import Match, Words, letters_of, match

_SHORT: Final = 12
"""Jamo; a shorter piece (2층, Portland) is like something on many lines and is kept with the piece before it."""
_LINES: Final = 3
"""Lines that one piece is printed on at most."""
_NEAR: Final = 4
"""Lines between the pieces of one head at most; a shop's name in the small print far below is another mention."""
_EACH_LINE: Final = 0.02
"""What a line of distance takes from a likeness, so that of equal mentions the nearest is taken."""


def place_location(location: str | None, lines: Sequence[Line]) -> tuple[Spot, ...]:
    """All pieces of the location that stand together, its longest piece first found."""
    pieces = sorted(_pieces(location or ""), key=lambda piece: -len(letters_of(piece)))
    words = [Words.of(index, line.text) for index, line in enumerate(lines)]
    spots: list[Spot] = []
    for piece in pieces:
        spots += _best(piece, words, spots).spots
    return tuple(spots)


def _pieces(location: str) -> list[str]:
    """The location parted at commas."""
    pieces: list[str] = []
    for piece in location.split(","):
        if pieces and len(letters_of(piece)) < _SHORT:
            pieces[-1] += piece
        elif piece.strip():
            pieces.append(piece)
    return pieces


def _best(piece: str, words: Sequence[Words], found: Sequence[Spot]) -> Match:
    """Where the piece is, near what was found already."""
    anchor, wanted = found[0].line if found else None, letters_of(piece)
    candidates = [
        (here.likeness - _EACH_LINE * (length - 1 + (abs(first - anchor) if anchor is not None else first / 4)), here)
        for first in range(len(words))
        if anchor is None or abs(first - anchor) <= _NEAR
        for length in range(1, _LINES + 1)
        if (here := match(wanted, sum(words[first : first + length], Words()))).spots
    ]
    return max(candidates, key=lambda candidate: candidate[0], default=(0.0, Match()))[1]
