"""Which segments stand on one line."""

from __future__ import annotations

import math

from ledger.extraction.look import TextSegment
from ledger.extraction.offline.lines import build_lines
from tests.extraction.offline.drawing import level, segment


def texts(segments: list[TextSegment]) -> list[list[str]]:
    return [[part.text for part in line] for line in build_lines(segments)]


def test_columns_of_a_row_are_joined_from_left_to_right() -> None:
    page = [
        segment("16,000", level(300, 52, 80, 20)),
        segment("사료", level(10, 50, 80, 20)),
        segment("합계", level(10, 90, 80, 20)),
        segment("1", level(200, 51, 8, 20)),
    ]

    assert texts(page) == [["사료", "1", "16,000"], ["합계"]]


def test_a_tilted_page_keeps_its_rows() -> None:
    tilt = math.tan(math.radians(6))

    def tilted(text: str, x: float, y: float) -> TextSegment:
        left, right = y + x * tilt, y + (x + 120) * tilt
        return segment(text, ((x, left), (x + 120, right), (x + 120, right + 20), (x, left + 20)))

    page = [tilted(f"{name}{row}", x, 40 * row) for row in range(4) for name, x in (("왼", 0), ("오른", 400))]

    assert texts(page) == [[f"왼{row}", f"오른{row}"] for row in range(4)]


def test_an_empty_page_has_no_lines() -> None:
    assert build_lines([]) == []
