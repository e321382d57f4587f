"""The numbers of a line with their positions, and how well one stands for a value. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein

EXACT: Final = 1.0
UNSIGNED: Final = 0.8
"""The digits are right and a minus sign is there too much or too little: tills also write (3,000) or △3,000."""
NEAR: Final = 0.5
"""One digit differs, in a number long enough that this is no accident: OCR or the model misread it."""
_NEAR_DIGITS: Final = 4

# 원 after the thousands is often read as one more digit: 55,9005.
_GROUPED: Final = r"\d{1,3}(?:\s?[.,]\s?\d{3})+(?:[.,]\d{2})?"
_NUMBER: Final = re.compile(
    r"(?<![\d:/.,\-])(?P<sign>[-−–]\s?)?(?:[₩W\\$€£]\s?)?"
    rf"(?:(?P<grouped>{_GROUPED})\d?|(?P<plain>\d+(?:[.,]\s?\d{{2}})?))(?!\d|[.,:/\-]\d)"
)
_LETTER_FOR_DIGIT: Final = re.compile(r"(?<=[\d,.])[oOlI|](?=[\d,.]|\b)|(?<!\w)[lI|](?=\d)")
_DIGIT: Final = {"o": "0", "O": "0", "l": "1", "I": "1", "|": "1"}
_COUNT_BEFORE: Final = re.compile(r"(?:^|[\s(])[xX×*]?\s?$")
_COUNT_AFTER: Final = re.compile(r"\s?(?:[xX×*@)]|개|ea\b|pcs?\b|$|\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number: its digits without separators, and the positions of its line that it takes up."""

    digits: str
    negative: bool
    start: int
    end: int

    def likeness(self, value: int) -> float:
        """How well the number stands for an amount in the currency's smallest unit, 0 to 1.

        Only digits are compared: 17.98 is 1798 cents and 17,980 is 17980 won without knowing the currency.
        """
        digits, wanted = self.digits.lstrip("0") or "0", str(abs(value))
        if digits == wanted:
            return EXACT if self.negative == (value < 0) else UNSIGNED
        alike = len(wanted) >= _NEAR_DIGITS and Levenshtein.distance(digits, wanted, score_cutoff=1) <= 1
        return NEAR if alike else 0.0


def amounts_in(text: str) -> list[Amount]:
    """Every number of a line that is not part of a date, a time or a telephone number."""
    text = _LETTER_FOR_DIGIT.sub(lambda match: _DIGIT[match[0]], text)
    return [_amount(match) for match in _NUMBER.finditer(text)]


def counts_in(text: str, count: int) -> Iterator[Amount]:
    """The numbers of a line that may be this count: alone, or as in `x3`, `3개`, `3 @ 8.99`."""
    for amount in amounts_in(text):
        before, after = _COUNT_BEFORE.search(text[: amount.start]), _COUNT_AFTER.match(text[amount.end :])
        if amount.digits == str(count) and not amount.negative and before and after:
            yield amount


def columns_in(text: str) -> set[int]:
    """The positions of numbers that stand alone: they belong to a column and to no word."""
    alone = [amount for amount in amounts_in(text) if _stands_alone(text, amount)]
    return {position for amount in alone for position in range(amount.start, amount.end)}


def _stands_alone(text: str, amount: Amount) -> bool:
    before, after = text[: amount.start].rstrip("₩W\\$€£"), text[amount.end :].lstrip("원.*")
    return not before[-1:].strip() and not after[:1].strip()


def _amount(match: re.Match[str]) -> Amount:
    """The number's positions hold its minus sign and not its currency."""
    kind = "grouped" if match["grouped"] else "plain"
    start = match.start("sign" if match["sign"] else kind)
    return Amount(re.sub(r"\D", "", match[kind]), bool(match["sign"]), start, match.end(kind))
