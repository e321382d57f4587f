"""Numbers and names of people are hidden, and what merely looks a little like them is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.exports.masking import Masking
from tests.factories import RIGHT

MASKING = Masking("key")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("카드 1234-****-****-5678", "카드 ****-****-****-****"),
        ("4111 1111 1111 1111 승인", "**** **** **** **** 승인"),
        ("4111111111111111", "****************"),
        ("3782-822463-10005", "****-******-*****"),
        ("4111-1111-1111-1112", "****-****-****-****"),
        ("CARD:5327501234567890", "CARD:****************"),
        ("1 4330-28**-****-1234 일시불", "1 ****-****-****-**** 일시불"),
        ("계좌번호: 110-123-456789", "계좌번호: ***-***-******"),
        ("0507-1334-5678", "****-****-****"),
        ("123412xxxxxx1234", "****************"),
        ("４１１１－１１１１－１１１１－１１１１", "****－****－****－****"),
        ("문의 010-1234-5678", "문의 ***-****-****"),
        ("01012345678", "***********"),
        ("T.02)123-4567", "T.**)***-****"),
        ("(031) 123-4567", "(***) ***-****"),
        ("+82 10-1234-5678", "+** **-****-****"),
        ("1588-1234", "****-****"),
        ("사업자 123-45-67890", "사업자 ***-**-*****"),
        ("900101-1******", "******-*******"),
        ("pay@shop.co.kr", "***@****.**.**"),
        ("대표자: 홍길동", "대표자: ***"),
        ("담당자 김민수", "담당자 ***"),
        ("김민수님 미용", "***님 미용"),
    ],
)
def test_what_belongs_to_a_person_is_hidden(text: str, masked: str) -> None:
    assert MASKING.text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "감자",
        "배변패드 50매 2024-11-12 14:22",
        "8801062636365",  # a barcode
        "경기 하남시 미사대로 1, 루트231 애견카페",
        "서울 마포구 양화로 12-3 101동 1502호",
        "로얄캐닌 2.5kg 12,000",
        "고객님 감사 할인",
        "대표 상품 세트",
        "회원 할인",
        "스님 염주",
        "강아지님 김선생님 김밥",
        "주문번호 20241112-0001-1234",
        "승인 30029384",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert MASKING.text(text) == text


@given(st.text())
def test_a_masked_text_is_as_long_and_is_masked_once(text: str) -> None:
    masked = MASKING.text(text)
    assert len(masked) == len(text)
    assert len(MASKING.text(masked)) == len(text)


@given(st.text(alphabet="0123456789-* ()+", max_size=40))
def test_no_card_is_left_in_a_row_of_digits(text: str) -> None:
    assert "4111111111111111" not in MASKING.text(f"{text} 4111111111111111 {text}")


def test_names_become_pseudonyms_that_stay_the_same_with_one_key() -> None:
    pseudonym = MASKING.reviewer("지수")
    assert pseudonym.startswith("reviewer-")
    assert "지수" not in pseudonym
    assert pseudonym == Masking("key").reviewer("지수")
    assert len({pseudonym, Masking("other").reviewer("지수"), MASKING.reviewer("민호"), MASKING.shop("지수")}) == 4
    assert MASKING.shop("") == ""


def test_a_receipt_and_a_value_are_masked_in_all_their_texts() -> None:
    item = RIGHT.items[0].model_copy(update={"name": "문의 010-1234-5678"})
    receipt = RIGHT.model_copy(update={"location": "루트231 1588-1234", "items": (item,)})

    masked = MASKING.receipt(receipt)

    assert (masked.location, masked.items[0].name) == ("루트231 ****-****", "문의 ***-****-****")
    assert (masked.total_amount, masked.items[0].price) == (receipt.total_amount, item.price)
    assert MASKING.value(item.model_dump(mode="json"))["name"] == "문의 ***-****-****"
    assert [MASKING.value(value) for value in (None, 4_000)] == [None, 4_000]


def test_nothing_is_hidden_where_that_is_asked_for() -> None:
    unmasked = Masking("key", on=False)
    text = "010-1234-5678"
    assert (unmasked.text(text), unmasked.reviewer("지수"), unmasked.receipt(RIGHT)) == (text, "지수", RIGHT)
