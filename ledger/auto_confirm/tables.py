"""The tables of auto-confirm: under which bound receipts are confirmed without a person, and who checks on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import ID, Table


class AutoConfirmRow(Table):
    """One time that auto-confirm was switched on. Append-only, but for its end."""

    __tablename__ = "auto_confirm"
    __table_args__ = (
        {"comment": "When receipts were confirmed without a person, and why", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    threshold: Mapped[float] = mapped_column(sa.Double, comment="Receipts of at most this risk, 0 to 1")
    bound: Mapped[float] = mapped_column(sa.Double, comment="Most of them that may be wrong, share")
    confidence: Mapped[float] = mapped_column(sa.Double, comment="Of the bound, as in 0.95")
    audit_share: Mapped[float] = mapped_column(sa.Double, comment="Share of them that people see all the same")
    seed: Mapped[int] = mapped_column(sa.Integer, comment="Of who is among that share")
    evidence: Mapped[dict[str, Any]] = mapped_column(
        comment="Setting, receipts below the threshold, wrong ones, upper limit"
    )
    operator: Mapped[str] = mapped_column(sa.String(128), comment="Who switched it on")
    created_at: Mapped[dt.datetime] = mapped_column(comment="On from then on, UTC")
    ended_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was switched off, UTC")
    ended_by: Mapped[str | None] = mapped_column(sa.String(128), comment="Who did; NULL if it did so by itself")
    end_reason: Mapped[dict[str, Any] | None] = mapped_column(comment="Why it switched itself off: a note")


class AuditedRow(Table):
    """A receipt that would have been confirmed without a person, and was left to people. They are not told."""

    __tablename__ = "auto_confirm_audit"
    __table_args__ = ({"comment": "Receipts left to people to check on auto-confirm", "mysql_charset": "utf8mb4"},)

    auto_confirm_id: Mapped[int] = mapped_column(
        ID, primary_key=True, autoincrement=False, comment="What it checks on, see auto_confirm"
    )
    receipt_id: Mapped[int] = mapped_column(
        ID, sa.ForeignKey("receipt.id"), primary_key=True, autoincrement=False, comment="Receipt left to people"
    )
    extraction_id: Mapped[int] = mapped_column(ID, comment="Reading that would have been confirmed")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When, UTC")
