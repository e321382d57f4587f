"""What people make of the lexicon: this is another name of that, this is never offered, that is how it is written."""

from __future__ import annotations

from typing import Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.errors import LexiconRefused
from ledger.notes import Note
from ledger.review.shop_items import LONGEST
from ledger.tuning.tables import LexiconItemRow, LexiconShopRow

_GONE: Final = "{name} is not in it any more. Load the page again."
_ITSELF: Final = "{name} cannot be merged into itself."
_MERGED: Final = "{name} is itself merged into {other}. Choose that one."
_TOO_LONG: Final = "a name has at most {most} characters."
SENTENCES: Final = (_GONE, _ITSELF, _MERGED, _TOO_LONG)

Found = TypeVar("Found", LexiconShopRow, LexiconItemRow)


def merge_shop(database: Database, shop: str, into: str | None) -> None:
    """A shop is another name of `into`, and so is whatever was one of it; with None it stands by itself again.

    Raises LexiconRefused and DatabaseError, as all edits here do.
    """
    database.retry(_merge_shop, shop, into)


def block_shop(database: Database, shop: str, *, blocked: bool = True) -> None:
    """Never offer anything of this shop, or do so again."""
    with database.write() as session:
        _shop(session, shop).blocked = blocked


def rename_shop(database: Database, shop: str, name: str) -> None:
    """Write a shop's name so; with an empty text as it is written most often."""
    name = " ".join(name.split())
    if len(name) > LONGEST:
        raise LexiconRefused(why=Note(_TOO_LONG, {"most": LONGEST}))
    with database.write() as session:
        row = _shop(session, shop)
        row.own_name = name if name and name != row.name else None


def merge_item(database: Database, shop: str, name: str, into: str | None) -> None:
    """A name is another spelling of `into` in this shop; with None it stands by itself again."""
    database.retry(_merge_item, shop, name, into)


def block_item(database: Database, shop: str, name: str, *, blocked: bool = True) -> None:
    """Never offer this name, or do so again."""
    with database.write() as session:
        _item(session, shop, name).blocked = blocked


def _merge_shop(session: Session, shop: str, into: str | None) -> None:
    row = _shop(session, shop)
    if into:
        target = _shop(session, into)
        _check(row.shop, row.name, target.shop, target.name, target.merged_into)
        merged = sa.update(LexiconShopRow).where(LexiconShopRow.merged_into == shop)
        session.execute(merged.values(merged_into=into))
    row.merged_into = into or None


def _merge_item(session: Session, shop: str, name: str, into: str | None) -> None:
    row = _item(session, shop, name)
    if into:
        target = _item(session, shop, into)
        _check(row.name, row.name, target.name, target.name, target.merged_into)
        merged = sa.update(LexiconItemRow).where(LexiconItemRow.shop == shop, LexiconItemRow.merged_into == name)
        session.execute(merged.values(merged_into=into))
    row.merged_into = into or None


def _check(key: str, name: str, into: str, into_name: str, further: str | None) -> None:
    """Refuse what would make a circle, or a chain that nobody follows."""
    if key == into:
        raise LexiconRefused(why=Note(_ITSELF, {"name": name}))
    if further is not None:
        raise LexiconRefused(why=Note(_MERGED, {"name": into_name, "other": further}))


def _shop(session: Session, shop: str) -> LexiconShopRow:
    return _found(session.get(LexiconShopRow, shop, with_for_update=True), shop)


def _item(session: Session, shop: str, name: str) -> LexiconItemRow:
    return _found(session.get(LexiconItemRow, (shop, name), with_for_update=True), name)


def _found(row: Found | None, name: str) -> Found:
    if row is None:
        raise LexiconRefused(why=Note(_GONE, {"name": name}))
    return row
