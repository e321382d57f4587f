"""What has been confirmed in each shop: its item names, kept with every confirm, and what a name may be a slip of.

A shop is known by its name alone, see `shop_key`: its address is misread as often as its name and written in more ways,
and shops of one name that are not the same do no harm, because only names one jamo apart are ever proposed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.orm import Session

from ledger.corrections.hangul import slips
from ledger.database import Database
from ledger.receipt import Receipt, ReceiptStatus
from ledger.review.tables import ShopItemRow
from ledger.review.unattended import nobody_looked
from ledger.tables import ReceiptRow, ReviewRow

LONGEST: Final = 255
"""Characters of a shop or a name that are kept: the columns are VARCHAR(255)."""
MOST_NAMES: Final = 500
"""Names of one shop that are looked through, those confirmed most often: a shop with more is a supermarket."""
SHORTEST_SHOP: Final = 2
"""Signs from which on the last part of a place is a name."""
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class KnownName:
    """An item name of a shop, and how many confirmed lines have it."""

    name: str
    times: int


def shop_key(location: str | None) -> str:
    """What a shop is known by; empty for an unreadable place.

    Of a place "경기 하남시 미사대로 1, 루트231 애견카페" that is what stands after the last comma, or all of it without
    one: letters and digits only, in compatibility form (NFKC) and lower case, so that neither spaces nor full-width
    signs make another shop.
    """
    text = unicodedata.normalize("NFKC", location or "").casefold()
    whole = _signs(text)
    name = _signs(text.rpartition(",")[2])
    return (name if len(name) >= SHORTEST_SHOP else whole)[:LONGEST]


def keep(session: Session, receipt: Receipt) -> None:
    """Count the items of a receipt that is being confirmed, in one statement."""
    shop, counts = shop_key(receipt.location), _counted(receipt)
    if not shop or not counts:
        return
    rows = [{"shop": shop, "name": name, "times": times} for name, times in counts.items()]
    if session.get_bind().dialect.name == "sqlite":
        insert = sqlite.insert(ShopItemRow).values(rows)
        more = {"times": ShopItemRow.times + insert.excluded.times}
        session.execute(insert.on_conflict_do_update(index_elements=["shop", "name"], set_=more))
        return
    insert_mysql = mysql.insert(ShopItemRow).values(rows)
    session.execute(insert_mysql.on_duplicate_key_update(times=ShopItemRow.times + insert_mysql.inserted.times))


def withdraw(session: Session, receipt: Receipt) -> None:
    """Take back what `keep` counted of a receipt that is not confirmed any more; a name without lines is forgotten."""
    mine, counts = ShopItemRow.shop == shop_key(receipt.location), _counted(receipt)
    for name, times in counts.items():
        fewer = sa.update(ShopItemRow).where(mine, ShopItemRow.name == name)
        session.execute(fewer.values(times=ShopItemRow.times - times))
    session.execute(sa.delete(ShopItemRow).where(mine, ShopItemRow.name.in_(counts), ShopItemRow.times <= 0))


def similar_names(
    database: Database, locations: Collection[str | None], names: Collection[str]
) -> dict[str, list[KnownName]]:
    """For each of the names the ones one jamo apart that were confirmed in these shops, the most frequent first.

    `locations` are places the receipt may come from. A name that was itself confirmed there is no slip and is left out,
    and so is one with no such neighbour. Raises DatabaseError.
    """
    shops = sorted({key for key in map(shop_key, locations) if key})
    asked = sorted({name for name in names if name})
    if not shops or not asked:
        return {}
    in_shops = ShopItemRow.shop.in_(shops)
    with database.read() as session:
        confirmed = set(session.scalars(sa.select(ShopItemRow.name).where(in_shops, ShopItemRow.name.in_(asked))))
        known = _most_frequent(session, shops) if set(asked) - confirmed else []
    times = {one.name: one for one in known}
    found = slips((name for name in asked if name not in confirmed), times)
    return {name: [times[one] for one in similar] for name, similar in found.items() if similar}


def rebuild(database: Database) -> int:
    """Count everything that people confirmed anew, for a database with receipts from before; how many those are.

    In one transaction, so that no name is missing meanwhile. Raises DatabaseError.
    """
    return database.retry(_rebuild)


def _rebuild(session: Session) -> int:
    session.execute(sa.delete(ShopItemRow))
    count = 0
    for receipt in _confirmed(session):
        keep(session, receipt)
        count += 1
    return count


def _confirmed(session: Session) -> Iterator[Receipt]:
    """Every receipt that people confirmed, as it was confirmed or amended last, some hundreds at a time."""
    newest = (
        sa.select(sa.func.max(ReviewRow.id))
        .where(ReviewRow.receipt_id == ReceiptRow.id, ReviewRow.document.is_not(None), ReviewRow.undone_at.is_(None))
        .correlate(ReceiptRow)
        .scalar_subquery()
    )
    query = (
        sa.select(ReceiptRow.id, ReviewRow.document)
        .join(ReviewRow, ReviewRow.id == newest)
        .where(ReceiptRow.status == ReceiptStatus.CONFIRMED, ~nobody_looked(ReceiptRow.id))
        .order_by(ReceiptRow.id)
        .limit(_BATCH)
    )
    last = 0
    while batch := session.execute(query.where(ReceiptRow.id > last)).all():
        yield from (Receipt.model_validate(row.document) for row in batch)
        last = batch[-1].id


def _most_frequent(session: Session, shops: Sequence[str]) -> list[KnownName]:
    query = (
        sa.select(ShopItemRow.name, ShopItemRow.times)
        .where(ShopItemRow.shop.in_(shops))
        .order_by(ShopItemRow.times.desc())
        .limit(MOST_NAMES)
    )
    counts = Counter[str]()
    for name, times in session.execute(query):
        counts[name] += times
    return [KnownName(name, times) for name, times in counts.most_common()]


def _counted(receipt: Receipt) -> dict[str, int]:
    """The receipt's lines by name, sorted, so that of two confirms at once one only waits for the other."""
    return dict(Counter(sorted(item.name for item in receipt.items if item.name and len(item.name) <= LONGEST)))


def _signs(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())
