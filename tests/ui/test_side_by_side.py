"""Two receipts side by side: what counts as different, and how much of it is marked."""

from __future__ import annotations

import re
from typing import Any

from ledger.ui.side_by_side import compared, marked
from ledger.ui.texts import Texts

MARKED = re.compile(r'<span class="differs">(.*?)</span>')


def document(*items: tuple[str, str, str], total: str = "8900", date: str = "2026-11-20") -> dict[str, Any]:
    rows = [{"name": name, "count": count, "price": price, "category": ""} for name, count, price in items]
    place = "서울 강남구 별솔로 12, 멍멍마트"
    return {"date": date, "location": place, "total_amount": total, "currency": "KRW", "items": rows, "note": ""}


def told(left: dict[str, Any], right: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The marked words of both."""
    rows = compared(left, right, Texts("en").plain)
    return [word for row in rows for word in MARKED.findall(row[1])], [
        word for row in rows for word in MARKED.findall(row[2])
    ]


def test_the_same_values_are_the_same_however_they_are_typed() -> None:
    left = document(("감자 간식", "1", "8900"), total="8900")
    right = document(("감자  간식 ", "", "8,900원"), total="₩8,900", date="2026.11.20")
    assert told(left, right) == ([], [])


def test_of_an_item_only_the_part_that_differs_is_marked() -> None:
    left = document(("감자 간식", "1", "8900"), ("배변 패드 50매", "1", "12900"))
    right = document(("감자 간식", "1", "9800"), ("배변 패드 60매", "1", "12900"))
    assert told(left, right) == (["₩8,900", "50매"], ["₩9,800", "60매"])


def test_an_item_that_only_one_has_stands_alone_and_moves_no_other() -> None:
    left = document(("우유", "1", "3000"), ("감자 간식", "1", "8900"))
    rows = compared(left, document(("감자 간식", "1", "8900")), Texts("en").plain)
    assert [row[0] for row in rows] == ["Date", "Location", "Total", "Items", ""]
    assert [row[2] for row in rows[3:]] == ['<span class="differs">—</span>', "감자 간식 × 1 ₩8,900"]


def test_what_is_no_number_is_shown_as_it_is_typed() -> None:
    assert told(document(total="12a"), document(total="120")) == (["12a"], ["₩120"])


def test_signs_of_html_are_shown_as_they_are() -> None:
    assert marked("<b> 1", "<b> 2")[0] == '&lt;b&gt; <span class="differs">1</span>'
