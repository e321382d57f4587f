"""Numbers as people type them. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NUMBER: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?", re.ASCII)
"""A comma counts only where it parts thousands: "9,50" must not quietly become 950."""
_SIGNS: Final = ("RM", "₩", "원", "개", "$", "€", "£", "¥")
"""What may be typed before or after a number besides the currency's code; the form takes the same ones off."""
_LONGEST: Final = 40
"""Characters of the longest number looked at: far more than any column holds, far fewer than slow int() down."""


def plain(text: str) -> str:
    """Without spaces, and with the full-width digits and signs of Korean input methods as the plain ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read_number(text: str, places: int = 0, currency: str = "KRW") -> int | None:
    """The number in units of 10**-places, as 950 for "9.5" with two places; None if the text is no such number."""
    bare = plain(text).replace("−", "-").replace("–", "-").upper()
    unsigned = _without_signs(bare.removeprefix("-"), currency)
    match = _NUMBER.fullmatch(unsigned.removeprefix("-"))
    if match is None or len(bare) > _LONGEST:
        return None
    fraction = match[2] or ""
    if fraction[places:].strip("0"):
        return None
    amount = int(match[1].replace(",", "") + fraction[:places].ljust(places, "0"))
    return -amount if "-" in (bare[0], unsigned[0]) else amount


def _without_signs(text: str, currency: str) -> str:
    for sign in (currency.upper(), *_SIGNS):
        text = text.removeprefix(sign).removesuffix(sign)
    return text
