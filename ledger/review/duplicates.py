"""Receipts that may be one and the same: proposed to a person, who decides. Nothing is blocked.

Three signs, the surest first: the same bytes, nearly the same picture, and the same place, day and total. Terms lead to
candidates, a bounded number for each, so that the look is as quick among a million receipts as among a thousand; then
the candidates themselves are compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.inbox.likeness import NEAR, difference
from ledger.receipt import ReceiptStatus
from ledger.review.confirm import confirmed_receipt
from ledger.tables import ReceiptRow, ReceiptTermRow, ReviewRow
from ledger.terms import APART, BYTES, PICTURE, SALE, add_terms, place_terms

SHOWN: Final = 5
"""Look-alikes that are proposed of one receipt."""

_LED_TO: Final = {BYTES: 20, SALE: 20, PICTURE: 200}
"""Receipts that one term of a kind leads to at most, the newest first."""
_WEIGHT: Final = {BYTES: 1000, SALE: 100, PICTURE: 1}
"""What a common term says of two receipts. A copy shares several bands of the picture, a stranger hardly ever two."""
_COMPARED: Final = 20
"""Candidates that are compared."""
_SAME_PLACE: Final = 0.6
"""Part of the shorter place's terms that the other one has: the shop's name alone, or a misread character or two."""


class Sign(StrEnum):
    """Why two receipts may be one, the surest first."""

    BYTES = "bytes"
    PICTURE = "picture"
    SALE = "sale"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A receipt that may be the same one. `operator` decided about it; None while it is open."""

    receipt_id: int
    sign: Sign
    status: ReceiptStatus
    operator: str | None


@dataclass(frozen=True, slots=True)
class _Sale:
    """What a receipt says of its sale: as confirmed, else as read."""

    place: str | None
    date: dt.date | None
    total: int | None

    def is_of(self, other: _Sale) -> bool:
        mine, theirs = place_terms(self.place), place_terms(other.place)
        if None in (self.date, self.total) or (self.date, self.total) != (other.date, other.total):
            return False
        return len(mine & theirs) >= _SAME_PLACE * max(1, min(len(mine), len(theirs)))


def look_alikes(database: Database, receipt_id: int) -> list[LookAlike]:
    """Receipts that may be this one, the surest first; at most SHOWN. Raises DatabaseError."""
    with database.read() as session:
        terms, apart = _terms(session, receipt_id)
        if not terms:
            return []
        found = _candidates(session, receipt_id, terms, apart)
        receipts = _receipts(session, [receipt_id, *found])
    own = receipts.pop(receipt_id, None)
    alike = _compared(own, receipts, found) if own else []
    return sorted(alike, key=_surest_first)[:SHOWN]


def tell_apart(database: Database, receipt_id: int, other_id: int) -> None:
    """Remember that a person found these two to be two receipts: they are not proposed again."""
    database.retry(_tell_apart, receipt_id, other_id)


def _tell_apart(session: Session, receipt_id: int, other_id: int) -> None:
    # Of two people who say it at once the second waits here, and then finds it said.
    both = sa.select(ReceiptRow.id).where(ReceiptRow.id.in_((receipt_id, other_id)))
    session.execute(both.order_by(ReceiptRow.id).with_for_update())
    add_terms(session, receipt_id, {f"{APART}:{other_id}"})
    add_terms(session, other_id, {f"{APART}:{receipt_id}"})


def _terms(session: Session, receipt_id: int) -> tuple[list[str], set[int]]:
    """The terms that lead from this receipt to others, and the receipts that it is not."""
    query = sa.select(ReceiptTermRow.term).where(ReceiptTermRow.receipt_id == receipt_id)
    terms = [(term.partition(":")[0], term) for term in session.scalars(query)]
    apart = {int(term.partition(":")[2]) for kind, term in terms if kind == APART}
    return [term for kind, term in terms if kind in _LED_TO], apart


