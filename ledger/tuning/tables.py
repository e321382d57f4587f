"""The tables of what is learnt from confirmed receipts: names by shop, and what became of proposals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import ID, Table, exact


class LexiconShopRow(Table):
    """A shop as confirmed receipts name it, and what people made of that."""

    __tablename__ = "lexicon_shop"
    __table_args__ = ({"comment": "Shops of confirmed receipts", "mysql_charset": "utf8mb4"},)

    shop: Mapped[str] = mapped_column(exact(255), primary_key=True, comment="The shop's key, see review/shop_items.py")
    name: Mapped[str] = mapped_column(sa.String(255), comment="As it is written most often")
    own_name: Mapped[str | None] = mapped_column(sa.String(255), comment="As people want it written; NULL: as it is")
    currency: Mapped[str] = mapped_column(sa.String(3), comment="Of most of its receipts, ISO 4217")
    receipts: Mapped[int] = mapped_column(sa.Integer, comment="Confirmed receipts of it, those of test splits left out")
    merged_into: Mapped[str | None] = mapped_column(exact(255), comment="Key of the shop that it is another name of")
    blocked: Mapped[bool] = mapped_column(sa.Boolean, default=False, comment="Never offered to a model")


class LexiconItemRow(Table):
    """An item name of a shop, with what it usually costs. Amounts are of one piece, in the smallest unit."""

    __tablename__ = "lexicon_item"
    __table_args__ = ({"comment": "Item names of confirmed receipts by shop", "mysql_charset": "utf8mb4"},)

    shop: Mapped[str] = mapped_column(exact(255), primary_key=True, comment="The shop's key")
    name: Mapped[str] = mapped_column(exact(255), primary_key=True, comment="Item name as confirmed")
    times: Mapped[int] = mapped_column(sa.Integer, comment="Confirmed lines with it, those of test splits left out")
    price_low: Mapped[int | None] = mapped_column(sa.BigInteger, comment="One of ten costs less, a piece")
    price_high: Mapped[int | None] = mapped_column(sa.BigInteger, comment="One of ten costs more, a piece")
    category: Mapped[str | None] = mapped_column(exact(16), comment="Confirmed most often")
    merged_into: Mapped[str | None] = mapped_column(exact(255), comment="Name that it is another spelling of")
    blocked: Mapped[bool] = mapped_column(sa.Boolean, default=False, comment="Never offered to a model")


class LexiconBuildRow(Table):
    """One time that the lexicon was built, and what was left out of it. Append-only."""

    __tablename__ = "lexicon_build"
    __table_args__ = ({"comment": "When the lexicon was built, and of what", "mysql_charset": "utf8mb4"},)

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    receipts: Mapped[int] = mapped_column(sa.Integer, comment="Confirmed receipts it was built from")
    unseen: Mapped[list[Any]] = mapped_column(comment="Ids of the dataset versions whose test split was left out")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When, UTC")


class ProposalRow(Table):
    """What somebody decided about a proposal, so that it does not come again."""

    __tablename__ = "prompt_proposal"
    __table_args__ = (
        sa.Index("ix_prompt_proposal_key", "key"),
        {"comment": "Decisions about proposed changes of prompts", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    key: Mapped[str] = mapped_column(exact(255), comment="What it is about, as in look_alike:감>검")
    decision: Mapped[str] = mapped_column(exact(16), comment="accepted, edited, dropped or restored")
    text: Mapped[str | None] = mapped_column(sa.Text, comment="As it went into the prompt; NULL if dropped")
    evidence: Mapped[dict[str, Any]] = mapped_column(comment="Counts and receipts it was proposed for")
    prompt_version: Mapped[str | None] = mapped_column(exact(128), comment="Draft it went into; NULL if dropped")
    operator: Mapped[str] = mapped_column(sa.String(128), comment="Who decided")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When, UTC")
