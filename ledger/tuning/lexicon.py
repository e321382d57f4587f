"""The lexicon: shops and their item names as people confirmed them, for prompts to offer where a name is unsure.

What people merged, blocked or renamed stays when it is counted anew. Receipts of test splits are not in it: when it is
a day old, or a dataset version has come since, it is counted again before anything is taken from it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.orm import Session

from ledger.clock import utc_now
from ledger.columns import Table
from ledger.database import Database
from ledger.review.pairs import each_pair
from ledger.tuning.blind import unseen_by, unseen_versions
from ledger.tuning.lexicon_counts import Counted
from ledger.tuning.tables import LexiconBuildRow, LexiconItemRow, LexiconShopRow

_GOOD_FOR: Final = dt.timedelta(days=1)
"""A prompt may know a shop of yesterday; one of this hour can wait."""
_ROWS: Final = 500
"""Rows that one statement stores."""
_SHOPS: Final = 100
"""Shops whose names one query asks for."""
_TELL_EVERY: Final = 500
MOST_SHOPS: Final = 2_000
"""Shops that a prompt knows at most, those with most receipts: what is frozen is stored with each version."""


Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Build:
    """When the lexicon was counted last, and of what."""

    receipts: int
    unseen: frozenset[int]
    """Dataset versions whose test split was left out."""
    at: dt.datetime


def rebuild(database: Database, told: Callable[[int], object] | None = None, *, tell_every: int = _TELL_EVERY) -> Build:
    """Count the lexicon anew. `told` hears now and then how many receipts were looked at. Raises DatabaseError."""
    unseen = unseen_versions(database)
    counted = Counted()
    for pair in each_pair(database, *unseen_by(database), with_doubts=False):
        counted.add(pair)
        if told is not None and counted.receipts % tell_every == 0:
            told(counted.receipts)
    build = Build(counted.receipts, frozenset(unseen), utc_now())
    database.retry(_store, counted, build)
    return build


def newest_build(database: Database) -> Build | None:
    """The last time it was counted; None before the first. Raises DatabaseError."""
    query = sa.select(LexiconBuildRow).order_by(LexiconBuildRow.id.desc()).limit(1)
    with database.read() as session:
        row = session.scalars(query).one_or_none()
        return Build(row.receipts, frozenset(row.unseen), row.created_at) if row else None


def shops(database: Database, limit: int | None = None) -> list[LexiconShopRow]:
    """Its shops, those with most receipts first. Raises DatabaseError."""
    query = sa.select(LexiconShopRow).order_by(LexiconShopRow.receipts.desc(), LexiconShopRow.shop).limit(limit)
    with database.read() as session:
        return list(session.scalars(query))


def names(database: Database, shop: str, limit: int | None = None) -> list[LexiconItemRow]:
    """A shop's item names, the most frequent first. Raises DatabaseError."""
    query = sa.select(LexiconItemRow).where(LexiconItemRow.shop == shop)
    with database.read() as session:
        return list(session.scalars(query.order_by(LexiconItemRow.times.desc(), LexiconItemRow.name).limit(limit)))


def frozen(
    database: Database,
    *,
    names_per_shop: int = 30,
    least_times: int = 2,
    told: Callable[[int], object] | None = None,
) -> dict[str, Any]:
    """What a prompt may offer: shops with a name, other spellings, and item names with how often each was confirmed.

    What was merged is counted where it belongs; what was blocked is left out. A name that now stands on receipts of
    test splits alone is not offered, whatever people made of it before. `told` is for when it has to be counted first,
    see `rebuild`. Raises DatabaseError.
    """
    if not _is_fresh(database):
        rebuild(database, told)
    known = [row for row in shops(database) if row.receipts > 0 and not row.blocked]
    parts = {row.shop: [row] for row in known if row.merged_into is None}
    for row in known:
        if row.merged_into in parts:
            parts[row.merged_into].append(row)
    found: dict[str, Any] = {}
    for some in _batches(islice(parts.items(), MOST_SHOPS), _SHOPS):
        counts = _counts(database, {part.shop: key for key, rows in some for part in rows})
        for key, rows in some:
            if sum(row.receipts for row in rows) >= least_times:
                often = [[name, times] for name, times in counts[key] if times >= least_times]
                found[key] = _told(rows) | {"names": often[:names_per_shop]}
    return {"shops": found}


