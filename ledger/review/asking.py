"""What is asked about before a receipt is confirmed: findings that a person can mend or has to mean. Pure.

Not every doubt about a reading is a question to the person who has just looked at it. A discount below 0, a free
sample, a line that was bought twice are usual, and where they are wrong the sum is, too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Final

from ledger import checks
from ledger.checks import Finding, check_receipt
from ledger.notes import Note
from ledger.receipt import Receipt

NO_ITEM: Final = "There is no item."
NO_TOTAL: Final = "The total is missing."
NO_PLACE: Final = "The place is missing."
ROW_COUNT_LARGE: Final = "The count in row {row} is unusually large."
SENTENCES: Final = (NO_ITEM, NO_TOTAL, NO_PLACE, ROW_COUNT_LARGE)

_ASKED: Final = {
    checks.SUM_DIFFERS: checks.SUM_DIFFERS,
    checks.DATE_AHEAD: checks.DATE_AHEAD,
    checks.DATE_LONG_AGO: checks.DATE_LONG_AGO,
    checks.TOTAL_NOT_POSITIVE: checks.TOTAL_NOT_POSITIVE,
    checks.COUNT_LARGE: ROW_COUNT_LARGE,
    checks.NO_ITEMS: NO_ITEM,
}
"""A check -> what the person is told, who has a receipt in hand and no reading."""
_MISSING: Final = {"total_amount": NO_TOTAL, "location": NO_PLACE}


def warnings(receipt: Receipt, today: dt.date, discount: int = 0) -> tuple[Finding, ...]:
    """What to ask about before this receipt is confirmed, in its order; empty for one with nothing wrong.

    `discount` as in `check_receipt`: who confirms a receipt with a discount between its items is not asked about it.
    """
    asked = (_asked(finding) for finding in check_receipt(receipt, today, discount))
    return tuple(finding for finding in asked if finding is not None)


def digest(found: Sequence[Finding]) -> str:
    """Names a set of warnings, so that an answer is known to be to these and no others."""
    text = json.dumps([[finding.fields, finding.note.sentence, finding.note.fields] for finding in found])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _asked(finding: Finding) -> Finding | None:
    field, sentence = finding.fields[0], finding.note.sentence
    told = _MISSING.get(field) if sentence == checks.NOT_READ else _ASKED.get(sentence)
    if told is None:
        return None
    row = {"row": str(int(field.split(".")[1]) + 1)} if told == ROW_COUNT_LARGE else {}
    return Finding(finding.fields, Note(told, {**finding.note.fields, **row}))
