"""The tables: what is known of a receipt on each stage of its journey, and the app's own ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import ID, JSON, LONG_TEXT, Table, exact
from ledger.receipt import OPEN_STATUSES, ReceiptStatus


class ReceiptRow(Table):
    """One photo on its journey from the store to the ledger."""

    __tablename__ = "receipt"
    __table_args__ = (
        sa.UniqueConstraint("object_hash"),
        sa.Index("ix_receipt_status_id", "status", "id"),
        sa.Index("ix_receipt_reading_until", "reading_until"),
        sa.Index("ix_receipt_due", "due_at", "id"),
        sa.Index("ix_receipt_ledger_id", "ledger_id"),
        sa.CheckConstraint(f"status IN ({', '.join(repr(s.value) for s in ReceiptStatus)})", name="status"),
        {"comment": "One photo in the store and where it stands", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    object_hash: Mapped[str] = mapped_column(exact(64), comment="SHA-256 of store and key: one receipt per photo")
    store: Mapped[str] = mapped_column(exact(255), comment="Store the photo lies in, as in s3://bucket/ledger/")
    object_key: Mapped[str] = mapped_column(exact(1024), comment="Key of the photo in its store")
    etag: Mapped[str] = mapped_column(exact(128), comment="ETag last seen in the store; changes with the photo")
    read_etag: Mapped[str | None] = mapped_column(exact(128), comment="ETag of the photo last read; NULL before that")
    size: Mapped[int] = mapped_column(sa.BigInteger, comment="Size of the photo, bytes")
    member_id: Mapped[str | None] = mapped_column(sa.String(64), comment="Member the photo belongs to")
    status: Mapped[ReceiptStatus] = mapped_column(sa.String(16), comment="pending, extracted, failed, in_review, …")
    reading_until: Mapped[dt.datetime | None] = mapped_column(comment="Somebody reads the photo until then, UTC")
    reading_by: Mapped[str | None] = mapped_column(exact(32), comment="Token of the reader that has it, or did last")
    due_at: Mapped[dt.datetime | None] = mapped_column(
        server_default=sa.text("'1970-01-01 00:00:00'"), comment="Read by itself from then on, UTC; NULL: not by itself"
    )
    tries: Mapped[int] = mapped_column(
        sa.SmallInteger, default=0, server_default="0", comment="Readings begun since the photo came or was asked for"
    )
    extraction_id: Mapped[int | None] = mapped_column(ID, comment="Newest successful reading, shown in review")
    failure_id: Mapped[int | None] = mapped_column(ID, comment="Newest reading if that one failed")
    quarter_turns: Mapped[int] = mapped_column(sa.SmallInteger, default=0, comment="90-degree turns left to be upright")
    risk: Mapped[float] = mapped_column(
        sa.Double, default=0.0, server_default="0", comment="0 to 1 that a field of the newest reading is wrong"
    )
    warned: Mapped[bool] = mapped_column(
        sa.Boolean, default=False, server_default=sa.false(), comment="Something in the newest reading does not fit"
    )
    model: Mapped[str | None] = mapped_column(exact(128), comment="Model of the newest reading")
    read_place: Mapped[str | None] = mapped_column(sa.String(255), comment="Place of the newest reading, for lists")
    read_date: Mapped[dt.date | None] = mapped_column(sa.Date, comment="Day of the newest reading, for lists")
    read_total: Mapped[int | None] = mapped_column(sa.BigInteger, comment="Total of the newest reading, smallest unit")
    currency: Mapped[str | None] = mapped_column(sa.String(3), comment="Currency of the newest reading, ISO 4217")
    picture_hash: Mapped[str | None] = mapped_column(exact(64), comment="Perceptual hash of the photo, hexadecimal")
    claim_token: Mapped[str | None] = mapped_column(exact(64), comment="Opening that holds it, or did last")
    claim_operator: Mapped[str | None] = mapped_column(sa.String(128), comment="Who holds it, or did last")
    claimed_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was opened, UTC")
    claim_until: Mapped[dt.datetime | None] = mapped_column(comment="The claim is void from then on, UTC")
    skipped_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was skipped; skipped ones come last, UTC")
    postponed_until: Mapped[dt.datetime | None] = mapped_column(comment="It does not wait before then, UTC")
    ledger_id: Mapped[int | None] = mapped_column(sa.Integer, comment="Row of the confirmed ledger")
    version: Mapped[int] = mapped_column(sa.Integer, default=1, comment="Grows with each decision")
    arrived_at: Mapped[dt.datetime] = mapped_column(comment="When the photo came into the store, UTC")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When the receipt was listed first, UTC")


_next = ReceiptRow.status, ReceiptRow.skipped_at, ReceiptRow.postponed_until
# What waits, by risk and by age; then lists with one filter each. All of them are walked in their own order.
sa.Index("ix_receipt_next_risk", *_next, ReceiptRow.risk.desc(), ReceiptRow.id)
sa.Index("ix_receipt_next_age", *_next, ReceiptRow.id)
sa.Index("ix_receipt_status_claim", ReceiptRow.status, ReceiptRow.claim_until, ReceiptRow.skipped_at, ReceiptRow.id)
sa.Index("ix_receipt_status_risk", ReceiptRow.status, ReceiptRow.risk.desc(), ReceiptRow.id)
sa.Index("ix_receipt_status_warned", ReceiptRow.status, ReceiptRow.warned, ReceiptRow.risk.desc(), ReceiptRow.id)
sa.Index("ix_receipt_status_model", ReceiptRow.status, ReceiptRow.model, ReceiptRow.risk.desc(), ReceiptRow.id)
sa.Index("ix_receipt_status_date", ReceiptRow.status, ReceiptRow.read_date, ReceiptRow.risk.desc(), ReceiptRow.id)

UNDECIDED: Final = sa.or_(ReceiptRow.status.in_(OPEN_STATUSES), ReceiptRow.read_etag.is_not(None))
"""Of what is due, that which is read: a receipt that was decided upon before any reading needs none."""


class ExtractionRow(Table):
    """One run of a model or engine over one receipt. Kept for ever, never changed."""

    __tablename__ = "extraction"
    __table_args__ = (
        sa.Index("ix_extraction_receipt_id", "receipt_id", "id"),
        {"comment": "Every reading, good or failed, as it happened", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("receipt.id"), comment="Receipt that was read")
    engine: Mapped[str] = mapped_column(sa.String(32), comment="openai or offline")
    model: Mapped[str] = mapped_column(sa.String(128), comment="Model that read, as applied")
    temperature: Mapped[float | None] = mapped_column(sa.Double, comment="As applied; NULL where there is none")
    prompt_version: Mapped[str | None] = mapped_column(exact(128), comment="Name and hash of the prompt")
    settings: Mapped[dict[str, Any]] = mapped_column(comment="All settings as applied")
    offered: Mapped[dict[str, Any] | None] = mapped_column(comment="What the prompt offered for this photo alone")
    image_sha256: Mapped[str | None] = mapped_column(exact(64), comment="Bytes that were read; NULL if none came")
    etag: Mapped[str | None] = mapped_column(exact(128), comment="ETag of the photo that was read")
    raw_answer: Mapped[str | None] = mapped_column(LONG_TEXT, comment="Whole answer of the model or engine")
    document: Mapped[dict[str, Any] | None] = mapped_column(comment="Receipt as read; unreadable is null")
    problems: Mapped[list[Any] | None] = mapped_column(comment="Values no field can hold: field, value, why")
    notes: Mapped[list[Any] | None] = mapped_column(comment="What the reader said about its own limits")
    risk: Mapped[float | None] = mapped_column(sa.Double, comment="0 to 1 that a field is wrong; NULL if not judged")
    doubts: Mapped[dict[str, Any] | None] = mapped_column(comment="By field: risk, reasons, other readings")
    places: Mapped[dict[str, Any] | None] = mapped_column(comment="By field: corners on the upright picture, its size")
    sight: Mapped[dict[str, Any] | None] = mapped_column(comment="Pictures the model was shown: frames, bytes, ms")
    measures: Mapped[dict[str, Any] | None] = mapped_column(comment="Sharpness, light and so on of the photo")
    prompt_tokens: Mapped[int | None] = mapped_column(comment="Tokens sent")
    completion_tokens: Mapped[int | None] = mapped_column(comment="Tokens answered")
    cached_tokens: Mapped[int | None] = mapped_column(comment="Tokens sent that were billed as cached")
    cost_microusd: Mapped[int | None] = mapped_column(sa.BigInteger, comment="Cost, millionths of a US dollar")
    latency_ms: Mapped[int] = mapped_column(comment="From photo to answer, milliseconds")
    request_id: Mapped[str | None] = mapped_column(exact(128), comment="Request id of the model's service")
    error_class: Mapped[str | None] = mapped_column(sa.String(64), comment="Name of the error; NULL if read")
    error_message: Mapped[str | None] = mapped_column(sa.Text, comment="The error in a sentence")
    error_fields: Mapped[dict[str, Any] | None] = mapped_column(comment="Blanks of the sentence, for other languages")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When the run ended, UTC")


sa.Index("ix_extraction_prompt_version", ExtractionRow.prompt_version, ExtractionRow.created_at)
# All that the figures of some days are made of, because the rows themselves are a hundred times as large.
_tokens = ExtractionRow.prompt_tokens, ExtractionRow.completion_tokens, ExtractionRow.cached_tokens
_read = ExtractionRow.created_at, ExtractionRow.engine, ExtractionRow.model, ExtractionRow.error_class
sa.Index("ix_extraction_figures", *_read, *_tokens, ExtractionRow.cost_microusd)


class DraftRow(Table):
    """An operator's unsaved work on one receipt, exactly as typed."""

    __tablename__ = "draft"
    __table_args__ = ({"comment": "Unsaved work, as typed", "mysql_charset": "utf8mb4"},)

    receipt_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("receipt.id"), primary_key=True, autoincrement=False)
    extraction_id: Mapped[int | None] = mapped_column(ID, comment="Reading the work started from")
    document: Mapped[dict[str, Any]] = mapped_column(comment="Texts as they stand in the form")
    operator: Mapped[str] = mapped_column(sa.String(128), comment="Who typed")
    revision: Mapped[int] = mapped_column(sa.Integer, comment="Grows with each text stored; a text names the one seen")
    client_id: Mapped[str] = mapped_column(exact(64), comment="Browser that typed: clocks of two are not compared")
    client_ms: Mapped[int] = mapped_column(sa.BigInteger, comment="Browser's clock at the last key, ms since 1970")
    updated_at: Mapped[dt.datetime] = mapped_column(comment="When it was stored, UTC")