def _candidates(session: Session, receipt_id: int, terms: list[str], apart: set[int]) -> dict[int, set[str]]:
    """Receipts that share the weightiest terms with this one, and the kinds of those terms."""
    query = _led_to(tuple(term.partition(":")[0] for term in terms))
    blanks = {"own": receipt_id, "most": _COMPARED + len(apart)} | {f"term{i}": term for i, term in enumerate(terms)}
    found = session.execute(query, blanks).all()
    return {other_id: set(_kinds(int(weight))) for other_id, weight in found if other_id not in apart}


@cache
def _led_to(kinds: tuple[str, ...]) -> sa.TextClause:
    """Where terms of these kinds lead to. Written out: to compose it anew takes ten times as long as to answer it."""
    pieces = (
        # SQLite takes a LIMIT inside a UNION only in a query of its own.
        f"SELECT * FROM (SELECT receipt_id, {_WEIGHT[kind]} AS weight FROM receipt_term"  # noqa: S608 -- ours alone
        f" WHERE term = :term{i} AND receipt_id <> :own ORDER BY receipt_id DESC LIMIT {_LED_TO[kind]}) AS led_to_{i}"
        for i, kind in enumerate(kinds)
    )
    return sa.text(
        f"SELECT receipt_id, SUM(weight) FROM ({' UNION ALL '.join(pieces)}) AS led_to"  # noqa: S608 -- ours alone
        " GROUP BY receipt_id ORDER BY SUM(weight) DESC, receipt_id LIMIT :most"
    )


def _kinds(total: int) -> Iterator[str]:
    for kind in (BYTES, SALE, PICTURE):
        if total >= _WEIGHT[kind]:
            yield kind
        total %= _WEIGHT[kind]


def _receipts(session: Session, ids: Iterable[int]) -> dict[int, tuple[ReceiptRow, ReviewRow | None]]:
    """The receipts, each with the decision that counts; of an amended one the newest."""
    counting = sa.and_(ReviewRow.receipt_id == ReceiptRow.id, ReviewRow.undone_at.is_(None))
    query = sa.select(ReceiptRow, ReviewRow).outerjoin(ReviewRow, counting).where(ReceiptRow.id.in_(list(ids)))
    return {row.id: (row, review) for row, review in session.execute(query.order_by(ReviewRow.id))}


def _compared(
    own: tuple[ReceiptRow, ReviewRow | None],
    others: dict[int, tuple[ReceiptRow, ReviewRow | None]],
    kinds: dict[int, set[str]],
) -> list[LookAlike]:
    alike = []
    for other_id, (row, review) in others.items():
        if (sign := _sign(own, (row, review), kinds[other_id])) is not None:
            operator = review.operator if review else None
            alike.append(LookAlike(other_id, sign, ReceiptStatus(row.status), operator))
    return alike


def _sign(
    own: tuple[ReceiptRow, ReviewRow | None], other: tuple[ReceiptRow, ReviewRow | None], kinds: set[str]
) -> Sign | None:
    if BYTES in kinds:
        return Sign.BYTES
    if difference(own[0].picture_hash, other[0].picture_hash) <= NEAR:
        return Sign.PICTURE
    return Sign.SALE if SALE in kinds and _sale(*own).is_of(_sale(*other)) else None


def _sale(row: ReceiptRow, review: ReviewRow | None) -> _Sale:
    if review is None or review.document is None:
        return _Sale(row.read_place, row.read_date, row.read_total)
    confirmed = confirmed_receipt(review)
    return _Sale(confirmed.location, confirmed.date, confirmed.total_amount)


def _surest_first(alike: LookAlike) -> tuple[int, int, int]:
    """By sign; then what was confirmed, what is open, what was rejected; then the older."""
    standing = {ReceiptStatus.CONFIRMED: 0, ReceiptStatus.REJECTED: 2}.get(alike.status, 1)
    return list(Sign).index(alike.sign), standing, alike.receipt_id
