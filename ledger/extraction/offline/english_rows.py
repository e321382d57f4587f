"""A row of an English receipt's table: its words, the figures at its end, and what the figures say by arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Final

_MISREAD: Final = (
    (re.compile(r"(?<=[\d.])[oO](?=C?\b)|(?<=RM)[oO](?=[.,])"), "0"),  # 12.5O, RMO.23
    (re.compile(r"(?<=\d[.,]\d)C\b"), "0"),  # 24.0C
    (re.compile(r"(?<=\bRM\s)(\d{1,3}) (?=\d\d\b)"), r"\1."),  # RM 88 17
    (re.compile(r"(?<=\d)\s*\.\s*(?=\d{2}\b)(?!\d{2}\s?\.\d)"), "."),  # 7 .90
    (re.compile(r"(?:\b(?:RM|MYR|USD|SGD|S)|S?\$)\s*(?=-?\d*\.\d{2}\b)"), " "),  # OCR takes $ for S
    (re.compile(r"(?<=\.\d\d)\s*[xX*@]\s*(?=\d)|(?<=[\dsc])\s*[xX*@]\s*(?=\d*\.\d{2}\b)"), " x "),
    (re.compile(r"(?<=\.\d\d)(?=\*?[A-Za-z]{1,3}\b)"), " "),  # 12.00SR
)
_UNIT: Final = r"(?:PCS?|UNITS?|BOX(?:S|ES)?|SETS?|PKTS?|BTLS?|ROLLS?|PAIRS?|NOS?|EA)"
_FIGURE: Final = re.compile(
    rf"(-?(?:\d{{1,3}}(?:,\d{{3}})+|\d{{0,6}})\.\d{{1,4}}-?|-?\d{{1,3}}){_UNIT}?", re.IGNORECASE
)
_BESIDE_FIGURES: Final = re.compile(rf"x|{_UNIT}|\d{{1,3}}%|(?:SR|ZRL?|ZRE|ES|OS|TX|NTX)[:.]?", re.IGNORECASE)
_TAX_MARK: Final = re.compile(r"\W*[A-Za-z]{0,3}\W*")
"""What shops print behind an amount for its rate of tax: S, SR, ZRL, T, *."""
_LEADING: Final = re.compile(r"(\d{1,2}(?:\.\d{1,3})?)\s*[xX]?\s+(?=\S*[A-Za-z])")
_LARGEST_COUNT: Final = 999
_HALF_CENT: Final = Decimal("0.005")
_MOST_ROUNDED: Final = Decimal("0.02")
"""Unit prices are printed without fractions of a cent, which the count multiplies; more than this is no rounding."""


@dataclass(frozen=True, slots=True)
class PricedRow:
    """`words` is what stands before the figures; `price` is in cents and what the row costs, all pieces together."""

    words: str
    price: int
    count: int | None
    multiplied: bool
    """Whether unit price x count = amount is printed."""
    loose: int | None = None
    """A small number before the words that no arithmetic explains: a count, a row's number, or part of the name."""


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Decimal
    place: int
    printed: str

    @property
    def is_money(self) -> bool:
        return re.fullmatch(r"-?[\d,]*\.\d\d-?", self.printed) is not None

    @property
    def cents(self) -> int:
        return int(self.value * 100)

    @property
    def count(self) -> int | None:
        """The number as a count of pieces; None for 0.9 metres."""
        return int(self.value) if self.value == int(self.value) and 0 < self.value <= _LARGEST_COUNT else None


def repaired(text: str) -> str:
    """The text with the usual misreadings of amounts undone, and signs of money and multiplication set apart."""
    for pattern, right in _MISREAD:
        text = pattern.sub(right, text)
    return text


def has_decimals(text: str) -> bool:
    """True for rows with a figure like 1.60 or 2.230 that stands alone; 1.25L is part of a name."""
    return any(re.fullmatch(r"-?[\d,]*\.\d{2,4}", word) for word in repaired(text).split())


def priced_row(text: str, counts_before_amount: bool = False) -> PricedRow | None:
    """What the row costs; None for a row that does not end in an amount, or in one of 0.

    `counts_before_amount` says that the table's heading has a column for counts and none for unit prices.
    """
    words = repaired(text).split()
    figures = _figures_at_end(words)
    amount = next((figure for figure in reversed(figures) if figure.is_money), None)
    if amount is None or not amount.value:
        return None
    before = [figure for figure in figures if figure.place < amount.place]
    lead = _number_before(words[: figures[0].place])
    return _multiplied(words, before, amount, lead) or _single(words, before, amount, lead, counts_before_amount)


