"""Hangul as what it is made of: 감 and 검 differ in one jamo of three, not in the whole syllable. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

_HANGUL: Final = re.compile("[\u1100-\u11ff]+")
_MODERN: Final = (*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3))
_LETTERS: Final = {
    chr(code): unicodedata.lookup(f"HANGUL LETTER {unicodedata.name(chr(code)).split(' ', 2)[2]}") for code in _MODERN
}
"""The jamo of a syllable as the letters that people write alone: a final ㄱ is the same letter as an initial one."""


def jamo(text: str) -> str:
    """The text with its syllables taken apart into conjoining jamo (Unicode's canonical decomposition)."""
    return unicodedata.normalize("NFD", text)


def distance(left: str, right: str) -> int:
    """Jamo to insert, remove or replace to make one text of the other."""
    return Levenshtein.distance(jamo(left), jamo(right))


def difference(left: str, right: str) -> float:
    """`distance` from 0 (same) to 1 (nothing in common), spaces ignored."""
    return Levenshtein.normalized_distance(jamo(_bare(left)), jamo(_bare(right)))


def differences(lefts: Sequence[str], rights: Sequence[str]) -> NDArray[np.float64]:
    """`difference` of each left text (row) and each right one (column)."""
    if not lefts or not rights:
        return np.zeros((len(lefts), len(rights)))
    apart = ([jamo(_bare(text)) for text in texts] for texts in (lefts, rights))
    found: NDArray[np.float64] = process.cdist(*apart, scorer=Levenshtein.normalized_distance, dtype=np.float64)
    return found


def length(text: str) -> int:
    """Jamo of a text, spaces ignored."""
    return len(jamo(_bare(text)))


def edits(right: str, read: str) -> list[tuple[str, str]]:
    """The jamo to replace, as people write them: ㅏ of the right text that was read ㅓ. An empty one was lost or added.

    The fewest there can be; spaces are ignored.
    """
    before, after = jamo(_bare(right)), jamo(_bare(read))
    return [
        (
            "" if step.tag == "insert" else _letter(before[step.src_pos]),
            "" if step.tag == "delete" else _letter(after[step.dest_pos]),
        )
        for step in Levenshtein.editops(before, after)
    ]


def _letter(jamo: str) -> str:
    return _LETTERS.get(jamo, jamo)


def slips(names: Iterable[str], known: Iterable[str]) -> dict[str, list[str]]:
    """For each name those of the known ones, in their order, that are one jamo away: one more, one less, or another.

    Everything that is no Hangul is the same in both. So 검자 is a slip of 감자, and 200g is none of 300g.
    """
    by_rest = defaultdict[str, list[str]](list)
    for one in known:
        by_rest[_rest(one)].append(one)
    apart = {rest: [jamo(one) for one in those] for rest, those in by_rest.items()}
    found = {}
    for name in names:
        rest = _rest(name)
        near = process.extract(
            jamo(name), apart.get(rest, []), scorer=Levenshtein.distance, processor=None, score_cutoff=1, limit=None
        )
        found[name] = [by_rest[rest][index] for _, steps, index in sorted(near, key=itemgetter(2)) if steps == 1]
    return found


def _rest(text: str) -> str:
    return _HANGUL.sub("", jamo(text))


def _bare(text: str) -> str:
    return "".join(text.split())
