from __future__ import annotations

import pytest

from ledger.extraction.offline.amounts import cents_in, currency_in, has_decimals
from ledger.extraction.offline.rows import Row, amount_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16,000", 16000),
        ("16.000", 16000),
        ("1, 234,500원", 1234500),
        ("-15,000", -15000),
        ("₩90,000", 90000),
        ("W90,000", 90000),
        ("7", 7),
        ("010-4177-8789", None),
        ("2kg", None),
        ("", None),
    ],
)
def test_reads_whole_amounts(text: str, expected: int | None) -> None:
    assert amount_in(text) == expected


def test_a_row_parts_words_from_numbers() -> None:
    row = Row.of(["기모 티셔츠", "16,000", "2", "32,000"])

    assert row.words == "기모 티셔츠"
    assert row.values == (16000, 2, 32000)
    assert row.is_product
    assert [number.is_money for number in row.numbers] == [True, False, True]


def test_barcodes_are_neither_words_nor_numbers() -> None:
    assert Row.of(["8801234567890", "3,400"]).values == (3400,)


def test_row_numbers_are_no_amounts() -> None:
    assert Row.of(["001", "양배추"]).values == ()


def test_the_label_begins_at_the_first_word() -> None:
    assert Row.of(["4101", "이서동물병원"]).label == "이서동물병원"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TOTAL RM 9.00", [900]),
        ("1 X 4.62 4.62", [462, 462]),
        ("$1,234.50", [123450]),
        ("-RM 0.01", [-1]),
        ("10.0O", [1000]),
        ("TEL 07-5547360", []),
        ("16,000", []),
    ],
)
def test_reads_amounts_with_decimals_in_cents(text: str, expected: list[int]) -> None:
    assert cents_in(text) == expected


def test_won_is_told_from_money_with_decimals() -> None:
    assert has_decimals(["TOTAL 9.00", "CASH 10.00"])
    assert not has_decimals(["합계 16,000", "현금 20.000"])


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["ABC SDN BHD", "TOTAL $8.20"], "MYR"),
        (["TOTAL RM9.00"], "MYR"),
        (["TOTAL S$9.00"], "SGD"),
        (["TOTAL $9.00"], "USD"),
        (["TOTAL 9.00"], None),
    ],
)
def test_the_currency_is_what_the_page_says(texts: list[str], expected: str | None) -> None:
    assert currency_in(texts) == expected
