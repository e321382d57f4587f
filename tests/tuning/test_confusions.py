"""Which words and syllables were read for which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.tuning.confusions import alike, syllables, words


@pytest.mark.parametrize(
    ("right", "read", "found"),
    [
        ("감자 1kg", "검자 1kg", [("감자", "검자")]),
        ("햇 감자 깡", "햇 검자 강", [("감자", "검자"), ("깡", "강")]),
        ("햇감자 깡", "햇검 자깡", [("햇감자깡", "햇검자깡")]),
        ("감자", "감 자", []),
        ("감자 한 상자", "감자", []),
        ("장난감", "오이", []),
    ],
)
def test_words_are_told_without_those_beside_them(right: str, read: str, found: list[tuple[str, str]]) -> None:
    assert list(words(right, read)) == found


@pytest.mark.parametrize(
    ("right", "read", "found"),
    [
        ("감자 감자", "검자 검자", [("감", "검"), ("감", "검")]),
        ("감자깡", "자깡", []),
        ("감자 300g", "감자 200g", []),
        ("감자", "곰지", [("감", "곰"), ("자", "지")]),
        ("감자", "솔자", []),
    ],
)
def test_syllables_are_told_where_they_share_half_of_their_jamo(
    right: str, read: str, found: list[tuple[str, str]]
) -> None:
    assert list(syllables(right, read)) == found


names = st.text("가각감검자 1a", max_size=10)


@given(names, names)
def test_what_differs_only_in_spaces_confuses_nothing(right: str, read: str) -> None:
    for one, other in [*words(right, read), *syllables(right, read)]:
        assert one.replace(" ", "") != other.replace(" ", "")
    assert not alike(right, " ".join(right))
