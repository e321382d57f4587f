"""What one row of a Korean receipt's items says: headings, the pet's name, amounts, a count, a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ledger.extraction.offline.rows import Number, Row
from ledger.extraction.offline.vocabulary import contains

_HEADINGS: Final = ("상품명", "품명", "품목", "항목", "세부내역", "단가", "수량", "금액", "상품코드")
_BULLETS: Final = r"^[*•·ㆍ.\s]+"
"""Dots of a list, and the star of tax-free goods."""


def is_heading(row: Row) -> bool:
    """True for a row that names at least two columns; prices beside the words make it a summary."""
    words = re.sub(r"[^가-힣A-Za-z]", " ", row.text).split()
    # Headings in wide type are read as single syllables (수 량), so the row's letters count as one word too.
    candidates = [*words, "".join(words)]
    hits = {
        heading
        for heading in _HEADINGS
        for word in candidates
        if abs(len(word) - len(heading)) <= 1 and contains(word, heading)
    }
    return not any(number.is_money for number in row.numbers) and (len(hits) >= 2 or "세부내역" in hits)


def is_pet_name(text: str) -> bool:
    """True for the row that names the animal, below which a clinic lists what was done: [ 동물명 : 초코 ]."""
    labelled = contains(text, "동물명", 0.25) and "병원" not in text and re.search(r"[\[:]", text)
    return bool(labelled or re.match(r"\W*동.{0,2}명\s*:", text))


def is_priced(number: Number) -> bool:
    """True for a number that is money by its writing or its size."""
    return number.is_money or abs(number.value) >= 1000


def amounts_of(row: Row) -> list[int]:
    """The row's numbers that are money. Small ones count where unit price x count = amount shows what they are."""
    if row.is_product:
        return [row.values[-3], row.values[-1]]
    amounts = [number.value for number in row.numbers if is_priced(number)]
    if not amounts and len(row.numbers) >= 2 and row.values[-1] >= 50 and row.values[-1] % 10 == 0:
        return [row.values[-1]]
    return amounts


def count_of(row: Row, amounts: Sequence[int]) -> int | None:
    """The count printed on the row, or the one its unit price and amount imply; None when neither is there."""
    if row.is_product:
        return row.values[-2]
    amount = amounts[-1]
    small = [value for value in row.values[:-1] if 0 < value < 1000]
    if small:
        return small[-1]
    units = [value for value in row.values[:-1] if value >= 1000]
    if units and amount % units[-1] == 0:
        return amount // units[-1]
    return None


def tidy_name(parts: Sequence[str]) -> str | None:
    """The rows of a name as one, without bullets and row numbers."""
    name = ""
    for part in (part.strip() for part in parts):
        # A name broken at a hyphen or slash goes on without a space, unless one stands before it: 티셔츠 / 베이지.
        joined = re.search(r"(?:\S[-/,]|\()$", name) or part.startswith((")", "-", "("))
        name += part if not name or joined else f" {part}"
    name = re.sub(_BULLETS, "", name)
    if not re.match(r"0\d\.", name):
        # 001 P 사료: row number and the letter of a column for points or promotions, glued by OCR.
        name = re.sub(r"^0\d{1,2}\s*[:.]?\s*(?:[P4](?=[가-힣]))?[\[ㅣ|:ㅇ]*\s*(?:P\s*)?(?=\S)", "", name)
    name = re.sub(r"\s*\[[\d,. ]+\]$|\s+\.$", "", re.sub(_BULLETS, "", name)).strip()
    return name or None
