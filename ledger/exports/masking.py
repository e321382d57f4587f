"""What is hidden before a file leaves the desk: numbers of cards, phones and registers, and names of people. Pure.

A text keeps its length and its signs between the digits, so that a masked line still looks like what it was. What is
found by its form alone is sometimes missed: docs/exports.md says what.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ledger.receipt import Receipt

STAR: Final = "*"

_PSEUDONYM_DIGITS: Final = 6
_DIGIT: Final = r"[0-9*xX•●＊]"
_CARD: Final = re.compile(rf"(?<![0-9*])[0-9](?:[- ]?{_DIGIT}){{12,18}}(?![0-9*])")
"""13 to 19 digits, some of them perhaps hidden already, in groups or not (ISO/IEC 7812-1)."""
_CARD_GROUPS: Final = re.compile(r"\S{4}([- ])\S{4}\1\S{4}\1\S{4}|\S{4}([- ])\S{6}\2\S{4,5}")
"""Groups as they are printed on cards. Such a number is hidden whatever its check digit says: of a misread one,
fifteen digits are right."""
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
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_HYPHENS: Final = "‐‑‒–—−－"

_HANGUL_NAME: Final = "[가-힣*○]{2,4}"
_TITLED: Final = re.compile(
    r"(?:(?:대표자|성명|고객명|회원명|보호자명|담당자|계산원|캐셔)\s*[:\s]|(?:대표|고객|회원|보호자|담당|이름)\s*:)\s*"
    rf"({_HANGUL_NAME})(?![가-힣])"
)
"""A name after what it is the name of."""
_ADDRESSED: Final = re.compile(
    r"(?<![가-힣])(?!고객|회원|손님|선생|사장|원장)([김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구]"
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
    for pattern, is_meant, group in _PATTERNS:
        # Looked for in the narrow form of full-width digits and signs, which has the same places.
        for found in pattern.finditer(_narrow(text)):
            if is_meant(found[0]):
                first, last = found.span(group)
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


def _is_card(text: str) -> bool:
    if _CARD_GROUPS.fullmatch(text):
        return True
    signs = re.sub("[- ]", "", text)
    return sum(not sign.isdecimal() for sign in signs) >= 3 or (signs.isdecimal() and _fits_luhn(signs))


def _fits_luhn(digits: str) -> bool:
    """The check digit of card numbers (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[::-2])) % 10 == 0


def _always(_text: str) -> bool:
    return True


_PATTERNS: Final[tuple[tuple[re.Pattern[str], Callable[[str], bool], int], ...]] = (
    (_CARD, _is_card, 0),
    (_REGISTERED, _always, 0),
    (_PHONE, _always, 0),
    (_MAIL, _always, 0),
    (_TITLED, _always, 1),
    (_ADDRESSED, _always, 1),
)
