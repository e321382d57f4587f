"""Confirmed receipts as files for programs and for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from ledger.review.confirmed import ConfirmedReceipt
from ledger.review.export import COLUMNS, csv_file, json_file
from tests.factories import NOW

POTATO = {"name": "감자", "price": 1_000, "count": 1, "category": "식비"}


def receipt(
    receipt_id: int = 1, location: str = "이마트 하남점", items: tuple[dict[str, Any], ...] = ()
) -> ConfirmedReceipt:
    document = {"date": "2024-11-01", "location": location, "items": [*items], "total_amount": -1, "currency": "KRW"}
    return ConfirmedReceipt(receipt_id, 1, 1, "a.jpg", None, "지수", NOW, photo_changed=False, document=document)


def rows(*receipts: ConfirmedReceipt) -> list[list[str]]:
    text = "".join(csv_file(receipts))
    assert text.startswith("\N{BYTE ORDER MARK}receipt_id,")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_json_is_an_array_of_documents(count: int) -> None:
    receipts = [receipt(number, items=(POTATO,)) for number in range(count)]

    text = "".join(json_file(receipts))

    assert json.loads(text) == [{"receipt_id": n} | receipts[n].document for n in range(count)]
    assert text.startswith("[\n  {" if count else "[]")
    assert ("감자" in text) is bool(count)


def test_a_spreadsheet_has_one_row_an_item() -> None:
    found = rows(receipt(7, items=(POTATO, POTATO | {"name": '감자, 2kg "특"'})))

    head = ["7", "2024-11-01", "이마트 하남점", "-1", "KRW"]
    assert found == [
        list(COLUMNS),
        [*head, "감자", "1000", "1", "식비"],
        [*head, '감자, 2kg "특"', "1000", "1", "식비"],
    ]


def test_a_receipt_without_items_is_one_row_with_the_same_columns() -> None:
    assert rows(receipt())[1:] == [["1", "2024-11-01", "이마트 하남점", "-1", "KRW", "", "", "", ""]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_is_made_a_text_in_the_csv_only(text: str) -> None:
    dangerous = receipt(location=text, items=(POTATO | {"name": text, "price": -500},))

    [row] = rows(dangerous)[1:]

    assert (row[2], row[5]) == (f"'{text}", f"'{text}")
    assert (row[3], row[6]) == ("-1", "-500")  # numbers stay numbers
    assert json.loads("".join(json_file([dangerous])))[0]["location"] == text


def test_files_are_written_while_receipts_come() -> None:
    given: list[int] = []

    def coming() -> Any:
        for number in range(3):
            given.append(number)
            yield receipt(number)

    for pieces in (json_file(coming()), csv_file(coming())):
        given.clear()
        next(pieces)
        assert len(given) <= 1