def _number_before(words: Sequence[str]) -> _Figure | None:
    """The small number that stands before words: `2 Tea`, `2x Tea`."""
    lead = _LEADING.match(" ".join(words))
    return _Figure(Decimal(lead[1]), 0, lead[1]) if lead else None


def _multiplied(
    words: Sequence[str], before: Sequence[_Figure], amount: _Figure, lead: _Figure | None
) -> PricedRow | None:
    """The row whose count and unit price are printed; numbers that are neither belong to its words."""
    terms = _product([lead, *before] if lead else before, amount.value)
    if terms is None:
        return None
    end = min(figure.place for figure in terms if figure is not lead)
    name = " ".join(words[:end])
    if lead and lead in terms:
        return PricedRow(_LEADING.sub("", name, count=1), amount.cents, terms[0].count, multiplied=True)
    return PricedRow(name, amount.cents, terms[0].count, multiplied=True, loose=lead.count if lead else None)


def _single(
    words: Sequence[str], before: Sequence[_Figure], amount: _Figure, lead: _Figure | None, counted: bool
) -> PricedRow:
    """The row without count and unit price in full. Where no number is printed beside the amount, it is one piece."""
    end = next(figure.place for figure in [*before, amount] if figure.is_money)
    count = None if before else 1
    if len(before) == 1:
        count = _implied(before[0], amount) if before[0].is_money else before[0].count if counted else None
        end = before[0].place if count else end
    elif before and words[before[0].place + 1] == "x":
        count, end = before[0].count, before[0].place
    return PricedRow(" ".join(words[:end]), amount.cents, count, multiplied=False, loose=lead.count if lead else None)


def counted_unit_price(text: str) -> tuple[int, int] | None:
    """The count and the unit price in cents of a row that says nothing else: `2 @ 8.99`."""
    words = repaired(text).split()
    figures = _figures_at_end(words)
    if len(figures) != 2 or figures[0].place or "x" not in words or not figures[1].is_money or figures[0].count is None:
        return None
    return int(figures[0].value), figures[1].cents


def _figures_at_end(words: Sequence[str]) -> list[_Figure]:
    """The run of figures in which a row ends; marks of taxes may follow it."""
    end = len(words)
    while end > 1 and _TAX_MARK.fullmatch(words[end - 1]) and not _FIGURE.fullmatch(words[end - 1]):
        end -= 1
    return list(_run(words[:end]))[::-1]


def _run(words: Sequence[str]) -> Iterator[_Figure]:
    for place in range(len(words) - 1, -1, -1):
        figure = _FIGURE.fullmatch(words[place])
        if figure:
            sign = -1 if "-" in figure[1] else 1  # shops print it on either side
            yield _Figure(sign * Decimal(figure[1].replace(",", "").strip("-")), place, figure[1])
        elif not _BESIDE_FIGURES.fullmatch(words[place]):
            return


def _product(figures: Sequence[_Figure], amount: Decimal) -> tuple[_Figure, _Figure] | None:
    """The count and the unit price whose product is the amount, or is after a discount printed on the same row."""
    units = [figure for figure in figures if re.search(r"\.\d\d", figure.printed)]
    for count, unit in product(sorted(figures, key=_unlike_count), units):
        others = [figure.value for figure in units if figure not in (count, unit)]
        worth = count.value * unit.value
        near = min(max(count.value, Decimal(1)) * _HALF_CENT, _MOST_ROUNDED)
        if count is not unit and any(abs(worth - less - amount) <= near for less in (Decimal(0), *others)):
            return count, unit
    return None


def _unlike_count(figure: _Figure) -> tuple[bool, bool, int]:
    """Sorts what is most like a count first: without decimals and near the amount, else the first with decimals."""
    decimals = "." in figure.printed
    return figure.count is None, decimals, figure.place if decimals else -figure.place


def _implied(unit: _Figure, amount: _Figure) -> int | None:
    """The count that unit price and amount imply."""
    pieces = amount.value / unit.value if unit.value > 0 else Decimal(0)
    return int(pieces) if pieces == int(pieces) and 0 < pieces <= _LARGEST_COUNT else None
