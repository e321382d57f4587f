"""Names of goods on English receipts: which rows of words are one, and what is printed around them that is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_TAX_CODE: Final = r"(?:SR|ZRL|ZRE|ZR|ES|OS|TX|NTX)"
_BEFORE: Final = re.compile(
    rf"^[\s.,:*#-]*(?:{_TAX_CODE}(?:\s*[:.]|(?=\s*\d)|\s))?\s*(?:\d{{5,14}}(?:-|\b|(?=[A-Za-z])))?[\s.,:*#-]*"
)
_BEHIND: Final = re.compile(rf"(?:\s+{_TAX_CODE}|\s*[*#][A-Z]{{0,2}}|[\s.,:-])+$")
_CODE: Final = re.compile(r"[A-Z]{1,4}(?:-[A-Z]{0,2})?\d[\d-]+(?:[A-Z]{1,2}[\d-]*)?(?:\s*-\s*[\d/]+)?")
_WORD: Final = re.compile(r"[A-Za-z]{3}")
_NUMBER_BEFORE: Final = re.compile(r"\d{1,2}\s*[xX]?\s+(?=\S*[A-Za-z])")
_SHOP_CODE_BEFORE: Final = re.compile(r"\d{3,}\s+(?=\S*[A-Za-z])")


def tidy_name(parts: Sequence[str]) -> str | None:
    """The rows of a name as one, without barcodes, codes of goods and marks of taxes; None where no word is left."""
    named = [tidied for part in parts if (tidied := _tidy(part))]
    return " ".join(named) or None


def is_name(text: str) -> bool:
    """True for rows that hold a word besides codes."""
    return _tidy(text) is not None


def is_code(text: str) -> bool:
    """True for a row that is a shop's code and nothing else: HC03-7 - 15."""
    return _CODE.fullmatch(text.strip()) is not None


def without_number(text: str) -> str:
    """The words behind a small number: that of the row, or a count."""
    return _NUMBER_BEFORE.sub("", text, count=1)


def without_shop_codes(texts: Sequence[str]) -> list[str]:
    """The rows' words without the shop's own number of three digits or more, where every row with words has one.

    One row alone may be named so (100 PLUS is a drink).
    """
    named = [text for text in texts if is_name(text)]
    if all(_SHOP_CODE_BEFORE.match(text) for text in named):
        return [_SHOP_CODE_BEFORE.sub("", text, count=1) for text in texts]
    return list(texts)


def _tidy(text: str) -> str | None:
    name = _BEHIND.sub("", _BEFORE.sub("", text.strip(), count=1))
    return name if _WORD.search(name) and not is_code(name) else None
