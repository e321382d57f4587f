"""Members who have a ledger: those it was written for last, and those whose ids begin as somebody types."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.review.ledger_view import of_member
from ledger.tables import LedgerRow

_LOOKED_AT: Final = 500
"""Rows of the ledger among which the latest members are looked for."""


def latest_members(database: Database, *, limit: int) -> list[str | None]:
    """Whom the ledger was written for last, the latest first; None stands for purchases that belong to nobody."""
    query = sa.select(LedgerRow.member_id).order_by(LedgerRow.id.desc()).limit(_LOOKED_AT)
    with database.read() as session:
        found = dict.fromkeys(_text(member) for member in session.scalars(query) if member != "")
    return list(found)[:limit]


def find_members(database: Database, text: str, *, limit: int) -> list[str]:
    """Members whose ids begin with a text: first the one that is the text itself, then the others as they are sorted.

    Each is one step in the index, so that it costs the same however many members and purchases there are.
    """
    with database.read() as session:
        itself = sa.select(LedgerRow.id).where(*of_member(text)).limit(1)
        exact = [text] if session.scalar(itself) is not None else []
        return list(dict.fromkeys([*exact, *islice(_beginning_with(session, text), limit)]))[:limit]


def is_anything_nobodys(database: Database) -> bool:
    """Whether there are purchases that belong to no member."""
    with database.read() as session:
        return session.scalar(sa.select(LedgerRow.id).where(*of_member(None)).limit(1)) is not None


def _beginning_with(session: Session, text: str) -> Iterator[str]:
    member = LedgerRow.member_id
    next_one = sa.select(member).order_by(member).limit(1)
    found = _text(session.scalar(next_one.where(member >= text)))
    while found is not None and found.casefold().startswith(text.casefold()):
        yield found
        found = _text(session.scalar(next_one.where(member > found)))


def _text(member: object) -> str | None:
    # The column is the app's own, and may be one of numbers.
    return None if member is None else str(member)
