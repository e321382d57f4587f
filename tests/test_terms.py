"""The terms by which a receipt is found, and that they are kept up to date."""

from __future__ import annotations

import datetime as dt
import unicodedata

from ledger.database import Database
from ledger.tables import ReceiptTermRow
from ledger.terms import SALE, add_terms, bytes_term, picture_terms, place_terms, sale_terms, set_terms, text_terms
from tests.factories import MemoryStore, take_in
from tests.review.rows import terms


def test_a_place_is_found_by_its_neighbouring_characters_however_they_are_written() -> None:
    pairs, triples = {"t:gs", "t:s2", "t:25", "t:5역", "t:역삼"}, {"t:gs2", "t:s25", "t:25역", "t:5역삼"}
    assert place_terms("GS 25 역삼") == pairs | triples
    assert text_terms("S25 역") == {"t:s25", "t:25역"}
    assert (text_terms("역삼"), text_terms("역"), text_terms(" ")) == ({"t:역삼"}, {"t:역"}, set())
    assert place_terms(unicodedata.normalize("NFD", "역삼")) == {"t:역삼"}
    assert (place_terms("역"), place_terms("  "), place_terms(None)) == ({"t:역"}, set(), set())


def test_a_picture_has_one_term_a_band_and_a_sale_one_in_all() -> None:
    assert picture_terms("ffff0a1b") == {"p:0:ffff", "p:1:0a1b"}
    assert picture_terms(None) == set()
    assert sale_terms(dt.date(2024, 11, 11), 17_500) == {"s:2024-11-11|17500"}
    assert sale_terms(None, 17_500) == sale_terms(dt.date(2024, 11, 11), None) == set()
    assert len(bytes_term("f" * 64)) <= ReceiptTermRow.__table__.c.term.type.length  # type: ignore[attr-defined]  # a column with a type


def test_terms_are_added_once_and_replaced_by_kind(database: Database) -> None:
    receipt_id, other = (take_in(database, MemoryStore(), key) for key in ("a.jpg", "b.jpg"))
    with database.write() as session:
        add_terms(session, other, {"s:1"})
        add_terms(session, receipt_id, {"s:1", "h:1"})
        add_terms(session, receipt_id, {"s:1", "s:2"})
        add_terms(session, receipt_id, set())
    assert terms(database, receipt_id) == {"s:1", "s:2", "h:1"}

    with database.write() as session:
        set_terms(session, receipt_id, {"s:2", "s:3"}, SALE)

    assert terms(database, receipt_id) == {"s:2", "s:3", "h:1"}
    assert terms(database, other) == {"s:1"}
