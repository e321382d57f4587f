from __future__ import annotations

import pytest

from ledger.extraction.offline.categories import category_of
from ledger.receipt import Category


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("감자 치킨 소프트 사료 2kg", Category.FOOD),
        ("감자칩 오리지널", Category.FOOD),
        ("실리콘 목욕 브러쉬", Category.SUPPLIES),
        ("스파 목욕", Category.GROOMING),
        ("내장칩 삽입", Category.MEDICAL),
        ("애견호텔 1박", Category.LEISURE),
        ("종량제봉투 20L", Category.OTHER),
        ("알 수 없는 것", Category.OTHER),
    ],
)
def test_a_name_tells_the_category(name: str, category: Category) -> None:
    assert category_of(name) is category


def test_what_a_vet_bills_is_medical_unless_its_name_says_else() -> None:
    assert category_of("슬개골 관리", at_vet=True) is Category.MEDICAL
    assert category_of("처방 사료", at_vet=True) is Category.MEDICAL
    assert category_of("연어 간식", at_vet=True) is Category.FOOD


def test_a_name_that_was_not_read_has_no_category() -> None:
    assert category_of(None) is None
