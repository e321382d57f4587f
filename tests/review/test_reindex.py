"""Receipts of an earlier version are made findable: by their place, their bytes, and the names of their shop."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.database import Database
from ledger.review.reindex import reindex
from ledger.review.tables import ShopItemRow
from ledger.tables import ReceiptTermRow
from tests.factories import MISREAD, RIGHT, confirm_one


def test_what_an_earlier_version_did_not_keep_is_made_anew(database: Database) -> None:
    confirm_one(database, MISREAD, RIGHT)
    before = _kept(database)
    with database.write() as session:
        session.execute(sa.delete(ReceiptTermRow))
        session.execute(sa.delete(ShopItemRow))

    assert reindex(database) == (1, 1)
    assert reindex(database) == (1, 1), "a second time changes nothing"
    terms, names = _kept(database)
    assert names == before[1]
    assert {term for term in terms if term[0] in "hst"} <= before[0]
    assert any(term.startswith("t:") for term in terms)


def _kept(database: Database) -> tuple[set[str], set[tuple[str, str, int]]]:
    with database.read() as session:
        terms = set(session.scalars(sa.select(ReceiptTermRow.term)))
        names = {(row.shop, row.name, row.times) for row in session.scalars(sa.select(ShopItemRow))}
    return terms, names
