"""Hangul as what it is made of: 감 and 검 differ in one jamo of three, not in the whole syllable. Pure."""

from __future__ import annotations

import unicodedata

from rapidfuzz.distance import Levenshtein


def jamo(text: str) -> str:
    """The text with its syllables taken apart into conjoining jamo (Unicode's canonical decomposition)."""
    return unicodedata.normalize("NFD", text)


def distance(left: str, right: str) -> int:
    """Jamo to insert, remove or replace to make one text of the other."""
    return Levenshtein.distance(jamo(left), jamo(right))


def difference(left: str, right: str) -> float:
    """`distance` from 0 (same) to 1 (nothing in common), spaces ignored."""
    return Levenshtein.normalized_distance(jamo(_bare(left)), jamo(_bare(right)))


def _bare(text: str) -> str:
    return "".join(text.split())
