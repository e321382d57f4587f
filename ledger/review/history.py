"""Everything that happened to a receipt, and for each field the values that it had, with who set them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.corrections.diff import align
from ledger.database import Database
from ledger.money import decimals, format_amount
from ledger.receipt import Category, LineItem, Receipt
from ledger.review.confirm import confirmed_receipt
from ledger.review.document import to_form
from ledger.review.numbers import read_number
from ledger.tables import DraftRow, ExtractionRow, ReviewRow

HEAD: Final = ("date", "location", "total_amount", "currency", "note")
ITEM: Final = ("name", "count", "price", "category")
AMOUNTS: Final = ("price", "total_amount")


class Kind(StrEnum):
    """What happened."""

    READ = "read"
    FAILED = "failed"
    DRAFTED = "drafted"
    CONFIRMED = "confirmed"
    AUTO_CONFIRMED = "auto_confirmed"
    AMENDED = "amended"
    REJECTED = "rejected"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `who` is an operator, or the model of a reading."""

    kind: Kind
    at: dt.datetime
    who: str
    document: Mapping[str, Any] | None = None
    """The form's texts after it; None where nothing was said about the receipt."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Of a reading its temperature, prompt, time and error, of a decision its reason."""


@dataclass(frozen=True, slots=True)
class Step:
    """A value that a field took; None for an item that was removed."""

    value: str | None
    event: Event


@dataclass(frozen=True, slots=True)
class FieldHistory:
    """The values of one field, newest last. `row` is that of its item, from 0 in the order of appearance."""

    name: str
    steps: tuple[Step, ...]
    row: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What happened, oldest first, and the fields in the order of the form."""

    events: tuple[Event, ...]
    fields: tuple[FieldHistory, ...]


def history(database: Database, receipt_id: int) -> History:
    """The history of a receipt. Raises DatabaseError."""
    with database.read() as session:
        found = [*_readings(session, receipt_id), *_reviews(session, receipt_id), *_drafts(session, receipt_id)]
    events = tuple(sorted(found, key=lambda event: event.at))
    return History(events, tuple(field_histories(events)))


def field_histories(events: Sequence[Event]) -> list[FieldHistory]:
    """For each field that ever had a value, the values that it took, one after the other."""
    steps: dict[tuple[int | None, str], list[Step]] = {}
    rows: list[int] = []
    before: Mapping[str, Any] = {"items": []}
    count = 0
    for event in events:
        if event.document is None:
            continue
        for name in HEAD:
            if name in event.document:
                _take(steps.setdefault((None, name), []), _text(event.document, name, event.document), event)
        rows, count = _follow_items(steps, rows, before, event, count)
        before = event.document
    told = {key: taken for key, taken in steps.items() if any(step.value for step in taken)}
    return [FieldHistory(name, tuple(taken), row) for (row, name), taken in sorted(told.items(), key=_in_order)]


def _follow_items(
    steps: dict[tuple[int | None, str], list[Step]],
    rows: list[int],
    before: Mapping[str, Any],
    event: Event,
    count: int,
) -> tuple[list[int], int]:
    """Which item of the document is which one of those before; an item that moved stays itself."""
    document = event.document
    assert document is not None
    items, now = document.get("items") or [], {}
    for i, j in align(_line_items(before), _line_items(document)):
        if j is None and i is not None:
            for name in ITEM:
                _take(steps[rows[i], name], None, event)
        elif j is not None:
            now[j] = rows[i] if i is not None else count
            count += i is None
            for name in ITEM:
                _take(steps.setdefault((now[j], name), []), _text(items[j], name, document), event)
    return [now[j] for j in range(len(items))], count


def _text(row: Mapping[str, Any], name: str, document: Mapping[str, Any]) -> str:
    """A text of the form, a number always written alike: as it was typed only where it cannot be understood."""
    text, currency = str(row.get(name) or ""), str(document.get("currency") or "KRW")
    if name not in AMOUNTS:
        return text
    amount = _number(text, currency)
    return text if amount is None else format_amount(amount, currency)


def _take(taken: list[Step], value: str | None, event: Event) -> None:
    if not taken or taken[-1].value != value:
        taken.append(Step(value, event))


def _in_order(entry: tuple[tuple[int | None, str], list[Step]]) -> tuple[bool, int, int]:
    (row, name), _ = entry
    if row is not None:
        return False, row, ITEM.index(name)
    position = HEAD.index(name)
    return position >= HEAD.index("total_amount"), -1, position


def _line_items(document: Mapping[str, Any]) -> tuple[LineItem, ...]:
    """The items as far as their texts can be understood, to tell which is which."""
    currency = str(document.get("currency") or "KRW")
    return tuple(_line_item(item, currency) for item in document.get("items") or [])


def _line_item(item: Mapping[str, Any], currency: str) -> LineItem:
    category = item.get("category")
    return LineItem(
        name=item.get("name") or None,
        price=_number(item.get("price"), currency),
        count=_number(item.get("count")),
        category=Category(category) if category in tuple(Category) else None,
    )


def _number(text: Any, currency: str = "KRW") -> int | None:
    return read_number(str(text), decimals(currency), currency) if str(text or "").strip() else None


def _readings(session: Session, receipt_id: int) -> list[Event]:
    runs = session.scalars(sa.select(ExtractionRow).where(ExtractionRow.receipt_id == receipt_id)).all()
    return [_reading(run) for run in runs]


def _reading(run: ExtractionRow) -> Event:
    facts: dict[str, Any] = {"temperature": run.temperature, "prompt": run.prompt_version, "latency_ms": run.latency_ms}
    if run.error_class is not None:
        facts |= {"error": (run.error_class, run.error_message, run.error_fields or {})}
        return Event(Kind.FAILED, run.created_at, run.model, facts=facts)
    document = to_form(Receipt.model_validate(run.document or {}))
    return Event(Kind.READ, run.created_at, run.model, document, facts)


def _reviews(session: Session, receipt_id: int) -> list[Event]:
    events = []
    reviews = session.scalars(sa.select(ReviewRow).where(ReviewRow.receipt_id == receipt_id).order_by(ReviewRow.id))
    for review in reviews:
        facts = {"reason": review.reason, "text": review.reason_text, "warnings": review.warnings or []}
        document = to_form(confirmed_receipt(review), review.note) if review.document else None
        kind = Kind.AUTO_CONFIRMED if review.auto_confirm_id is not None else Kind(review.decision)
        events.append(Event(kind, review.created_at, review.operator, document, facts))
        if review.undone_at is not None and review.decision != Kind.AMENDED:
            undone = {"decision": kind}
            events.append(Event(Kind.UNDONE, review.undone_at, review.undone_by or "", facts=undone))
    return events


def _drafts(session: Session, receipt_id: int) -> list[Event]:
    draft = session.get(DraftRow, receipt_id)
    return [] if draft is None else [Event(Kind.DRAFTED, draft.updated_at, draft.operator, draft.document)]
