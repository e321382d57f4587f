"""Confirmed receipts become a dataset version: which ones may, which are taken, what they say.

Candidates are a few numbers each, however many receipts are confirmed; documents are fetched of the chosen ones only.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from ledger.database import Database
from ledger.errors import NoReceiptsToFreeze
from ledger.experiments.datasets import NewCase, add_version, free_name
from ledger.experiments.sampling import every_nth
from ledger.experiments.splitting import seeded
from ledger.experiments.words import PHOTOS
from ledger.notes import Note
from ledger.receipt import UNREADABLE_TEXT, Receipt, ReceiptStatus
from ledger.review.confirmed import Search, conditions
from ledger.review.shop_items import shop_key
from ledger.review.unattended import nobody_looked
from ledger.tables import ExtractionRow, LedgerRow, ReceiptRow, ReviewRow

NO_MATCH: Final = "No confirmed receipt matches."
NO_READING: Final = (
    "Left out, because it was confirmed without a reading and nothing says which picture it was: {count}."
)
UNATTENDED: Final = "Left out, because nobody looked at it when it was confirmed: {count}."
REPLACED: Final = "Left out, because the photo was replaced since it was confirmed: {count}."
SAME_PICTURE: Final = "Left out, because the picture is the same as that of another receipt: {count}."
SENTENCES: Final = (NO_MATCH, NO_READING, UNATTENDED, REPLACED, SAME_PICTURE)

_PAGE: Final = 5_000
"""Candidates fetched at a time."""
_BATCH: Final = 500
"""Documents fetched at a time."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What a filter finds, before anything is frozen."""

    receipts: int
    shops: int


@dataclass(frozen=True, slots=True)
class FrozenReport:
    """What became of the receipts that matched."""

    id: int
    name: str
    cases: int
    tests: int
    candidates: int
    """Receipts that could be taken; more than `cases` where a sample was asked for."""
    left_out: tuple[Note, ...]
    """Why others that matched could not, and how many."""


class _Candidate(NamedTuple):
    """What a sample is ordered by, and the decision that it leads to."""

    shop: str
    risk: float
    tie: int
    review_id: int


def matching(database: Database, search: Search) -> Matching:
    """How many confirmed receipts a filter finds, and of how many shops."""
    places = (
        sa.select(LedgerRow.location, sa.func.count())
        .join(ReceiptRow, ReceiptRow.ledger_id == LedgerRow.id)
        .where(ReceiptRow.status == ReceiptStatus.CONFIRMED, *conditions(search))
        .group_by(LedgerRow.location)
    )
    with database.read() as session:
        found = [(_shop(place), count) for place, count in session.execute(places)]
    return Matching(sum(count for _, count in found), len({shop for shop, _ in found}))


def freeze(
    database: Database,
    *,
    name: str,
    search: Search,
    size: int | None,
    seed: int,
    test_share: float,
    operator: str,
    now: dt.datetime,
) -> FrozenReport:
    """A new version of `size` confirmed receipts that match, or of all of them, in proportion by shop and risk.

    Raises NameTaken, NameMissing, NoReceiptsToFreeze and DatabaseError; then nothing was written.
    """
    name, left_out = free_name(database, name), Counter[str]()
    with database.read() as session:
        candidates = sorted(_candidates(session, search, seed, left_out))
        if not candidates:
            raise NoReceiptsToFreeze(why=next(iter(_told(left_out)), Note(NO_MATCH)))
        chosen = every_nth(candidates, len(candidates) if size is None else size, seed)
        cases = list(_cases(session, [candidate.review_id for candidate in chosen]))
    origin = _origin(search, size) | {"candidates": len(candidates), "left_out": dict(left_out)}
    version = add_version(database, name, origin, cases, seed=seed, test_share=test_share, operator=operator, now=now)
    told = tuple(_told(left_out))
    return FrozenReport(version.id, version.name, version.cases, version.tests, len(candidates), told)


def _candidates(session: Session, search: Search, seed: int, left_out: Counter[str]) -> Iterator[_Candidate]:
    """Receipts that may be taken, each with another picture; counts in `left_out` why others may not."""
    pictures, shops = set[bytes](), dict[str, str]()
    for row in _pages(session, search):
        if row.unattended:
            left_out[UNATTENDED] += 1
        elif row.image_sha256 is None:
            left_out[NO_READING] += 1
        elif row.read_etag != row.etag:
            left_out[REPLACED] += 1
        elif (picture := bytes.fromhex(row.image_sha256)) in pictures:
            left_out[SAME_PICTURE] += 1
        else:
            pictures.add(picture)
            shop = _shop(row.location)
            risk = -1.0 if row.risk is None else row.risk
            yield _Candidate(shops.setdefault(shop, shop), risk, seeded(seed, row.image_sha256), row.review_id)


def _pages(session: Session, search: Search) -> Iterator[Any]:
    """Confirmed receipts that match with their newest decision that counts, in the order of their ids."""
    later = aliased(ReviewRow)
    counting = later.receipt_id == ReceiptRow.id, later.undone_at.is_(None)
    newest = sa.select(sa.func.max(later.id)).where(*counting).correlate(ReceiptRow).scalar_subquery()
    read = ExtractionRow.etag.label("read_etag"), ExtractionRow.image_sha256, ExtractionRow.risk
    unattended = nobody_looked(ReceiptRow.id).label("unattended")
    query = (
        sa.select(
            ReceiptRow.id, ReceiptRow.etag, LedgerRow.location, ReviewRow.id.label("review_id"), *read, unattended
        )
        .join(LedgerRow, LedgerRow.id == ReceiptRow.ledger_id)
        .join(ReviewRow, sa.and_(ReviewRow.receipt_id == ReceiptRow.id, ReviewRow.id == newest))
        .outerjoin(ExtractionRow, ExtractionRow.id == ReviewRow.extraction_id)
        .where(ReceiptRow.status == ReceiptStatus.CONFIRMED, *conditions(search))
        .order_by(ReceiptRow.id)
        .limit(_PAGE)
    )
    last = 0
    while page := session.execute(query.where(ReceiptRow.id > last)).all():
        yield from page
        last = page[-1].id


def _cases(session: Session, review_ids: Sequence[int]) -> Iterator[NewCase]:
    """What the decisions say, with the pictures that they were made from."""
    of_receipt = ReceiptRow.id.label("receipt_id"), ReceiptRow.object_key
    of_reading = ExtractionRow.image_sha256, ExtractionRow.risk
    query = (
        sa.select(ReviewRow.id.label("review_id"), ReviewRow.document, *of_receipt, *of_reading)
        .join(ReceiptRow, ReceiptRow.id == ReviewRow.receipt_id)
        .join(ExtractionRow, ExtractionRow.id == ReviewRow.extraction_id)
    )
    for start in range(0, len(review_ids), _BATCH):
        some = ReviewRow.id.in_(review_ids[start : start + _BATCH])
        for row in session.execute(query.where(some)).mappings():
            of_row = {name: value for name, value in row.items() if name != "document"}
            yield NewCase.of(Receipt.model_validate(row["document"]), store=PHOTOS, **of_row)


def _shop(place: str) -> str:
    return shop_key(None if place == UNREADABLE_TEXT else place)


def _told(left_out: Counter[str]) -> Iterator[Note]:
    return (Note(sentence, {"count": str(count)}) for sentence, count in left_out.items())


def _origin(search: Search, size: int | None) -> dict[str, Any]:
    since, until = (day.isoformat() if day else None for day in (search.since, search.until))
    return {"made": "frozen", "text": search.text.strip(), "since": since, "until": until, "size": size}
