"""The tables of what was handed in to be read within a day: batches, and a line for each receipt in them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import ID, LONG_TEXT, Table, exact


class BatchRow(Table):
    """One file of requests that the model's service answers within a day, at half the price."""

    __tablename__ = "batch"
    __table_args__ = (
        sa.UniqueConstraint("token"),
        sa.Index("ix_batch_closed_at", "closed_at", "id"),
        {"comment": "Requests handed in together, to be answered within a day", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    token: Mapped[str] = mapped_column(exact(32), comment="What it is found by at the service if its id is lost")
    service_id: Mapped[str | None] = mapped_column(exact(128), comment="Its id at the service; NULL before that")
    status: Mapped[str] = mapped_column(sa.String(32), comment="preparing, then as the service says: validating, …")
    settings: Mapped[dict[str, Any]] = mapped_column(comment="The setting, as asked for")
    round: Mapped[int] = mapped_column(sa.SmallInteger, comment="1, and more for lines that expired before")
    input_file_id: Mapped[str | None] = mapped_column(exact(128), comment="File of the requests at the service")
    output_file_id: Mapped[str | None] = mapped_column(exact(128), comment="File of the answers there")
    error_file_id: Mapped[str | None] = mapped_column(exact(128), comment="File of what was not answered there")
    completed: Mapped[int] = mapped_column(default=0, server_default="0", comment="Answered, as the service counts")
    failed: Mapped[int] = mapped_column(default=0, server_default="0", comment="Not answered, as the service counts")
    error: Mapped[str | None] = mapped_column(LONG_TEXT, comment="Why the service took none of it, in a sentence")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When it was begun, UTC")
    checked_at: Mapped[dt.datetime] = mapped_column(comment="When somebody last worked on it, UTC")
    closed_at: Mapped[dt.datetime | None] = mapped_column(comment="All is collected and its files are gone, UTC")


class BatchLineRow(Table):
    """One receipt in a batch. `outcome` is NULL while its answer is waited for."""

    __tablename__ = "batch_line"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "custom_id"),
        sa.Index("ix_batch_line_receipt_id", "receipt_id", "outcome"),
        {"comment": "Receipts in batches, and what came of each", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("batch.id"), comment="Batch that it is in")
    receipt_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("receipt.id"), comment="Receipt that is read")
    custom_id: Mapped[str] = mapped_column(exact(64), comment="What its answer is known by")
    etag: Mapped[str] = mapped_column(exact(128), comment="ETag that the receipt had when it was put in")
    was_due: Mapped[bool] = mapped_column(sa.Boolean, comment="It would have been read by itself but for the batch")
    question: Mapped[dict[str, Any] | None] = mapped_column(comment="What its answer is heard with, until it came")
    outcome: Mapped[str | None] = mapped_column(sa.String(16), comment="read, failed, expired, cancelled, left_out, …")
    settled_at: Mapped[dt.datetime | None] = mapped_column(comment="When that was so, UTC")
    again_in: Mapped[int | None] = mapped_column(ID, comment="Batch into which it went again when it had expired")
