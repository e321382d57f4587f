"""The tables of prompts: versions that people made, and which of them each family of models is asked with."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import ID, LONG_TEXT, Table, exact


class PromptVersionRow(Table):
    """A prompt that people made. Changed only while it is a draft that nothing was read with."""

    __tablename__ = "prompt_version"
    __table_args__ = (
        sa.UniqueConstraint("name"),
        {"comment": "Prompts that people made; never changed once they were used", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(exact(64), comment="What people call it, as in receipt-v2")
    text: Mapped[str] = mapped_column(LONG_TEXT, comment="The words, with {{placeholders}} for what a photo decides")
    schema_notes: Mapped[dict[str, Any] | None] = mapped_column(
        comment="What is said of fields of the answer, by field"
    )
    lexicon: Mapped[dict[str, Any] | None] = mapped_column(comment="Names offered, frozen: by shop, see prompts/offers")
    examples: Mapped[list[Any] | None] = mapped_column(comment="Lines offered where they are similar, frozen")
    sha256: Mapped[str] = mapped_column(exact(64), comment="Of text, schema notes, lexicon and examples")
    parent: Mapped[str | None] = mapped_column(exact(128), comment="Version it was made from: name@hash")
    changes: Mapped[list[Any] | None] = mapped_column(
        comment="Proposals that went into it with their evidence, or what a model drafted"
    )
    unseen: Mapped[list[Any] | None] = mapped_column(
        comment="Ids of the dataset versions whose test split nothing in it was made from; NULL: of all"
    )
    note: Mapped[str | None] = mapped_column(sa.String(500), comment="Why it was made, in the author's words")
    operator: Mapped[str] = mapped_column(sa.String(128), comment="Who made it")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When, UTC")
    used_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was first read with, UTC")
    retired_at: Mapped[dt.datetime | None] = mapped_column(comment="Put away, UTC; NULL while it can be chosen")


class ActivePromptRow(Table):
    """A prompt that a family of models is asked with from then on. Append-only, but for its end."""

    __tablename__ = "active_prompt"
    __table_args__ = (
        sa.Index("ix_active_prompt_family_id", "family", "id"),
        {"comment": "Prompts that were promoted, and when they were taken back", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    family: Mapped[str] = mapped_column(exact(64), comment="Family of models it is meant for, as in gpt-4o")
    prompt_version: Mapped[str] = mapped_column(exact(128), comment="name@hash")
    reason: Mapped[dict[str, Any]] = mapped_column(comment="The evidence: experiment, verdict, promise; or an override")
    operator: Mapped[str] = mapped_column(sa.String(128), comment="Who promoted it")
    created_at: Mapped[dt.datetime] = mapped_column(comment="Asked with it from then on, UTC")
    ended_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was taken back or replaced, UTC")
    ended_by: Mapped[str | None] = mapped_column(sa.String(128), comment="Who took it back or replaced it")
