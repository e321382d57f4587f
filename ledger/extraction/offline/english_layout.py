"""Receipts in English, as Malaysian shops print them: amounts with two decimals, the day before the month."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.extraction.offline.amounts import cents_in
from ledger.extraction.offline.dates import dates_in

# OCR loses the spaces of narrow type (TotalAmtPayable), so no pattern asks for one.
_PAYABLE: Final = re.compile(
    r"grand\s*total|total\s*(?:amount|amt)?\s*(?:payable|due|incl)|nett?\s*(?:total|amount|amt)|bill\s*total"
    r"|(?:amount|amt)\s*(?:due|payable|to\s*be\s*paid)|total\s*\(?(?:rm|myr)\)?\s*incl|total.{0,8}inclusive"
    r"|total\s*sales\s*\(?\s*incl|round\w*\s*total|total\s*(?:after\s*)?round",
    re.IGNORECASE,
)
_TOTAL: Final = re.compile(r"total|tota1|t0tal|jumlah", re.IGNORECASE)
_PART: Final = re.compile(
    r"sub\s*-?total|total\s*(?:qty|quantity|item|disc|gst|tax|saving|excl|exclud|supplies|point)|excl|qty"
    r"|gst\s*(?:amt|amount|summary|total)|\btax\b|discount|saving|change|cash|tender|points",
    re.IGNORECASE,
)
_ROUNDING: Final = re.compile(r"round(?:ing)?\s*adj", re.IGNORECASE)
_INCLUSIVE: Final = re.compile(r"inc", re.IGNORECASE)
_PAID: Final = re.compile(r"cash|tender|visa|master|card|paid|payment", re.IGNORECASE)
_CHANGE: Final = re.compile(r"change|baki", re.IGNORECASE)
_TAX_SUMMARY: Final = re.compile(r"(?:gst|sst|tax)\s*summary", re.IGNORECASE)
_ROUNDED_AWAY: Final = 5
"""Cents; Malaysian shops round what is paid in cash to five sen, so the paid amount may differ by less than this."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    amount: int
    weight: float
    index: int


def read_english_total(texts: Sequence[str]) -> int | None:
    """The amount to pay in cents; None when no line says so."""
    texts = _above_tax_summary(texts)
    candidates = [candidate for index in range(len(texts)) if (candidate := _candidate(texts, index))]
    repeated = Counter(candidate.amount for candidate in candidates)
    settled = _settled(candidates)
    named = [candidate for candidate in candidates if candidate.weight > 0]
    if not named:
        # Cash less change is what was paid; it is taken where that amount itself is printed somewhere.
        return next((amount for amount in sorted(settled) if amount in repeated), None)

    def score(candidate: _Candidate) -> tuple[float, int]:
        support = 0.6 * min(repeated[candidate.amount] - 1, 3) + (6 if candidate.amount in settled else 0)
        return candidate.weight + support, candidate.index

    best = max(named, key=score).amount
    rounded = [amount for amount in settled if amount in repeated and 0 < abs(amount - best) < _ROUNDED_AWAY]
    return best if best in settled or not rounded else rounded[0]


def _above_tax_summary(texts: Sequence[str]) -> Sequence[str]:
    """The lines before the summary of taxes, whose own total is of the taxes' rows; it stands below the payment."""
    index = next((index for index, text in enumerate(texts) if _TAX_SUMMARY.search(text)), len(texts))
    return texts[:index]


def _settled(candidates: Sequence[_Candidate]) -> set[int]:
    """What was handed over less what was handed back, for every pair of such amounts."""
    paid = [candidate.amount for candidate in candidates if _PAID.search(candidate.text)]
    change = [candidate.amount for candidate in candidates if _CHANGE.search(candidate.text)]
    return {much - back for much in paid for back in [*change, 0] if much > back}


def _candidate(texts: Sequence[str], index: int) -> _Candidate | None:
    text = texts[index]
    amounts = cents_in(text)
    if not amounts and _is_total(text) and index + 1 < len(texts):
        # The amount may hang lower than its word; a line with words of its own has its own amount.
        below = texts[index + 1]
        amounts = [] if re.search("[A-Za-z]{4}", below) else cents_in(below)
    amounts = [amount for amount in amounts if amount > 0]
    if not amounts:
        return None
    weight = label_weight(text)
    return _Candidate(text, max(amounts) if weight <= 0 else amounts[-1], weight, index)


def _is_total(text: str) -> bool:
    return bool((_PAYABLE.search(text) or _TOTAL.search(text)) and not _PART.search(text))


def label_weight(text: str) -> float:
    """How surely the amount of this line is the total: 10 for what is payable, 7 for a total, 0 and less for others."""
    weight = 10.0 if _PAYABLE.search(text) else 7.0 if _TOTAL.search(text) else 0.0
    if _PART.search(text):
        weight -= 3 if _INCLUSIVE.search(text) else 7
    if _ROUNDING.search(text):
        weight -= 3
    return weight


def read_english_location(texts: Sequence[str]) -> str | None:
    """The company's name and its address, as they are printed above everything else."""
    lines: list[str] = []
    for text in texts[:12]:
        if dates_in(text, "dmy") or _HEAD_END.search(text):
            break
        if len(re.findall("[A-Za-z]", text)) >= 4 and not _NO_PLACE.search(text):
            lines.append(text.strip())
    return ", ".join(line.rstrip(",. ") for line in lines[:6]) or None


_HEAD_END: Final = re.compile(r"invoice|receipt|bill\b|cashier|date|qty|description|table|order|doc", re.IGNORECASE)
_NO_PLACE: Final = re.compile(r"\btel|fax|gst|reg|www|http|@|\bco\b\.?\s*no|phone|welcome|member", re.IGNORECASE)
