"""Where the table of items of an English receipt begins and ends, and which rows in it are no items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.extraction.offline.dates import dates_in
from ledger.extraction.offline.english_names import is_code
from ledger.extraction.offline.english_rows import priced_row

_COUNTS: Final = r"qty|quantity|qly"
_HEADINGS: Final = re.compile(
    rf"{_COUNTS}|uom|ite(?:m|rn)|desc|product|particular|u[./]?\s?p(?:rice)?\b|price|rsp|am[no]*unt|\bamt|\btotal|disc"
    r"|\btax|\btx\b|code|\brm\b|\$",
    re.IGNORECASE,
)
_UNIT_PRICES: Final = re.compile(r"price|u[./]?\s?p\b|rsp", re.IGNORECASE)
_SUMMARY: Final = re.compile(
    r"t[o0][tl]a[l1i]|jumlah|(?:amount|amt)\s*(?:due|payable)|tot\s*qty|rounding|no\.?\s*of\s*items"
    r"|^\W*(?:cash|change|tender|visa|master|gst|sst|tax\b|payment|paid|balance|amount|items?\s*\(?s?\)?\s*:?\s*\d"
    r"|qty\s*\(?s?\)?\s*:?\s*\d)",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(
    r"invoice|receipt|bill\b|\bdate|\btime\b|cashier|\btable\b|\bpax\b|\btel\b|\bfax|gst|\breg|\bdoc|salesperson|member|"
    r"\bcounter\b|\bstaff\b|\btrans\b|\border\b|\bref\b|^\W*cash\W*$|www|@|\d{1,2}:\d{2}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows from `start` up to `end`; the summary begins at `end`."""

    start: int
    end: int
    has_counts: bool
    """Whether the heading has a column of counts and none of unit prices."""
    has_units: bool
    """Whether the heading has a column for what is counted: pieces, boxes."""


def find_table(texts: Sequence[str]) -> Table | None:
    """The table above the first sum; None where no priced row or no sum is found."""
    paid = next((index for index, text in enumerate(texts) if is_summary(text) and priced_row(text)), None)
    if paid is None:
        return None
    heading = next((index for index in range(paid - 1, -1, -1) if _is_heading(texts[index])), None)
    start = heading + 1 if heading is not None else _after_header(texts[:paid])
    first = next((index for index in range(start, paid) if priced_row(texts[index])), None)
    if first is None:
        return None
    end = next(index for index in range(first + 1, paid + 1) if is_summary(texts[index]))
    head = " ".join(texts[max(start - 3, 0) : start]) if heading is not None else ""
    counted = re.search(_COUNTS, head, re.IGNORECASE) is not None and not _UNIT_PRICES.search(head)
    return Table(start, end, counted, "uom" in head.lower())


def is_summary(text: str) -> bool:
    """True for rows that sum up or tell of the payment."""
    return _SUMMARY.search(text) is not None


def _is_heading(text: str) -> bool:
    if re.search(r"\b\d+\b(?!\s*%)", text):
        return False
    named = {word.lower() for word in _HEADINGS.findall(text)}
    return len(named) >= 2 or re.fullmatch(rf"\W*(?:{_COUNTS})\W*", text, re.IGNORECASE) is not None


def _after_header(texts: Sequence[str]) -> int:
    """The row below the last one of the header that stands above the first price."""
    first = next((index for index, text in enumerate(texts) if priced_row(text) and not _is_header(text)), len(texts))
    return next((index + 1 for index in range(first - 1, -1, -1) if _is_header(texts[index])), 0)


def _is_header(text: str) -> bool:
    """True for rows that tell of the shop or the sale: numbers of invoices, dates, tables."""
    return not is_code(text) and (_HEADER.search(text) is not None or bool(dates_in(text, "dmy")))
