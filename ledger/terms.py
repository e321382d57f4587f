"""The terms by which a receipt is found among a million, and their rows. Each is a kind, a colon and a value.

| kind | what it says |
|---|---|
| `t` | two or three neighbouring characters of the place, casefolded, NFC, without spaces |
| `h` | SHA-256 of the photo's bytes |
| `p` | number of a band of the picture's hash, and its 16 bits as four hexadecimal digits |
| `s` | day and total |
| `n` | id of a receipt that a person found to be another one |

Terms lead to candidates: who looks for copies compares the receipts that they lead to.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Set as AbstractSet
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.tables import ReceiptTermRow

PLACE: Final = "t"
BYTES: Final = "h"
PICTURE: Final = "p"
SALE: Final = "s"
APART: Final = "n"

_BAND: Final = 4
"""Hexadecimal digits of a band."""


def place_terms(place: str | None) -> set[str]:
    """The terms that lead to a place: all two and all three neighbouring characters; of one only, that character."""
    text = _bare(place)
    return _runs(text, 2) | _runs(text, 3) or _runs(text, 1)


def text_terms(text: str) -> set[str]:
    """The terms of what is searched in places: the longest there are, because they lead to the fewest."""
    bare = _bare(text)
    return _runs(bare, min(3, len(bare)))


def _bare(text: str | None) -> str:
    return "".join(unicodedata.normalize("NFC", text or "").casefold().split())


def _runs(text: str, length: int) -> set[str]:
    return {f"{PLACE}:{text[i : i + length]}" for i in range(len(text) - length + 1)} if length else set()


def bytes_term(sha256: str) -> str:
    """The term of a photo's bytes."""
    return f"{BYTES}:{sha256}"


def picture_terms(picture_hash: str | None) -> set[str]:
    """The terms of a picture's hash, one a band."""
    digits = picture_hash or ""
    return {f"{PICTURE}:{i // _BAND}:{digits[i : i + _BAND]}" for i in range(0, len(digits), _BAND)}


def sale_terms(date: dt.date | None, total: int | None) -> set[str]:
    """The term of a day and a total; none where one of them is unknown."""
    return set() if date is None or total is None else {f"{SALE}:{date.isoformat()}|{total}"}


def told_terms(place: str | None, date: dt.date | None, total: int | None) -> set[str]:
    """The terms of what a receipt says: its place and its sale."""
    return place_terms(place) | sale_terms(date, total)


def add_terms(session: Session, receipt_id: int, terms: AbstractSet[str]) -> None:
    """Let these terms lead to the receipt, too."""
    present = sa.select(ReceiptTermRow.term).where(ReceiptTermRow.receipt_id == receipt_id)
    _insert(session, receipt_id, terms - set(session.scalars(present.where(ReceiptTermRow.term.in_(terms)))))


def set_terms(session: Session, receipt_id: int, terms: AbstractSet[str], *kinds: str) -> None:
    """Let these terms lead to the receipt, and of the same kinds no others."""
    mine = sa.select(ReceiptTermRow.term).where(ReceiptTermRow.receipt_id == receipt_id)
    present = {term for term in session.connection().scalars(mine) if term.partition(":")[0] in kinds}
    if gone := present - terms:
        leaving = sa.delete(ReceiptTermRow).where(ReceiptTermRow.receipt_id == receipt_id)
        session.execute(leaving.where(ReceiptTermRow.term.in_(gone)))
    _insert(session, receipt_id, terms - present)


def _insert(session: Session, receipt_id: int, terms: AbstractSet[str]) -> None:
    if terms:
        rows = [{"term": term, "receipt_id": receipt_id} for term in sorted(terms)]
        session.connection().execute(sa.insert(ReceiptTermRow), rows)  # no objects are made of them
