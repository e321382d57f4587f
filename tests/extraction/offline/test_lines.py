"""Which segments stand on one line."""

from __future__ import annotations

import math

import numpy as np

from ledger.extraction.offline.lines import build_lines
from ledger.extraction.offline.page import Segment


def segment(text: str, x: float, y: float, width: float = 80, height: float = 20, **fields: object) -> Segment:
    box = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
    return Segment(text, float(fields.get("confidence", 0.99)), box, str(fields.get("trace", "")))


def texts(segments: list[Segment]) -> list[list[str]]:
    return [[part.text for part in line] for line in build_lines(segments)]


def test_columns_of_a_row_are_joined_from_left_to_right() -> None:
    page = [segment("16,000", 300, 52), segment("사료", 10, 50), segment("합계", 10, 90), segment("1", 200, 51, 8)]

    assert texts(page) == [["사료", "1", "16,000"], ["합계"]]


def test_a_tilted_page_keeps_its_rows() -> None:
    tilt = math.tan(math.radians(6))

    def tilted(text: str, x: float, y: float) -> Segment:
        left, right = y + x * tilt, y + (x + 120) * tilt
        box = np.array([[x, left], [x + 120, right], [x + 120, right + 20], [x, left + 20]], np.float32)
        return Segment(text, 0.99, box)

    page = [tilted(f"{name}{row}", x, 40 * row) for row in range(4) for name, x in (("왼", 0), ("오른", 400))]

    assert texts(page) == [[f"왼{row}", f"오른{row}"] for row in range(4)]


def test_rules_and_specks_are_left_out() -> None:
    page = [
        segment("-----", 10, 10),
        segment("라라", 10, 30, trace="一一一"),
        segment("ㅣ", 10, 50, confidence=0.3),
        segment("사료", 10, 70),
    ]

    assert texts(page) == [["사료"]]


def test_an_empty_page_has_no_lines() -> None:
    assert build_lines([]) == []
