"""Receipts in English, as Malaysian shops print them: amounts with two decimals, the day before the month."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.extraction.offline.amounts import cents_in
from ledger.extraction.offline.dates import dates_in

_PAYABLE: Final = re.compile(
    r"grand\s*total|total\s*(amount)?\s*(payable|due)|nett?\s*(total|amount)|amount\s*(due|payable|to\s*be\s*paid)"
    r"|total\s*(rm|myr|\(rm\))?\s*(inc|incl)|total.{0,4}inclusive|total\s*sales\s*\(?incl|round\w*\s*total|total\s*rounded"
    r"|bill\s*total|total\s*after\s*round",
    re.IGNORECASE,
)
_TOTAL: Final = re.compile(r"\btotal\b|tota1|t0tal|jumlah", re.IGNORECASE)
_PART: Final = re.compile(
    r"sub\s*-?total|total\s*(qty|quantity|item|disc|gst|tax|saving|excl|exclud|supplies|point)|excl|qty"
    r"|gst\s*(amt|amount|summary|total)|\btax\b|discount|saving|change|cash|tender|points",
    re.IGNORECASE,
)
_ROUNDING: Final = re.compile(r"round(ing)?\s*adj", re.IGNORECASE)
_INCLUSIVE: Final = re.compile(r"inc", re.IGNORECASE)
_PAID: Final = re.compile(r"cash|tender|visa|master|card|paid|payment", re.IGNORECASE)
_CHANGE: Final = re.compile(r"change|baki", re.IGNORECASE)


@dataclass(slots=True)
class _Candidate:
    text: str
    amount: int
    weight: float
    index: int


def read_english_total(texts: Sequence[str]) -> int | None:
    """The amount to pay in cents; None when no line says so."""
    candidates = [candidate for index in range(len(texts)) if (candidate := _candidate(texts, index))]
    named = [candidate for candidate in candidates if candidate.weight > 0]
    paid = [candidate.amount for candidate in candidates if _PAID.search(candidate.text)]
    change = [candidate.amount for candidate in candidates if _CHANGE.search(candidate.text)] or [0]
    differences = {much - back for much in paid for back in change}
    repeated = Counter(candidate.amount for candidate in candidates)
    if not named:
        # Cash less change is what was paid; it is taken where that amount itself is printed somewhere.
        return next((amount for amount in sorted(differences) if amount in repeated), None)
    for candidate in named:
        candidate.weight += 0.6 * min(repeated[candidate.amount] - 1, 3)
        if candidate.amount in differences:
            candidate.weight += 6
    return max(named, key=lambda candidate: (candidate.weight, candidate.index)).amount


def _candidate(texts: Sequence[str], index: int) -> _Candidate | None:
    text = texts[index]
    amounts = cents_in(text)
    if not amounts and _is_total(text) and index + 1 < len(texts):
        # The amount may hang lower than its word; a line with words of its own has its own amount.
        below = texts[index + 1]
        amounts = [] if re.search("[A-Za-z]{4}", below) else cents_in(below)
    if not amounts:
        return None
    weight = _weight(text)
    return _Candidate(text, max(amounts) if weight <= 0 else amounts[-1], weight, index)


def _is_total(text: str) -> bool:
    return bool((_PAYABLE.search(text) or _TOTAL.search(text)) and not _PART.search(text))


def _weight(text: str) -> float:
    weight = 10.0 if _PAYABLE.search(text) else 7.0 if _TOTAL.search(text) else 0.0
    if _PART.search(text):
        weight -= 3 if _INCLUSIVE.search(text) else 6
    if _ROUNDING.search(text):
        weight -= 3
    return weight


def read_english_location(texts: Sequence[str]) -> str | None:
    """The company's name and its address, as they are printed above everything else."""
    lines: list[str] = []
    for text in texts[:12]:
        if dates_in(text, day_first=True) or _HEAD_END.search(text):
            break
        if len(re.findall("[A-Za-z]", text)) >= 4 and not _NO_PLACE.search(text):
            lines.append(text.strip())
    return ", ".join(line.rstrip(",. ") for line in lines[:6]) or None


_HEAD_END: Final = re.compile(r"invoice|receipt|bill\b|cashier|date|qty|description|table|order|doc", re.IGNORECASE)
_NO_PLACE: Final = re.compile(r"\btel|fax|gst|reg|www|http|@|\bco\b\.?\s*no|phone|welcome|member", re.IGNORECASE)
