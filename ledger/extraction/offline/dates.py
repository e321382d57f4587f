"""The date on a receipt: every date that is printed, and which of them is the day of purchase."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Final

from ledger.extraction.offline.vocabulary import found

YEARS: Final = range(2005, 2036)
"""Years that a date can have. Outside lie misread digits, phone numbers and dates of birth."""

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME: Final = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*"
_END: Final = r"(?=\d{2}\s?:\d|\D|$)"  # the time often follows without a space: 2024-11-1312:54

_YEAR_FIRST: Final = re.compile(
    rf"(?<!\d)(?P<year>20\d{{2}})\s*[-./년,]\s*(?P<month>\d{{1,2}})\s*[-./월,]\s*(?P<day>\d{{1,2}}?){_END}"
)
_YEAR_FIRST_PLAIN: Final = re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)")
_DAY_NAMED_MONTH: Final = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s*[-/. ,]?\s*{_MONTH_NAME}\.?,?\s*[-/. ']?\s*(?P<year>20\d{{2}}|\d{{2}})(?!\d)", re.I
)
_NAMED_MONTH_DAY: Final = re.compile(rf"{_MONTH_NAME}\.?\s*(?P<day>\d{{1,2}})\s*[,.]?\s*(?P<year>20\d{{2}})", re.I)
_DAY_FIRST: Final = re.compile(
    rf"(?<![\d#\-])(?P<day>\d{{1,2}})\s?(?P<sign>[-/.])\s?(?P<month>\d{{1,2}})\s?(?P=sign)\s?"
    rf"(?P<year>20\d{{2}}|\d{{2}}){_END}(?!\s?-\d)"
)
_SHORT_YEAR_FIRST: Final = re.compile(
    rf"(?<![\d\-/.])(?P<year>\d{{2}})[-./]{{1,2}}(?P<month>\d{{2}})[-./](?P<day>\d{{2}}){_END}(?![\-/.]\d)"
)

_PURCHASE_WORDS: Final = (
    "날짜", "발행일", "거래일시", "거래일", "판매일", "결제일", "승인일시", "진료일", "일시", "청구일", "주문일",
)  # fmt: skip
_OTHER_DAY_WORDS: Final = ("예정", "유효", "다음", "생년", "만료", "까지", "교환", "환불")
_PURCHASE_LATIN: Final = re.compile(r"date|tarikh|issued", re.I)
_OTHER_DAY_LATIN: Final = re.compile(r"due|expir|valid|until|deliver|best before|printed on|since", re.I)
_TIME: Final = re.compile(r"\d{1,2}\s?:\s?\d{2}")


def dates_in(text: str, day_first: bool) -> list[dt.date]:
    """Every date of a line. Sure forms (four-digit year first, a month's name) hide what else might look like one."""
    sure = (_YEAR_FIRST, _DAY_NAMED_MONTH, _NAMED_MONTH_DAY, _YEAR_FIRST_PLAIN)
    unsure = (_DAY_FIRST,) if day_first else (_SHORT_YEAR_FIRST,)
    for patterns in (sure, unsure):
        dates = [date for pattern in patterns for date in _matches(pattern, text)]
        if dates:
            return dates
    return []


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[dt.date]:
    for match in pattern.finditer(text):
        parts = match.groupdict()
        year, day = int(parts["year"]), int(parts["day"])
        month = _MONTHS.index(parts["name"].lower()) + 1 if "name" in parts else int(parts["month"])
        if month > 12 >= day:
            month, day = day, month  # printed the American way
        year += 2000 if year < 100 else 0
        try:
            date = dt.date(year, month, day)
        except ValueError:
            continue
        if year in YEARS:
            yield date


def purchase_date(texts: Sequence[str], day_first: bool) -> dt.date | None:
    """The date of purchase among the lines; None when no line holds a date."""
    candidates = [
        (_likeliness(text) - 0.01 * index, date)
        for index, text in enumerate(texts)
        for date in dates_in(text, day_first)
    ]
    if not candidates:
        return None
    return max(candidates, key=lambda candidate: candidate[0])[1]


def _likeliness(text: str) -> float:
    """A date with a time or after a word for it is the purchase's; one after 예정 or `valid until` is another day's."""
    score = 0.0
    if found(text, _PURCHASE_WORDS, 0.25) or _PURCHASE_LATIN.search(text):
        score += 2
    if found(text, _OTHER_DAY_WORDS, 0.1) or _OTHER_DAY_LATIN.search(text):
        score -= 5
    if _TIME.search(text):
        score += 1
    return score
