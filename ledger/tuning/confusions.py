"""What was read for what, in one text: words, syllables and jamo. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from rapidfuzz.distance import Levenshtein

from ledger.corrections import hangul

_ALIKE: Final = 0.5
"""Only texts that share at least half of their jamo say what was taken for what: others are other texts."""


def alike(right: str, read: str) -> bool:
    """Whether one may have been read for the other, and was: more than spaces differ."""
    return 0 < hangul.difference(right, read) <= _ALIKE


def words(right: str, read: str) -> Iterator[tuple[str, str]]:
    """Right and read word, of those that differ: 감자 1kg read as 검자 1kg is 감자 and 검자.

    Words that are not as long as those they stand for are one word, for a space may have been lost or added. What was
    only added or only lost is no word taken for another.
    """
    before, after = _nfc(right).split(), _nfc(read).split()
    for kind, start, end, begin, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "replace":
            yield from _paired(before[start:end], after[begin:stop])


def _paired(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    same = [len(word) for word in before] == [len(word) for word in after]
    pairs = zip(before, after, strict=True) if same else [("".join(before), "".join(after))]
    yield from ((right, read) for right, read in pairs if alike(right, read))


def syllables(right: str, read: str) -> Iterator[tuple[str, str]]:
    """Right and read syllable, of those that stand in the same place, differ, and share half of their jamo."""
    before, after = _bare(right), _bare(read)
    for step in Levenshtein.editops(before, after):
        if step.tag == "replace":
            one, other = before[step.src_pos], after[step.dest_pos]
            if is_syllable(one) and is_syllable(other) and alike(one, other):
                yield one, other


def is_syllable(sign: str) -> bool:
    """Whether it is one whole syllable of Hangul."""
    return "가" <= sign <= "힣"


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _bare(text: str) -> str:
    return "".join(_nfc(text).split())
