"""Photos that are handed to us, and whose they are said to be."""

from __future__ import annotations

from ledger.database import Database
from ledger.inbox.putting import put_photo, take_in_uploaded
from ledger.tables import ReceiptRow
from tests.factories import NOW, MemoryStore, jpeg


def test_a_photo_that_is_named_again_stays_whose_it_is(database: Database) -> None:
    store = MemoryStore()
    receipt_id, _ = put_photo(database, store, "감자.jpg", jpeg(), NOW)
    [key] = store.objects

    for member_id in ("member-7", "member-8"):
        assert take_in_uploaded(database, store, key, NOW, member_id) == receipt_id

    with database.read() as session:
        assert session.get_one(ReceiptRow, receipt_id).member_id == "member-7"
