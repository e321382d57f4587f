"""What is hidden before a file leaves the desk: numbers of cards, phones and registers, and names of people. Pure.

A text keeps its length and its signs between the digits, so that a masked line still looks like what it was. What is
found by its form alone is sometimes missed: docs/exports.md says what.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from ledger.receipt import Receipt

STAR: Final = "*"

_PSEUDONYM_DIGITS: Final = 6
_DIGIT: Final = r"[0-9*xX•●＊]"
_DIGITS: Final = re.compile(rf"{_DIGIT}+")
_CARD: Final = range(13, 20)
"""Digits of a card's number (ISO/IEC 7812-1), some of them perhaps hidden already, in groups or not."""
_CARD_GROUPS: Final = re.compile(
    r"[^ -]{4}([- ])[^ -]{4}\1[^ -]{4}\1[^ -]{4}|[^ -]{4}([- ])[^ -]{6}\2[^ -]{4,5}|[^ -]{16}"
)
"""Groups as they are printed on cards. Such a number is hidden whatever its check digit says: of a misread one,
fifteen digits are right."""
_LONGEST_CARD: Final = 2 * _CARD[-1]
"""Signs of it with what stands between them."""
_HIDDEN: Final = 3
"""Digits that have to be hidden already, so that nothing else is taken for a card."""
_SHORTEST_GROUP: Final = 3
"""Signs of a group of such a card; a shorter one is a count that stands before it."""
_PHONE: Final = re.compile(
    r"(?<![0-9*-])(?:"
    r"(?:\+?82[- .]?\(?0?\)?|\(?0)(?:2|[3-6][0-9]|1[0-9]|70|80|50[0-9])\)?[- .]?[0-9*]{3,4}[- .]?[0-9*]{4}"
    r"|\+[1-9][0-9]{0,2}(?:[- .]?[0-9]{2,4}){2,4}"
    r"|1[568][0-9]{2}-[0-9]{4}"
    r")(?![0-9*-])"
)
"""Korean numbers, in the country's own form and from abroad, numbers of whole firms (1588-1234), and others with +."""
_REGISTERED: Final = re.compile(r"(?<![0-9*-])(?:[0-9]{3}-[0-9]{2}-[0-9]{5}|[0-9]{6}-[0-9*]{7})(?![0-9*-])")
"""A business's registration number, which is its owner's, and a resident's."""
_ACCOUNT: Final = re.compile(r"계좌(?:번호)?\s*:?\s*([0-9*][0-9* -]{8,}[0-9*])")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_HYPHENS: Final = "‐‑‒–—−－"

_HANGUL_NAME: Final = "[가-힣*○]{2,4}"
_TITLED: Final = re.compile(
    r"(?:(?:대표자|성명|고객명|회원명|보호자명|담당자|계산원|캐셔)\s*[:\s]|(?:대표|고객|회원|보호자|담당|이름)\s*:)\s*"
    rf"({_HANGUL_NAME})(?![가-힣])"
)
"""A name after what it is the name of."""
_ADDRESSED: Final = re.compile(
    r"(?<![가-힣])(?!고객|강아지|고양이|이쁜이|.선생|.사장|.원장)([김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구]"
    r"[가-힣*○]{1,2})\s?님(?![가-힣])"
)
"""A name with a surname of Korea's, spoken to."""


@dataclass(frozen=True, slots=True)
class Masking:
    """Hides, or lets everything through where it is off. One `key` gives one pseudonym to one name, on every day."""

    key: str
    on: bool = True

    def text(self, text: str) -> str:
        """The text without numbers and names that belong to people."""
        return _masked(text) if self.on else text

    def receipt(self, receipt: Receipt) -> Receipt:
        """The receipt with its texts masked."""
        if not self.on:
            return receipt
        items = tuple(item.model_copy(update={"name": self._maybe(item.name)}) for item in receipt.items)
        return receipt.model_copy(update={"location": self._maybe(receipt.location), "items": items})

    def value(self, value: Any) -> Any:
        """A value of a correction: a text, a number, an item, or nothing."""
        if isinstance(value, dict):
            return {name: self.value(part) for name, part in value.items()}
        return self.text(value) if isinstance(value, str) else value

    def reviewer(self, name: str) -> str:
        """Who decided, as a name that is always the same and says nothing."""
        return self._pseudonym("reviewer", name)

    def shop(self, shop: str) -> str:
        """A shop's key likewise; an unreadable place stays empty."""
        return self._pseudonym("shop", shop) if shop else ""

    def _maybe(self, text: str | None) -> str | None:
        return None if text is None else self.text(text)

    def _pseudonym(self, kind: str, name: str) -> str:
        if not self.on:
            return name
        digest = hmac.new(self.key.encode(), f"{kind}:{name}".encode(errors="replace"), hashlib.sha256)
        return f"{kind}-{digest.hexdigest()[:_PSEUDONYM_DIGITS]}"


def _masked(text: str) -> str:
    for find in _FINDERS:
        # Looked for in the narrow form of full-width digits and signs, which has the same places.
        for first, last in find(_narrow(text)):
            text = text[:first] + _starred(text[first:last]) + text[last:]
    return text


def _starred(text: str) -> str:
    return "".join(STAR if sign.isalnum() else sign for sign in text)


def _narrow(text: str) -> str:
    return "".join(_narrow_sign(sign) for sign in text)


def _narrow_sign(sign: str) -> str:
    if sign in _HYPHENS:
        return "-"
    narrow = unicodedata.normalize("NFKC", sign) if unicodedata.east_asian_width(sign) == "F" else sign
    return narrow if len(narrow) == 1 else sign


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Groups of digits, one sign apart, that are a card's number together: a count may stand before it."""
    groups = [found.span() for found in _DIGITS.finditer(text)]
    for number, (first, _) in enumerate(groups):
        for before, (begin, end) in pairwise(((first, first), *groups[number:])):
            apart = text[before[1] : begin]
            if apart not in ("", "-", " ") or end - first > _LONGEST_CARD:
                break
            if _is_card(text[first:end]):
                yield first, end


def _is_card(text: str) -> bool:
    signs = re.sub("[- ]", "", text)
    hidden = sum(not sign.isdecimal() for sign in signs)
    if len(signs) not in _CARD or hidden == len(signs):
        return False
    if _CARD_GROUPS.fullmatch(text) or (not hidden and _fits_luhn(signs)):
        return True
    return hidden >= _HIDDEN and min(map(len, re.split("[- ]", text))) >= _SHORTEST_GROUP


def _fits_luhn(digits: str) -> bool:
    """The check digit of card numbers (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[::-2])) % 10 == 0


def _finder(pattern: re.Pattern[str], group: int = 0) -> Callable[[str], Iterator[tuple[int, int]]]:
    return lambda text: (found.span(group) for found in pattern.finditer(text))


_FINDERS: Final = (
    _cards,
    _finder(_REGISTERED),
    _finder(_PHONE),
    _finder(_ACCOUNT, 1),
    _finder(_MAIL),
    _finder(_TITLED, 1),
    _finder(_ADDRESSED, 1),
)
