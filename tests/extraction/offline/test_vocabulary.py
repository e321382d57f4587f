from __future__ import annotations

import pytest

from ledger.extraction.offline.vocabulary import contains, found


@pytest.mark.parametrize(
    ("text", "word"),
    [("청구 금액:", "청구금액"), ("결세금맥", "결제금액"), ("합 게", "합계"), ("전기 잔맥", "전기잔액")],
)
def test_misread_words_are_found(text: str, word: str) -> None:
    assert contains(text, word)


@pytest.mark.parametrize(("text", "word"), [("사료", "합계"), ("감자", "금액"), ("", "합계"), ("카드", "현금")])
def test_other_words_are_not(text: str, word: str) -> None:
    assert not contains(text, word)


def test_found_names_the_word() -> None:
    assert found("총 금 액 :", ("소계", "총금액")) == "총금액"
    assert found("사료", ("소계", "총금액")) is None
