"""Syllables that a hurried eye takes for each other: they differ in one jamo, and in one that looks alike."""

from __future__ import annotations

from functools import cache
from typing import Final

from tests.openai_standin.tokens import WHOLE_SYLLABLES

_LEADS: Final = ("ㄱㅋㄲ", "ㄴㄷㄹ", "ㄷㅌㄸ", "ㅂㅍㅃㅁ", "ㅅㅈㅊㅆ", "ㅇㅎㅁ")
_VOWELS: Final = (
    "ㅏㅓㅡ",
    "ㅑㅕㅏ",
    "ㅓㅕㅏ",
    "ㅗㅜㅡ",
    "ㅛㅗㅠ",
    "ㅜㅡㅠ",
    "ㅐㅔㅒ",
    "ㅔㅐㅖ",
    "ㅣㅏㅓ",
    "ㅚㅟㅢ",
    "ㅡㅜㅗ",
)
_TAILS: Final = ("ㄱㅋㄴ", "ㄴㄷㄹ", "ㅁㅇㅂ", "ㅇㅁㅎ", "ㅅㅈㅊ", "ㅂㅁㅍ", "ㄹㄷㅌ")

_DIGITS: Final = {
    "0": "86",
    "1": "74",
    "2": "7",
    "3": "85",
    "4": "19",
    "5": "63",
    "6": "85",
    "7": "12",
    "8": "36",
    "9": "04",
}
"""Digits of a worn till that look alike."""

_LEAD_ORDER: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWEL_ORDER: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAIL_ORDER: Final = "_ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


def is_hangul(character: str) -> bool:
    """Whether it is one precomposed syllable."""
    return "가" <= character <= "힣"


@cache
def look_alikes(syllable: str) -> tuple[str, ...]:
    """Common syllables with one other jamo that looks alike: 감 has 검, 금 and more. None for what is no Hangul."""
    if not is_hangul(syllable):
        return ()
    rest, tail = divmod(ord(syllable) - ord("가"), 28)
    lead, vowel = divmod(rest, 21)
    found = [_syllable(lead, other, tail) for other in _others(_VOWELS, _VOWEL_ORDER, vowel)]
    found += [_syllable(other, vowel, tail) for other in _others(_LEADS, _LEAD_ORDER, lead)]
    found += [_syllable(lead, vowel, other) for other in _others(_TAILS, _TAIL_ORDER, tail)]
    return tuple(dict.fromkeys(each for each in found if each in WHOLE_SYLLABLES))


def misread_numbers(number: int) -> tuple[int, ...]:
    """The number with one digit taken for another; a first digit never becomes a zero."""
    text = str(number)
    found = [
        int(text[:place] + other + text[place + 1 :])
        for place, digit in enumerate(text)
        for other in _DIGITS.get(digit, "")
        if place or other != "0"
    ]
    return tuple(dict.fromkeys(found))


def _others(groups: tuple[str, ...], order: str, index: int) -> list[int]:
    """Places, in their order, of the jamo that stand in a group begun by this one, then in any group with it."""
    jamo = order[index]
    near = "".join(group[1:] for group in groups if group[0] == jamo)
    near += "".join(group for group in groups if jamo in group[1:])
    return [order.index(each) for each in dict.fromkeys(near) if each != jamo and each in order]


def _syllable(lead: int, vowel: int, tail: int) -> str:
    return chr(ord("가") + (lead * 21 + vowel) * 28 + tail)
