"""Amounts with decimals, and the currency they are in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_DECIMAL: Final = re.compile(
    r"(?<![\d.,])(?P<minus>-?)\s?(?:RM|MYR|S\$|US\$|\$|USD|SGD|€|£)?\s?"
    r"(?P<whole>\d{1,3}(?:[, ]\d{3})*|\d+)\s?[.,]\s?(?P<cents>\d{2})(?!\d)"
)
_THOUSANDS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d.,])")
_CURRENCIES: Final = (
    ("MYR", re.compile(r"\bRM\b|\bRM\s?\d|MYR|SDN\.?\s*BHD|MALAYSIA|SELANGOR|JOHOR|KUALA\s*LUMPUR|\bTARIKH\b", re.I)),
    ("SGD", re.compile(r"S\$|\bSGD\b|SINGAPORE", re.I)),
    ("EUR", re.compile(r"€|\bEUR\b", re.I)),
    ("GBP", re.compile(r"£|\bGBP\b", re.I)),
    ("USD", re.compile(r"\$|\bUSD\b", re.I)),
)


def cents_in(text: str) -> list[int]:
    """The amounts with two decimals of a line, in cents."""
    text = re.sub(r"(?<=\d)[oO](?=\d|\b)", "0", text)
    return [_cents(match) for match in _DECIMAL.finditer(text)]


def _cents(match: re.Match[str]) -> int:
    value = int(re.sub(r"\D", "", match["whole"]) + match["cents"])
    return -value if match["minus"] else value


def has_decimals(texts: Sequence[str]) -> bool:
    """True when amounts on the page have two decimals more often than groups of three digits: the money is not won."""
    decimals = sum(len(cents_in(text)) for text in texts)
    thousands = sum(len(_THOUSANDS.findall(text)) for text in texts)
    return decimals > thousands


def currency_in(texts: Sequence[str]) -> str | None:
    """The currency that signs or words on the page tell; None when nothing does.

    Malaysian words come before the dollar sign, since shops there print `$` for ringgit as well.
    """
    page = "\n".join(texts)
    return next((code for code, pattern in _CURRENCIES if pattern.search(page)), None)
