"""What the Inbox page is made of."""

from __future__ import annotations

from ledger.inbox.listing import PhotoLine
from ledger.receipt import ReceiptStatus
from ledger.ui.inbox_desk import table_key
from tests.factories import NOW


def line(receipt_id: int, status: ReceiptStatus = ReceiptStatus.PENDING) -> PhotoLine:
    return PhotoLine(receipt_id, f"{receipt_id}.jpg", status, 1, NOW, False, None, None, {})


def test_a_selection_never_moves_to_other_photos_when_the_list_changes() -> None:
    shown = [line(3), line(2), line(1)]

    others = [[line(4), *shown], shown[1:], [shown[0], shown[2]], []]

    assert len({table_key(lines) for lines in (shown, *others)}) == 5


def test_a_selection_stays_while_the_same_photos_are_shown() -> None:
    assert table_key([line(3), line(2)]) == table_key([line(3, ReceiptStatus.FAILED), line(2)])
