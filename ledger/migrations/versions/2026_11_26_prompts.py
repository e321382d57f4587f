"""Prompts that people made, what was learnt from corrections, and receipts confirmed without a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "c61b7f2e90a5"
down_revision = "a3d94c0e71f6"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
_JSON = sa.JSON(none_as_null=True)
_LONG_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
_LEFT_OUT = "those of test splits left out"
_OFFERED = "What the prompt offered for this photo alone"
_CASES = (
    ("ix_dataset_case_receipt_id_split", "dataset_case", ["receipt_id", "split"]),
    ("ix_dataset_case_image_sha256_split", "dataset_case", ["image_sha256", "split"]),
)
_INDEXES = (
    ("ix_active_prompt_family_id", "active_prompt", ["family", "id"]),
    ("ix_prompt_proposal_key", "prompt_proposal", ["key"]),
    ("ix_review_auto_confirm_id", "review", ["auto_confirm_id", "receipt_id"]),
    ("ix_extraction_prompt_version", "extraction", ["prompt_version", "created_at"]),
    *_CASES,
)
_FIGURES = "ix_review_figures"
_FIGURES_BEFORE = ["created_at", "undone_at", "decision", "operator", "seconds", "extraction_id", "receipt_id"]


_TABLES = (
    *("auto_confirm_audit", "auto_confirm", "prompt_proposal", "lexicon_build", "lexicon_item", "lexicon_shop"),
    *("active_prompt", "prompt_version"),
)


def _exact(length: int) -> sa.String:
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    # MySQL commits each statement by itself: what an interrupted run has left behind is kept.
    for table, column in _new_columns():
        if column.name not in {each["name"] for each in sa.inspect(op.get_bind()).get_columns(table)}:
            op.add_column(table, column)
    _create_tables(sa.inspect(op.get_bind()).get_table_names())
    for name, table, columns in _INDEXES:
        if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
            op.create_index(name, table, columns)
    _cover_figures([*_FIGURES_BEFORE, "auto_confirm_id"])


def _cover_figures(columns: list[str]) -> None:
    """Have the figures of some days found in one index, whichever columns it had before."""
    found = {each["name"]: each["column_names"] for each in sa.inspect(op.get_bind()).get_indexes("review")}
    if found.get(_FIGURES) == columns:
        return
    if _FIGURES in found:
        op.drop_index(_FIGURES, "review")
    op.create_index(_FIGURES, "review", columns)


def _new_columns() -> list[tuple[str, sa.Column[object]]]:
    confirmed = sa.Column("auto_confirm_id", _ID, comment="Confirmed without a person, under this bound")
    return [
        ("extraction", sa.Column("offered", _JSON, comment=_OFFERED)),
        ("experiment_run", sa.Column("offered", _JSON, comment=_OFFERED)),
        ("review", confirmed),
    ]


def _create_tables(existing: list[str]) -> None:
    if "prompt_version" not in existing:
        op.create_table(
            "prompt_version",
            sa.Column("id", _ID, primary_key=True),
            sa.Column("name", _exact(64), nullable=False, comment="What people call it, as in receipt-v2"),
            sa.Column(
                "text", _LONG_TEXT, nullable=False, comment="The words, with {{placeholders}} for what a photo decides"
            ),
            sa.Column("schema_notes", _JSON, comment="What is said of fields of the answer, by field"),
            sa.Column("lexicon", _JSON, comment="Names offered, frozen: by shop, see prompts/offers"),
            sa.Column("examples", _JSON, comment="Lines offered where they are similar, frozen"),
            sa.Column("sha256", _exact(64), nullable=False, comment="Of text, schema notes, lexicon and examples"),
            sa.Column("parent", _exact(128), comment="Version it was made from: name@hash"),
            sa.Column(
                "changes", _JSON, comment="Proposals that went into it with their evidence, or what a model drafted"
            ),
            sa.Column(
                "unseen",
                _JSON,
                comment="Ids of the dataset versions whose test split nothing in it was made from; NULL: of all",
            ),
            sa.Column("note", sa.String(500), comment="Why it was made, in the author's words"),
            sa.Column("operator", sa.String(128), nullable=False, comment="Who made it"),
            sa.Column("created_at", _TIME, nullable=False, comment="When, UTC"),
            sa.Column("used_at", _TIME, comment="When it was first read with, UTC"),
            sa.Column("retired_at", _TIME, comment="Put away, UTC; NULL while it can be chosen"),
            sa.UniqueConstraint("name", name=op.f("uq_prompt_version_name")),
            comment="Prompts that people made; never changed once they were used",
            mysql_charset="utf8mb4",
        )
    if "active_prompt" not in existing:
        op.create_table(
            "active_prompt",
            sa.Column("id", _ID, primary_key=True),
            sa.Column("family", _exact(64), nullable=False, comment="Family of models it is meant for, as in gpt-4o"),
            sa.Column("prompt_version", _exact(128), nullable=False, comment="name@hash"),
            sa.Column(
                "reason", _JSON, nullable=False, comment="The evidence: experiment, verdict, promise; or an override"
            ),
            sa.Column("operator", sa.String(128), nullable=False, comment="Who promoted it"),
            sa.Column("created_at", _TIME, nullable=False, comment="Asked with it from then on, UTC"),
            sa.Column("ended_at", _TIME, comment="When it was taken back or replaced, UTC"),
            sa.Column("ended_by", sa.String(128), comment="Who took it back or replaced it"),
            comment="Prompts that were promoted, and when they were taken back",
            mysql_charset="utf8mb4",
        )
    if "lexicon_shop" not in existing:
        op.create_table(
            "lexicon_shop",
            sa.Column("shop", _exact(255), primary_key=True, comment="The shop's key, see review/shop_items.py"),
            sa.Column("name", sa.String(255), nullable=False, comment="As it is written most often"),
            sa.Column("own_name", sa.String(255), comment="As people want it written; NULL: as it is"),
            sa.Column("currency", sa.String(3), nullable=False, comment="Of most of its receipts, ISO 4217"),
            sa.Column("receipts", sa.Integer(), nullable=False, comment=f"Confirmed receipts of it, {_LEFT_OUT}"),
            sa.Column("merged_into", _exact(255), comment="Key of the shop that it is another name of"),
            sa.Column("blocked", sa.Boolean(), nullable=False, comment="Never offered to a model"),
            comment="Shops of confirmed receipts",
            mysql_charset="utf8mb4",
        )
    if "lexicon_item" not in existing:
        op.create_table(
            "lexicon_item",
            sa.Column("shop", _exact(255), primary_key=True, comment="The shop's key"),
            sa.Column("name", _exact(255), primary_key=True, comment="Item name as confirmed"),
            sa.Column("times", sa.Integer(), nullable=False, comment=f"Confirmed lines with it, {_LEFT_OUT}"),
            sa.Column("price_low", sa.BigInteger(), comment="One of ten costs less, a piece"),
            sa.Column("price_high", sa.BigInteger(), comment="One of ten costs more, a piece"),
            sa.Column("category", _exact(16), comment="Confirmed most often"),
            sa.Column("merged_into", _exact(255), comment="Name that it is another spelling of"),
            sa.Column("blocked", sa.Boolean(), nullable=False, comment="Never offered to a model"),
            comment="Item names of confirmed receipts by shop",
            mysql_charset="utf8mb4",
        )
    if "lexicon_build" not in existing:
        op.create_table(
            "lexicon_build",
            sa.Column("id", _ID, primary_key=True),
            sa.Column("receipts", sa.Integer(), nullable=False, comment="Confirmed receipts it was built from"),
            sa.Column(
                "unseen", _JSON, nullable=False, comment="Ids of the dataset versions whose test split was left out"
            ),
            sa.Column("created_at", _TIME, nullable=False, comment="When, UTC"),
            comment="When the lexicon was built, and of what",
            mysql_charset="utf8mb4",
        )
    if "prompt_proposal" not in existing:
        op.create_table(
            "prompt_proposal",
            sa.Column("id", _ID, primary_key=True),
            sa.Column("key", _exact(255), nullable=False, comment="What it is about, as in look_alike:감>검"),
            sa.Column("decision", _exact(16), nullable=False, comment="accepted, edited, dropped or restored"),
            sa.Column("text", sa.Text(), comment="As it went into the prompt; NULL if dropped"),
            sa.Column("evidence", _JSON, nullable=False, comment="Counts and receipts it was proposed for"),
            sa.Column("prompt_version", _exact(128), comment="Draft it went into; NULL if dropped"),
            sa.Column("operator", sa.String(128), nullable=False, comment="Who decided"),
            sa.Column("created_at", _TIME, nullable=False, comment="When, UTC"),
            comment="Decisions about proposed changes of prompts",
            mysql_charset="utf8mb4",
        )
    if "auto_confirm" not in existing:
        op.create_table(
            "auto_confirm",
            sa.Column("id", _ID, primary_key=True),
            sa.Column("threshold", sa.Double(), nullable=False, comment="Receipts of at most this risk, 0 to 1"),
            sa.Column("bound", sa.Double(), nullable=False, comment="Most of them that may be wrong, share"),
            sa.Column("confidence", sa.Double(), nullable=False, comment="Of the bound, as in 0.95"),
            sa.Column("audit_share", sa.Double(), nullable=False, comment="Share of them that people see all the same"),
            sa.Column("seed", sa.Integer(), nullable=False, comment="Of who is among that share"),
            sa.Column(
                "evidence",
                _JSON,
                nullable=False,
                comment="Setting, receipts below the threshold, wrong ones, upper limit",
            ),
            sa.Column("operator", sa.String(128), nullable=False, comment="Who switched it on"),
            sa.Column("created_at", _TIME, nullable=False, comment="On from then on, UTC"),
            sa.Column("ended_at", _TIME, comment="When it was switched off, UTC"),
            sa.Column("ended_by", sa.String(128), comment="Who did; NULL if it did so by itself"),
            sa.Column("end_reason", _JSON, comment="Why it switched itself off: a note"),
            comment="When receipts were confirmed without a person, and why",
            mysql_charset="utf8mb4",
        )
    if "auto_confirm_audit" not in existing:
        op.create_table(
            "auto_confirm_audit",
            sa.Column(
                "auto_confirm_id",
                _ID,
                primary_key=True,
                autoincrement=False,
                comment="What it checks on, see auto_confirm",
            ),
            sa.Column(
                "receipt_id",
                _ID,
                sa.ForeignKey("receipt.id", name=op.f("fk_auto_confirm_audit_receipt_id")),
                primary_key=True,
                autoincrement=False,
                comment="Receipt left to people",
            ),
            sa.Column("extraction_id", _ID, nullable=False, comment="Reading that would have been confirmed"),
            sa.Column("created_at", _TIME, nullable=False, comment="When, UTC"),
            comment="Receipts left to people to check on auto-confirm",
            mysql_charset="utf8mb4",
        )


def downgrade() -> None:
    for name, table, _ in _CASES:
        op.drop_index(name, table)
    op.drop_index("ix_review_auto_confirm_id", "review")
    op.drop_index("ix_extraction_prompt_version", "extraction")
    _cover_figures(_FIGURES_BEFORE)
    for table in _TABLES:
        op.drop_table(table)
    for table, column in reversed(_new_columns()):
        op.drop_column(table, column.name)