class ReviewRow(Table):
    """What one operator decided about one receipt. Append-only, but for the mark that it was undone."""

    __tablename__ = "review"
    __table_args__ = (
        sa.UniqueConstraint("action_id"),
        sa.Index("ix_review_receipt_id", "receipt_id", "id"),
        sa.Index("ix_review_operator_id", "operator", "id"),
        sa.CheckConstraint("decision IN ('confirmed', 'rejected', 'amended')", name="decision"),
        {"comment": "Every decision of a person", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    action_id: Mapped[str] = mapped_column(exact(128), comment="Id of the click: the same click counts once")
    receipt_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("receipt.id"), comment="Receipt decided upon")
    extraction_id: Mapped[int | None] = mapped_column(ID, comment="Reading the operator saw; NULL if typed by hand")
    decision: Mapped[str] = mapped_column(sa.String(16), comment="confirmed, rejected or amended")
    document: Mapped[dict[str, Any] | None] = mapped_column(comment="Receipt as confirmed; unreadable is null")
    reason: Mapped[str | None] = mapped_column(sa.String(32), comment="Why rejected, or confirmed over warnings")
    reason_text: Mapped[str | None] = mapped_column(sa.String(500), comment="The same in the operator's words")
    warnings: Mapped[list[Any] | None] = mapped_column(comment="What was warned of before it was confirmed: notes")
    note: Mapped[str | None] = mapped_column(sa.String(500), comment="The operator's note on the receipt")
    seconds: Mapped[float | None] = mapped_column(sa.Double, comment="From opening to decision, seconds")
    effort: Mapped[dict[str, Any] | None] = mapped_column(comment="By field: seconds in it, edits of it")
    operator: Mapped[str] = mapped_column(sa.String(128), comment="Who decided")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When, UTC")
    undone_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was undone, UTC; NULL while it counts")
    undone_by: Mapped[str | None] = mapped_column(sa.String(128), comment="Who undid it")
    auto_confirm_id: Mapped[int | None] = mapped_column(ID, comment="Confirmed without a person, under this bound")


_decided = ReviewRow.created_at, ReviewRow.undone_at, ReviewRow.decision, ReviewRow.operator, ReviewRow.seconds
_of = ReviewRow.extraction_id, ReviewRow.receipt_id, ReviewRow.auto_confirm_id
sa.Index("ix_review_figures", *_decided, *_of)  # as for readings
sa.Index("ix_review_auto_confirm_id", ReviewRow.auto_confirm_id, ReviewRow.receipt_id)


class CorrectionRow(Table):
    """One field a person changed: model value -> human value. Computed, append-only."""

    __tablename__ = "correction"
    __table_args__ = (
        sa.Index("ix_correction_field_id", "field", "id"),
        sa.Index("ix_correction_receipt_id", "receipt_id"),
        {"comment": "Differences between what was read and what was confirmed", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    review_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("review.id"), comment="Review it was made in")
    receipt_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("receipt.id"), comment="Receipt it belongs to")
    extraction_id: Mapped[int | None] = mapped_column(
        ID, sa.ForeignKey("extraction.id"), comment="Reading it corrects; NULL when amended after typing by hand"
    )
    field: Mapped[str] = mapped_column(
        exact(32), comment="date, location, total_amount, item, item.name, item.price, …"
    )
    item_index: Mapped[int | None] = mapped_column(
        comment="Item in the reading, from 0; in the confirmed list if added"
    )
    model_value: Mapped[Any] = mapped_column(JSON, nullable=True, comment="What the model read; NULL if unreadable")
    human_value: Mapped[Any] = mapped_column(JSON, nullable=True, comment="What a person confirmed; NULL if removed")
    previous_value: Mapped[Any] = mapped_column(JSON, nullable=True, comment="Confirmed before, when amended later")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When, UTC")


class ReceiptTermRow(Table):
    """One term by which a receipt is found, or told from another one."""

    __tablename__ = "receipt_term"
    __table_args__ = (
        sa.Index("ix_receipt_term_receipt_id", "receipt_id"),
        {"comment": "What receipts are found by, see ledger/terms.py", "mysql_charset": "utf8mb4"},
    )

    term: Mapped[str] = mapped_column(exact(80), primary_key=True, comment="Kind, colon, value")
    receipt_id: Mapped[int] = mapped_column(
        ID, sa.ForeignKey("receipt.id"), primary_key=True, autoincrement=False, comment="Receipt it leads to"
    )


class LedgerRow(Table):
    """A confirmed receipt as the app's servers read it; names and types are theirs."""

    __tablename__ = "ledger"
    __table_args__ = (
        sa.Index("ix_ledger_memberId_date", "memberId", "date"),
        {"comment": "Confirmed receipts, shared with the app's servers", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    member_id: Mapped[str | None] = mapped_column("memberId", sa.String(64), comment="Member the receipt belongs to")
    location: Mapped[str] = mapped_column(sa.String(255), comment="Address and name of the shop")
    date: Mapped[dt.date] = mapped_column(sa.Date, comment="Day of purchase")
    message: Mapped[str] = mapped_column(
        sa.String(255), default="", server_default="", comment="The member's own words"
    )


class ItemRow(Table):
    """One line of a confirmed receipt as the app's servers read it. `price` is the line amount."""

    __tablename__ = "item"
    __table_args__ = (
        {"comment": "Items of confirmed receipts, shared with the app's servers", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(255), comment="Name as on the receipt")
    price: Mapped[int] = mapped_column(sa.Integer, comment="Amount of the line, all pieces together, smallest unit")
    quantity: Mapped[int] = mapped_column(sa.Integer, comment="Pieces")
    category: Mapped[str] = mapped_column(sa.String(255), comment="식비 미용 의료 여가 용품 기타")
    ledger_id: Mapped[int] = mapped_column(
        "ledgerId", sa.Integer, sa.ForeignKey("ledger.id"), index=True, comment="Receipt"
    )
