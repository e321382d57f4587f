"""Whether the prices of a table come to a sum that is printed below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from ledger.extraction.offline.amounts import cents_in
from ledger.extraction.offline.english_rows import repaired

_SUM: Final = re.compile(r"t[o0][tl]a[l1i]|jumlah|(?:amount|amt)\s*(?:due|payable)|tot\s*qty", re.IGNORECASE)
_TAKEN_OFF: Final = re.compile(r"disc(?:ount)?\b|voucher|coupon|rebate|promo\b|^\W*less\b|\bsaving", re.IGNORECASE)
_CHARGE: Final = re.compile(r"service|\bsvc\b|gst|sst|\btax|govtax|rounding", re.IGNORECASE)
_MOST_CHARGES: Final = 2
"""Charges that are added at once to reach a sum, as service and tax are; with more of them some sum fits by chance."""
_FIRST_CHARGES: Final = 4
"""Rows below the items that are looked at for charges; farther down the summary of taxes says them again."""


def is_printed_sum(prices: Sequence[int], aside: Sequence[int], below: Sequence[str]) -> bool:
    """True when prices in cents come to a sum in the rows below, as they are or with what was charged.

    `aside` is what the table itself takes off or charges; it may or may not be in the sum.
    """
    printed = set(_sums(below))
    starts = {sum(prices), sum(prices) + sum(aside)}
    added = {sum(charges) for count in range(_MOST_CHARGES + 1) for charges in combinations(_charges(below), count)}
    return bool(prices) and any(start + charge in printed for start in starts for charge in added)


def _sums(texts: Sequence[str]) -> Iterator[int]:
    for index, text in enumerate(texts):
        if _SUM.search(text):
            amounts = cents_in(repaired(text))
            # The amount may hang lower than its word.
            hanging = not amounts and index + 1 < len(texts) and not re.search("[A-Za-z]{4}", texts[index + 1])
            yield from cents_in(repaired(texts[index + 1])) if hanging else amounts


def _charges(texts: Sequence[str]) -> list[int]:
    """What is charged on the items or taken off them above the sum to pay, in cents."""
    charges = [charge for text in texts if (charge := aside_in(text))]
    return charges[:_FIRST_CHARGES]


def aside_in(text: str) -> int | None:
    """The cents that a row which is no item adds to the sum: service and tax, and below 0 what is taken off.

    None for all other rows.
    """
    amounts = cents_in(repaired(text))
    if not amounts:
        return None
    if _TAKEN_OFF.search(text):
        return -abs(amounts[-1])
    return amounts[-1] if _CHARGE.search(text) or amounts[-1] < 0 else None