def _is_fresh(database: Database) -> bool:
    """Whether it was counted lately, and without what is in a test split by now."""
    build = newest_build(database)
    if build is None or utc_now() - build.at > _GOOD_FOR:
        return False
    return build.unseen.issuperset(unseen_versions(database))


def _told(rows: list[LexiconShopRow]) -> dict[str, Any]:
    """How a shop is written, and how else: as its receipts do, and as those of shops that were merged into it do."""
    name = rows[0].own_name or rows[0].name
    return {"name": name, "aliases": [other for other in dict.fromkeys(row.name for row in rows) if other != name]}


def _counts(database: Database, shop_of: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
    """The names of some shops, by the key of the one that each is merged into."""
    query = sa.select(LexiconItemRow).where(LexiconItemRow.shop.in_(shop_of), LexiconItemRow.times > 0)
    rows = defaultdict[str, list[LexiconItemRow]](list)
    with database.read() as session:
        for row in session.scalars(query):
            rows[shop_of[row.shop]].append(row)
    return {key: _counted(rows[key]) for key in set(shop_of.values())}


def _counted(rows: list[LexiconItemRow]) -> list[tuple[str, int]]:
    """Names with their lines, the most frequent first, spellings merged.

    A name that people blocked is left out, in whichever of the shops, and so is what they merged into it.
    """
    blocked = {row.name for row in rows if row.blocked}
    standing = {row.name for row in rows if row.merged_into is None}
    counts = Counter[str]()
    for row in rows:
        counts[row.merged_into or row.name] += 0 if row.blocked else row.times
    told = [(name, times) for name, times in counts.items() if name in standing - blocked]
    return sorted(told, key=lambda each: (-each[1], each[0]))


def _store(session: Session, counted: Counted, build: Build) -> None:
    """In one transaction. Setting all counts to nothing first holds the rows, so that no edit comes in between."""
    session.execute(sa.update(LexiconShopRow).values(receipts=0))
    session.execute(sa.update(LexiconItemRow).values(times=0))
    for rows in _batches(_shop_rows(counted), _ROWS):
        _put(session, LexiconShopRow, rows, ("name", "currency", "receipts"))
    for rows in _batches(_item_rows(counted), _ROWS):
        _put(session, LexiconItemRow, rows, ("times", "price_low", "price_high", "category"))
    _forget(session)
    session.add(LexiconBuildRow(receipts=build.receipts, unseen=sorted(build.unseen), created_at=build.at))


def _shop_rows(counted: Counted) -> Iterator[dict[str, Any]]:
    for key, shop in sorted(counted.shops.items()):
        said = {"name": shop.name, "currency": shop.currency}
        yield {"shop": key, **said, "receipts": shop.receipts, "blocked": False}


def _item_rows(counted: Counted) -> Iterator[dict[str, Any]]:
    for key, shop in sorted(counted.shops.items()):
        for name, found in sorted(shop.names.items()):
            low, high = found.usual_price(shop.currency)
            row = {"shop": key, "name": name, "times": found.times, "category": found.category, "blocked": False}
            yield row | {"price_low": low, "price_high": high}


def _put(session: Session, table: type[Table], rows: Iterable[Mapping[str, Any]], counted: tuple[str, ...]) -> None:
    """Insert, or count anew what is there; people's edits are not touched."""
    if session.get_bind().dialect.name == "sqlite":
        insert = sqlite.insert(table).values(list(rows))
        keys = [column.name for column in sa.inspect(table).primary_key]
        session.execute(
            insert.on_conflict_do_update(index_elements=keys, set_={name: insert.excluded[name] for name in counted})
        )
        return
    insert_mysql = mysql.insert(table).values(list(rows))
    session.execute(insert_mysql.on_duplicate_key_update({name: insert_mysql.inserted[name] for name in counted}))


def _forget(session: Session) -> None:
    """What nobody confirms any more goes, unless somebody edited it: then that is known if it comes back."""
    item, shop = LexiconItemRow, LexiconShopRow
    session.execute(sa.delete(item).where(item.times == 0, item.merged_into.is_(None), item.blocked.is_(sa.false())))
    unedited = shop.merged_into.is_(None), shop.own_name.is_(None), shop.blocked.is_(sa.false())
    session.execute(sa.delete(shop).where(shop.receipts == 0, *unedited))


def _batches(each: Iterable[Each], size: int) -> Iterator[list[Each]]:
    rest = iter(each)
    while batch := list(islice(rest, size)):
        yield batch
