"""A visual line as rules look at it: its words, and its numbers with how they were printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.extraction.look import TextSegment

_GROUPED = r"\d{1,3}(?:\s?[.,]{1,2}\s?\d{3})+"
_AMOUNT: Final = re.compile(rf"[*(]?([-−–]?)\s*[₩W\\]?\s*({_GROUPED}|\d{{1,7}})\s*(?:원|건|개)?[)*.]?")
_MONEY: Final = re.compile(rf"[-−–]?\s*[₩W\\]?\s*{_GROUPED}\s*원?\.?")
_NAME_THEN_AMOUNT: Final = re.compile(r"(.*?[가-힣A-Za-z)\]].*?)\s+([-₩W]?\s?\d{1,3}(?:[.,]\s?\d{3})+)\s*원?")
_CODE: Final = re.compile(r"[*#]?\s*\d{8,14}")
_CODE_BEFORE: Final = re.compile(r"[*#]?\s*\d{8,14}\s+(?=\d)")
_ROW_NUMBER: Final = re.compile(r"0\d{1,2}")


@dataclass(frozen=True, slots=True)
class Number:
    """An integer of a row. `printed` keeps its separators: 16,000 is money, 16 is a count."""

    value: int
    printed: str

    @property
    def is_money(self) -> bool:
        """True when the number is printed with thousands separators."""
        return _MONEY.fullmatch(self.printed) is not None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a receipt. `words` is what is no number; barcodes are in neither."""

    text: str
    words: str
    numbers: tuple[Number, ...]
    label: str
    """The text from its first word on: numbers before it belong to another paper, or to nothing."""

    @classmethod
    def of(cls, cells: Iterable[str]) -> Row:
        """The row whose segments, from left to right, say these texts."""
        cells = [cell.strip() for cell in cells]
        words: list[str] = []
        numbers: list[Number] = []
        for cell in cells:
            cell_words, cell_numbers = _split(cell)
            words += cell_words
            numbers += cell_numbers
        first = next((index for index, cell in enumerate(cells) if _split(cell)[0]), 0)
        return cls(" ".join(cells), " ".join(words), tuple(numbers), " ".join(cells[first:]))

    @property
    def letters(self) -> str:
        """The words' letters alone."""
        return re.sub(r"[^가-힣A-Za-z]", "", self.words)

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(number.value for number in self.numbers)

    @property
    def is_product(self) -> bool:
        """True when the row ends in unit price, count and amount, and they agree."""
        if len(self.numbers) < 3:
            return False
        unit, count, amount = self.values[-3:]
        return 0 < count < 1000 and unit * count == amount

    @property
    def is_drawn(self) -> bool:
        """True for rules of dashes and stars."""
        return re.fullmatch(r"[\W_=\-~*]*", self.text) is not None


def rows_of(lines: Sequence[Sequence[TextSegment]]) -> list[Row]:
    return [Row.of(segment.text for segment in line) for line in lines]


def amount_in(text: str) -> int | None:
    """The integer that the text is; None when it is something else."""
    match = _AMOUNT.fullmatch(text.strip())
    if not match:
        return None
    value = int(re.sub(r"\D", "", match[2]))
    return -value if match[1] else value


def _split(cell: str) -> tuple[list[str], list[Number]]:
    cell = re.sub(r"[#*]+$", "", cell).strip()  # marks of tax-free goods
    if _CODE.fullmatch(cell):
        return [], []
    cell = _CODE_BEFORE.sub("", cell, count=1)
    if _ROW_NUMBER.fullmatch(cell):
        return [cell], []
    if re.fullmatch(r"\d{1,3}( \d){1,2}", cell):
        cell = cell.replace(" ", "")  # a number printed in wide type
    if re.fullmatch(r"\(.*\)", cell):
        return [cell], []  # a sum told aside, as of a group or of the tax inside; no column holds it
    value = amount_in(cell)
    if value is not None:
        return [], [Number(value, cell)]
    if re.fullmatch(r"[\d.,\s\-]*\d[\d.,\s\-]*", cell):
        printed = re.findall(r"-?\d{1,3}(?:[.,]\s?\d{3})+|-?\d{1,7}", cell)
        return [], [Number(amount_in(part) or 0, part) for part in printed]
    match = _NAME_THEN_AMOUNT.fullmatch(cell)
    if match:
        return [match[1]], [Number(amount_in(match[2]) or 0, match[2])]
    return [cell] if cell else [], []
