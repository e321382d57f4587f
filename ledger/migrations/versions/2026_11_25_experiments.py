"""The temperature lab: frozen receipts, experiments with their arms and runs, and settings chosen for production."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "a3d94c0e71f6"
down_revision = "5e2a9b7c13d0"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
_JSON = sa.JSON(none_as_null=True)
_LONG_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
_INDEXES = (
    ("ix_production_setting_engine_id", "production_setting", ["engine", "id"]),
    ("ix_experiment_run_experiment_id_id", "experiment_run", ["experiment_id", "id"]),
    ("ix_experiment_run_progress", "experiment_run", ["experiment_id", "created_at", "cost_microusd", "error_class"]),
)


def _exact(length: int) -> sa.String:
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    # MySQL commits each statement by itself: what an interrupted run has left behind is kept.
    _create_tables(sa.inspect(op.get_bind()).get_table_names())
    for name, table, columns in _INDEXES:
        if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
            op.create_index(name, table, columns)


def _create_tables(existing: list[str]) -> None:
    if "production_setting" not in existing:
        op.create_table(
            "production_setting",
            sa.Column("id", _ID, primary_key=True),
            sa.Column("engine", sa.String(32), nullable=False, comment="Engine it is meant for: openai"),
            sa.Column("settings", _JSON, nullable=False, comment="The setting, as asked for"),
            sa.Column("reason", _JSON, comment="The evidence: experiment, arm, verdict as told then"),
            sa.Column("operator", sa.String(128), nullable=False, comment="Who chose it"),
            sa.Column("created_at", _TIME, nullable=False, comment="Read with it from then on, UTC"),
            sa.Column("ended_at", _TIME, comment="When it was taken back or replaced, UTC"),
            sa.Column("ended_by", sa.String(128), comment="Who took it back or replaced it"),
            comment="Settings chosen for reading, and when they were taken back",
            mysql_charset="utf8mb4",
        )
    if "dataset_version" not in existing:
        op.create_table(
            "dataset_version",
            sa.Column("id", _ID, primary_key=True),
            sa.Column("name", _exact(128), nullable=False, comment="What people call it"),
            sa.Column("origin", _JSON, nullable=False, comment="How it was made: filter, size, seed; or imported"),
            sa.Column("sha256", _exact(64), nullable=False, comment="Of all its cases: equal content, equal hash"),
            sa.Column("cases", sa.Integer(), nullable=False, comment="Receipts in it"),
            sa.Column("tests", sa.Integer(), nullable=False, comment="Receipts of its test split"),
            sa.Column("operator", sa.String(128), nullable=False, comment="Who froze or imported it"),
            sa.Column("created_at", _TIME, nullable=False, comment="When, UTC"),
            sa.UniqueConstraint(
                "name",
                name=op.f("uq_dataset_version_name"),
            ),
            comment="Frozen confirmed receipts, never changed",
            mysql_charset="utf8mb4",
        )
    if "dataset_case" not in existing:
        op.create_table(
            "dataset_case",
            sa.Column("id", _ID, primary_key=True),
            sa.Column(
                "dataset_version_id",
                _ID,
                sa.ForeignKey("dataset_version.id", name=op.f("fk_dataset_case_dataset_version_id")),
                nullable=False,
                comment="Its version",
            ),
            sa.Column("number", sa.Integer(), nullable=False, comment="Place in the version, from 0"),
            sa.Column("receipt_id", _ID, comment="Receipt it was frozen from; NULL if it was imported"),
            sa.Column("review_id", _ID, comment="Decision its truth is of; NULL if it was imported"),
            sa.Column("store", _exact(16), nullable=False, comment="photos: the receipts' store; datasets: imported"),
            sa.Column("object_key", _exact(1024), nullable=False, comment="Key of the picture in that store"),
            sa.Column("image_sha256", _exact(64), nullable=False, comment="Of the picture; other bytes are not read"),
            sa.Column("truth", _JSON, nullable=False, comment="Receipt as a person confirmed it; unreadable is null"),
            sa.Column("shop", _exact(255), nullable=False, comment="The shop's key, see review/shop_items.py"),
            sa.Column("date", sa.Date(), comment="Day of purchase, by which the split goes too"),
            sa.Column("risk", sa.Double(), comment="Of the reading it was confirmed from, 0 to 1"),
            sa.Column("split", _exact(8), nullable=False, comment="tune or test"),
            sa.CheckConstraint(
                "split IN ('tune', 'test')",
                name=op.f("ck_dataset_case_split"),
            ),
            sa.UniqueConstraint(
                "dataset_version_id",
                "image_sha256",
                name=op.f("uq_dataset_case_dataset_version_id_image_sha256"),
            ),
            sa.UniqueConstraint(
                "dataset_version_id",
                "number",
                name=op.f("uq_dataset_case_dataset_version_id_number"),
            ),
            comment="One receipt of a dataset version",
            mysql_charset="utf8mb4",
        )
    if "experiment" not in existing:
        op.create_table(
            "experiment",
            sa.Column("id", _ID, primary_key=True),
            sa.Column("name", sa.String(128), nullable=False, comment="What people call it"),
            sa.Column(
                "dataset_version_id",
                _ID,
                sa.ForeignKey("dataset_version.id", name=op.f("fk_experiment_dataset_version_id")),
                nullable=False,
                comment="Its receipts",
            ),
            sa.Column("split", _exact(8), comment="Which of them: tune or test; NULL for all"),
            sa.Column("metric", _exact(32), nullable=False, comment="Primary metric, chosen before the first run"),
            sa.Column("repetitions", sa.Integer(), nullable=False, comment="Runs of each arm over each receipt"),
            sa.Column("shared_requests", sa.Boolean(), nullable=False, comment="Repetitions are bought in one request"),
            sa.Column("in_flight", sa.Integer(), nullable=False, comment="Requests at the same time, at most"),
            sa.Column("seed", sa.Integer(), nullable=False, comment="Of the order of runs, and of the bootstrap"),
            sa.Column("budget_microusd", sa.BigInteger(), comment="Cap, millionths of a US dollar"),
            sa.Column("status", _exact(16), nullable=False, comment="created, running, paused, finished, cancelled"),
            sa.Column("reason", _JSON, comment="Why it is paused: a note; NULL if a person did it"),
            sa.Column("runner", _exact(64), comment="Token of the process that runs it"),
            sa.Column("runner_until", _TIME, comment="That process is given up from then on, UTC"),
            sa.Column("operator", sa.String(128), nullable=False, comment="Who made it"),
            sa.Column("created_at", _TIME, nullable=False, comment="When it was made, UTC"),
            sa.Column("started_at", _TIME, comment="When it was started first, UTC"),
            sa.Column("ended_at", _TIME, comment="When it was finished or cancelled, UTC"),
            sa.CheckConstraint(
                "status IN ('created', 'running', 'paused', 'finished', 'cancelled')",
                name=op.f("ck_experiment_status"),
            ),
            comment="Settings compared on one dataset version",
            mysql_charset="utf8mb4",
        )
    if "experiment_arm" not in existing:
        op.create_table(
            "experiment_arm",
            sa.Column("id", _ID, primary_key=True),
            sa.Column(
                "experiment_id",
                _ID,
                sa.ForeignKey("experiment.id", name=op.f("fk_experiment_arm_experiment_id")),
                nullable=False,
                comment="Its experiment",
            ),
            sa.Column("number", sa.Integer(), nullable=False, comment="Place among the arms; 0 is the baseline"),
            sa.Column("name", sa.String(128), nullable=False, comment="What people call it"),
            sa.Column("engine", sa.String(32), nullable=False, comment="openai or offline"),
            sa.Column("settings", _JSON, nullable=False, comment="The setting, as asked for"),
            sa.UniqueConstraint(
                "experiment_id",
                "number",
                name=op.f("uq_experiment_arm_experiment_id_number"),
            ),
            comment="One of the settings that an experiment compares",
            mysql_charset="utf8mb4",
        )
    if "experiment_run" not in existing:
        op.create_table(
            "experiment_run",
            sa.Column("id", _ID, primary_key=True),
            sa.Column(
                "experiment_id",
                _ID,
                sa.ForeignKey("experiment.id", name=op.f("fk_experiment_run_experiment_id")),
                nullable=False,
                comment="Its experiment",
            ),
            sa.Column(
                "arm_id",
                _ID,
                sa.ForeignKey("experiment_arm.id", name=op.f("fk_experiment_run_arm_id")),
                nullable=False,
                comment="Setting that was asked for",
            ),
            sa.Column(
                "case_id",
                _ID,
                sa.ForeignKey("dataset_case.id", name=op.f("fk_experiment_run_case_id")),
                nullable=False,
                comment="Receipt that was read",
            ),
            sa.Column("repetition", sa.Integer(), nullable=False, comment="From 0"),
            sa.Column("settings", _JSON, nullable=False, comment="All settings as applied; as asked for if it failed"),
            sa.Column("shared", sa.Integer(), nullable=False, comment="Runs out of the same request, this one counted"),
            sa.Column("request_id", _exact(128), comment="Request id of the model's service"),
            sa.Column("raw_answer", _LONG_TEXT, comment="Whole answer of the model or engine"),
            sa.Column("document", _JSON, comment="Receipt as read; unreadable is null"),
            sa.Column("problems", _JSON, comment="Values no field can hold: field, value, why"),
            sa.Column("notes", _JSON, comment="What the reader said: a setting not applied"),
            sa.Column("prompt_tokens", sa.Integer(), comment="Tokens sent, its share of a shared request"),
            sa.Column("completion_tokens", sa.Integer(), comment="Tokens answered"),
            sa.Column("cached_tokens", sa.Integer(), comment="Tokens sent that were billed as cached"),
            sa.Column("cost_microusd", sa.BigInteger(), comment="Cost, millionths of a US dollar"),
            sa.Column("latency_ms", sa.Integer(), nullable=False, comment="The reader's own time, milliseconds"),
            sa.Column("error_class", sa.String(64), comment="Name of the error; NULL if read"),
            sa.Column("error_message", sa.Text(), comment="The error in a sentence"),
            sa.Column("error_fields", _JSON, comment="Blanks of the sentence, for other languages"),
            sa.Column("score", _JSON, comment="Compared with the truth, see scores.py"),
            sa.Column("created_at", _TIME, nullable=False, comment="When the run ended, UTC"),
            sa.UniqueConstraint(
                "arm_id",
                "case_id",
                "repetition",
                name=op.f("uq_experiment_run_arm_id_case_id_repetition"),
            ),
            comment="One reading of one receipt by one arm",
            mysql_charset="utf8mb4",
        )


def downgrade() -> None:
    tables = "experiment_run", "experiment_arm", "experiment", "dataset_case", "dataset_version", "production_setting"
    for table in tables:
        op.drop_table(table)
