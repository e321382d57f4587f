from __future__ import annotations

import datetime as dt

import pytest

from ledger.extraction.offline.dates import DateOrder, dates_in, purchase_date


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2024-11-13 12:54:06 CN:0001", "ymd", dt.date(2024, 11, 13)),
        ("거래일시2024-11-1312:54", "ymd", dt.date(2024, 11, 13)),
        ("2024.1 1.15 15:21", "ymd", dt.date(2024, 11, 15)),
        ("2024년 11월 2일", "ymd", dt.date(2024, 11, 2)),
        ("24/11/13 18:00", "ymd", dt.date(2024, 11, 13)),
        ("Date : 25/12/20188:13:39 PM", "dmy", dt.date(2018, 12, 25)),
        ("05Mar201818:24", "dmy", dt.date(2018, 3, 5)),
        ("MAR 5, 2018", "dmy", dt.date(2018, 3, 5)),
        ("18-11-18 13:58", "dmy", dt.date(2018, 11, 18)),
        ("20180304", "dmy", dt.date(2018, 3, 4)),
        ("27032018 No:CS-20243", "dmy", dt.date(2018, 3, 27)),
        ("11/03/2026 14:26", "mdy", dt.date(2026, 11, 3)),
        ("11/03/2026 14:26", "dmy", dt.date(2026, 3, 11)),
        ("03/25/2018", "dmy", dt.date(2018, 3, 25)),
    ],
)
def test_reads_the_forms_that_receipts_print(text: str, order: DateOrder, expected: dt.date) -> None:
    assert dates_in(text, order) == [expected]


@pytest.mark.parametrize("text", ["010-4177-8789", "138-21-01032", "2024-13-45", "1985-03-02", "16,000", "20/03/201"])
def test_takes_nothing_else_for_a_date(text: str) -> None:
    assert dates_in(text, "ymd") == []


def test_the_day_of_purchase_is_told_from_others() -> None:
    texts = ["다음예정 2025-01-10", "유효기간: 2026-01-01", "판매일 2024-11-13 12:54", "2024-11-20"]

    assert purchase_date(texts, "ymd") == dt.date(2024, 11, 13)


def test_no_date_is_none() -> None:
    assert purchase_date(["사료 16,000"], "ymd") is None
