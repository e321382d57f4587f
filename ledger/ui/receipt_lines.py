"""Receipts as lines of a list: in words, as each language writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, Literal
from urllib.parse import urlencode

from ledger.database import Database
from ledger.inbox.object_store import photo_name
from ledger.receipt import ReceiptStatus
from ledger.review.lists import Line, page
from ledger.review.postponed import postponed_page
from ledger.review.wanted import READY, Order
from ledger.tables import ReceiptRow
from ledger.ui.components import receipt_list
from ledger.ui.photos import photo_url
from ledger.ui.queue_place import QueuePlace, beside_place
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts

_MEDIUM: Final = 0.25
_HIGH: Final = 0.7
"""Risks of a receipt from which it is medium and high. The weights behind them are estimates, see docs/risk.md, so the
list promises no more than three steps: below the first no field is worth a look by itself.
"""
UNKNOWN: Final = "—"


def lines_at(database: Database, place: QueuePlace, now: dt.datetime, limit: int) -> list[Line]:
    """The receipts from this place on."""
    if place.section == "postponed":
        return postponed_page(database, now, place.wanted, place.after, limit)
    return page(database, place.wanted, Order(place.order), place.after, limit)


def lines_for_list(desk: Desk, lines: Sequence[Line], place: QueuePlace, now: dt.datetime) -> list[receipt_list.Line]:
    """What the list shows of these receipts; `place` goes along where one is opened in a tab of its own."""
    t, way = desk.t.plain, beside_place() | place.followed.address
    return [_line(desk, t, line, way, now) for line in lines]


def risk_step(risk: float) -> Literal[1, 2, 3]:
    """Low, medium or high."""
    return 3 if risk >= _HIGH else 2 if risk >= _MEDIUM else 1


def _line(desk: Desk, t: Texts, line: Line, way: Mapping[str, str], now: dt.datetime) -> receipt_list.Line:
    """`way` is what the address of the Review page says beside the receipt, so that the next ones follow in order."""
    row, name = line.row, photo_name(line.row.object_key)
    return {
        "id": row.id,
        "address": "review?" + urlencode({**way, "receipt": row.id}),
        "photo": photo_url(desk.services, row),
        "place": row.read_place or name,
        "photo_name": name,
        "unnamed": not row.read_place,
        "date": t.date(row.read_date) if row.read_date else UNKNOWN,
        "total": t.money(row.read_total, row.currency or "KRW"),
        "status": _status(t, row, now),
        "holder": _holder(desk, t, row) if row.claim_until and row.claim_until > now else "",
        "risk": risk_step(row.risk) if row.model else 0,
        "warned": row.warned,
        "model": row.model or "",
        "arrived": t.time(row.arrived_at),
        "why": t.stored_error(line.error_class, line.error_message, line.error_fields or {}),
    }


def _holder(desk: Desk, t: Texts, row: ReceiptRow) -> str:
    return t("you") if row.claim_operator == desk.operator else row.claim_operator or ""


def _status(t: Texts, row: ReceiptRow, now: dt.datetime) -> str:
    if row.reading_until and row.reading_until > now:
        return t("being read")
    if row.postponed_until and row.postponed_until > now and row.status in READY:
        return t("until {time}", time=t.time(row.postponed_until))
    if row.status == ReceiptStatus.FAILED and row.due_at and row.due_at > now:
        return t("read again at {time}", time=t.hour(row.due_at))
    return t.status(row.status)
