"""Where the date stands, in whatever form it is printed. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein

from ledger.extraction.offline.dates import DateOrder, likeliness, printed_dates
from ledger.extraction.places.amounts import EXACT, NEAR
from ledger.extraction.places.lines import Line, Spot

_ORDERS: Final[tuple[DateOrder, ...]] = ("ymd", "dmy", "mdy")
_DATE_LIKE: Final = re.compile(r"\d{2,4}\s?[-./년,]\s?\d{1,2}\s?[-./월,]\s?\d{1,4}")
_FORMS: Final = ("%Y%m%d", "%y%m%d", "%d%m%Y", "%m%d%Y")
_DIGITS: Final = re.compile(r"\d+")


def place_date(date: dt.date | None, lines: Sequence[Line]) -> tuple[Spot, ...]:
    """The printed date: exact before nearly, and the day of purchase before another day's words."""
    if date is None:
        return ()
    found = [
        (likeness, likeliness(line.text) - 0.01 * index, Spot(index, start, end))
        for index, line in enumerate(lines)
        for likeness, start, end in (*_exact(date, line.text), *_near(date, line.text))
    ]
    best = max(found, key=lambda candidate: candidate[:2], default=None)
    return (best[2],) if best else ()


def _exact(date: dt.date, text: str) -> Iterator[tuple[float, int, int]]:
    for order in _ORDERS:
        for printed in printed_dates(text, order):
            if printed.date == date:
                yield EXACT, printed.start, printed.end


def _near(date: dt.date, text: str) -> Iterator[tuple[float, int, int]]:
    """Numbers that would be the date but for one digit: OCR or the model misread it."""
    for match in _DATE_LIKE.finditer(text):
        digits = "".join(part.zfill(2) for part in _DIGITS.findall(match[0]))
        if any(Levenshtein.distance(digits, f"{date:{form}}") <= 1 for form in _FORMS):
            yield NEAR, *match.span()
