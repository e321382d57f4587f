"""Hangul compared by what it is made of."""

from __future__ import annotations

import unicodedata

import pytest

from ledger.corrections.hangul import difference, differences, distance, edits, jamo, length, slips


@pytest.mark.parametrize(
    ("left", "right", "steps"),
    [
        ("감자", "감자", 0),
        ("감자", "검자", 1),
        ("감자", "금자", 1),
        ("감자", "가자", 1),
        ("Cafe", "Cafö", 2),
        ("", "감", 3),
    ],
)
def test_a_slip_in_one_jamo_is_one_step(left: str, right: str, steps: int) -> None:
    assert distance(left, right) == steps


def test_text_typed_apart_and_composed_is_the_same() -> None:
    assert distance(unicodedata.normalize("NFD", "감자"), "감자") == 0
    assert jamo("감") == "\u1100\u1161\u11b7"


def test_spaces_make_no_difference() -> None:
    assert difference("강아지 간식", "강아지간식") == 0


@pytest.mark.parametrize(
    ("right", "read", "found"),
    [
        ("감자", "검자", [("ㅏ", "ㅓ")]),
        ("밖", "박", [("ㄲ", "ㄱ")]),
        ("가자", "각자", [("", "ㄱ")]),
        ("각 자", "가자", [("ㄱ", "")]),
        ("Café", "Cafe", [("\u0301", "")]),
        ("감자", "감 자", []),
    ],
)
def test_edits_are_named_by_letters_as_people_write_them(right: str, read: str, found: list[tuple[str, str]]) -> None:
    assert edits(right, read) == found
    assert len(found) <= length(right)


def test_difference_is_none_to_whole() -> None:
    assert difference("", "") == 0
    assert 0 < difference("감자", "검자") < 0.25
    assert difference("abc", "감자") == 1


def test_differences_are_those_of_each_pair() -> None:
    lefts, rights = ["감자", "강아지 간식", ""], ["검자", "강아지간식"]

    assert differences(lefts, rights).tolist() == [[difference(left, right) for right in rights] for left in lefts]
    assert differences([], rights).shape == (0, 2)


@pytest.mark.parametrize(
    ("left", "right", "is_slip"),
    [
        ("감자", "검자", True),
        ("가자", "각자", True),
        ("강아지 간식 300g", "강아지 긴식 300g", True),
        ("간식 300g", "간식 200g", False),
        ("GS 우유", "CS 우유", False),
        ("감자", "감자칩", False),
        ("감자", "감자", False),
        ("강아지 간식", "강아지간식", False),
    ],
)
def test_a_slip_is_one_jamo_and_no_digit(left: str, right: str, is_slip: bool) -> None:
    assert slips([left], [right]) == {left: [right] if is_slip else []}
