"""Which receipts may be confirmed without a person, and which of those people see all the same. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from ledger import checks
from ledger.corrections.diff import corrections
from ledger.errors import DocumentInvalid
from ledger.extraction.confidence.doubt import Doubts
from ledger.receipt import Receipt
from ledger.review.asking import warnings
from ledger.review.document import from_form, to_form

_WHOLE: Final = 2**64


def may_stand_alone(read: Receipt, doubts: Mapping[str, Any] | None, today: dt.date) -> bool:
    """Whether a reading is complete and nothing in it is warned of, whatever its risk.

    Complete is what a person could confirm without touching a field: with date, total and items, and nothing that the
    form would ask about or write in another way. Of a reading that was not judged nothing is known.
    """
    if doubts is None or read.total_amount is None or not read.items or warned(doubts):
        return False
    try:
        confirmed = from_form(to_form(read))
    except DocumentInvalid:
        return False
    return not corrections(read, confirmed) and not warnings(read, today)


def warned(doubts: Mapping[str, Any]) -> bool:
    """Whether something in a reading does not fit, as the receipt's own mark says."""
    fields = Doubts.from_json(doubts).fields.values()
    return any(note.sentence in checks.SENTENCES for doubt in fields for note in doubt.reasons)


def audited(receipt_id: int, seed: int, share: float) -> bool:
    """Whether people see this receipt all the same, whatever it says.

    A hash decides, so that it is the same however often the receipt is read, and nobody who sends a photo can choose.
    """
    drawn = hashlib.sha256(f"{seed}:{receipt_id}".encode()).digest()[:8]
    return int.from_bytes(drawn) < share * _WHOLE
