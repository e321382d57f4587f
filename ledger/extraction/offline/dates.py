"""The date on a receipt: every date that is printed, and which of them is the day of purchase."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ledger.extraction.offline.vocabulary import found

DateOrder = Literal["ymd", "dmy", "mdy"]

YEARS: Final = range(2005, 2036)
"""Years that a date can have. Outside lie misread digits, phone numbers and dates of birth."""

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME: Final = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*"
_END: Final = r"(?=(?:[01]?\d|2[0-4])\s?:\s?\d|\D|$)"  # the time often follows without a space: 2024-11-1312:54

_YEAR_FIRST: Final = re.compile(
    rf"(?<!\d)(?P<year>20\d{{2}})\s*[-./년,]\s*(?P<month>\d ?\d|\d)\s*[-./월,]\s*(?P<day>\d{{1,2}}?){_END}"
)
_YEAR_FIRST_PLAIN: Final = re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)")
_DAY_NAMED_MONTH: Final = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s*[-/. ,]?\s*{_MONTH_NAME}\.?,?\s*[-/. ']?\s*(?P<year>20\d{{2}}|\d{{2}}){_END}", re.I
)
_NAMED_MONTH_DAY: Final = re.compile(rf"{_MONTH_NAME}\.?\s*(?P<day>\d{{1,2}})\s*[,.]?\s*(?P<year>20\d{{2}})", re.I)
_YEAR_LAST: Final = re.compile(
    rf"(?<![\d#\-])(?P<day>\d{{1,2}})\s?(?P<sign>[-/.])\s?(?P<month>\d ?\d|\d)\s?(?P=sign)\s?"
    rf"(?P<year>20\d{{2}}|\d{{2}}){_END}(?!\s?-\d)"
)
_DAY_FIRST_PLAIN: Final = re.compile(r"(?<!\d)(?P<day>[0-3]\d)(?P<month>[01]\d)(?P<year>20[0-3]\d)(?!\d)")
_SHORT_YEAR_FIRST: Final = re.compile(
    rf"(?<![\d\-/.])(?P<year>\d{{2}})[-./]{{1,2}}(?P<month>\d{{2}})[-./](?P<day>\d{{2}}){_END}(?![\-/.]\d)"
)

_PURCHASE_WORDS: Final = (
    "날짜", "발행일", "거래일시", "거래일", "판매일", "결제일", "승인일시", "진료일", "일시", "청구일", "주문일",
)  # fmt: skip  # words in rows: a line for each would be a page
_OTHER_DAY_WORDS: Final = ("예정", "유효", "다음", "생년", "만료", "까지", "교환", "환불")
_PURCHASE_LATIN: Final = re.compile(r"date|tarikh|issued", re.I)
_OTHER_DAY_LATIN: Final = re.compile(r"due|expir|valid|until|deliver|best before|printed on|since", re.I)
_TIME: Final = re.compile(r"\d{1,2}\s?:\s?\d{2}")


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date and the positions in its line between which it is printed."""

    date: dt.date
    start: int
    end: int


def dates_in(text: str, order: DateOrder) -> list[dt.date]:
    """Every date of a line; `order` says how digits are meant where the year does not stand in front."""
    return [printed.date for printed in printed_dates(text, order)]


def printed_dates(text: str, order: DateOrder) -> list[PrintedDate]:
    """Every date of a line and where in it.

    Sure forms (four-digit year first, a month's name) hide what else might look like one.
    """
    sure = (_YEAR_FIRST, _DAY_NAMED_MONTH, _NAMED_MONTH_DAY, _YEAR_FIRST_PLAIN)
    unsure = (_SHORT_YEAR_FIRST,) if order == "ymd" else (_YEAR_LAST,)
    # Digits without separators may as well be a number of something, so they are asked last.
    plain = (_DAY_FIRST_PLAIN,) if order == "dmy" else ()
    for patterns in (sure, unsure, plain):
        dates = [date for pattern in patterns for date in _matches(pattern, text, order)]
        if dates:
            return dates
    return []


def _matches(pattern: re.Pattern[str], text: str, order: DateOrder) -> Iterator[PrintedDate]:
    for match in pattern.finditer(text):
        parts = match.groupdict()
        year, day = int(parts["year"]), int(parts["day"])
        named = parts.get("name")
        # OCR parts the two narrow digits of November: 2026.1 1.15
        month = _MONTHS.index(named.lower()) + 1 if named else int(parts["month"].replace(" ", ""))
        # The order of the country, unless only the other one is a date.
        if pattern is _YEAR_LAST and ((order == "mdy" and day <= 12) or month > 12):
            month, day = day, month
        year += 2000 if year < 100 else 0
        try:
            date = dt.date(year, month, day)
        except ValueError:
            continue
        if year in YEARS:
            yield PrintedDate(date, *match.span())


def purchase_date(texts: Sequence[str], order: DateOrder) -> dt.date | None:
    """The date of purchase among the lines; None when no line holds a date."""
    candidates = [
        (likeliness(text) - 0.01 * index, date) for index, text in enumerate(texts) for date in dates_in(text, order)
    ]
    if not candidates:
        return None
    return max(candidates, key=lambda candidate: candidate[0])[1]


def likeliness(text: str) -> float:
    """A date with a time or after a word for it is the purchase's; one after 예정 or `valid until` is another day's."""
    score = 0.0
    if found(text, _PURCHASE_WORDS, 0.25) or _PURCHASE_LATIN.search(text):
        score += 2
    if found(text, _OTHER_DAY_WORDS, 0.1) or _OTHER_DAY_LATIN.search(text):
        score -= 5
    if _TIME.search(text):
        score += 1
    return score
