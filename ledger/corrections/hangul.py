"""Hangul as what it is made of: 감 and 검 differ in one jamo of three, not in the whole syllable. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

_HANGUL: Final = re.compile("[\u1100-\u11ff]+")


def jamo(text: str) -> str:
    """The text with its syllables taken apart into conjoining jamo (Unicode's canonical decomposition)."""
    return unicodedata.normalize("NFD", text)


def distance(left: str, right: str) -> int:
    """Jamo to insert, remove or replace to make one text of the other."""
    return Levenshtein.distance(jamo(left), jamo(right))


def difference(left: str, right: str) -> float:
    """`distance` from 0 (same) to 1 (nothing in common), spaces ignored."""
    return Levenshtein.normalized_distance(jamo(_bare(left)), jamo(_bare(right)))


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
