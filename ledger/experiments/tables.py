"""The tables of the temperature lab: frozen receipts, what is compared on them, and every run."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import ID, JSON, LONG_TEXT, Table, exact
from ledger.experiments.words import ExperimentStatus, Split


def _one_of(column: str, values: type[ExperimentStatus | Split]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(value.value) for value in values)})", name=column)


class DatasetVersionRow(Table):
    """Confirmed receipts as they were at one moment. Never changed once it is there."""

    __tablename__ = "dataset_version"
    __table_args__ = (
        sa.UniqueConstraint("name"),
        {"comment": "Frozen confirmed receipts, never changed", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(exact(128), comment="What people call it")
    origin: Mapped[dict[str, Any]] = mapped_column(comment="How it was made: filter, size, seed; or imported")
    sha256: Mapped[str] = mapped_column(exact(64), comment="Of all its cases: equal content, equal hash")
    cases: Mapped[int] = mapped_column(sa.Integer, comment="Receipts in it")
    tests: Mapped[int] = mapped_column(sa.Integer, comment="Receipts of its test split")
    operator: Mapped[str] = mapped_column(sa.String(128), comment="Who froze or imported it")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When, UTC")


class DatasetCaseRow(Table):
    """One receipt of a dataset version: its picture by hash, and what a person says stands on it."""

    __tablename__ = "dataset_case"
    __table_args__ = (
        sa.UniqueConstraint("dataset_version_id", "number"),
        sa.UniqueConstraint("dataset_version_id", "image_sha256"),
        # By which a receipt is known to be in a test split, see tuning/blind.py.
        sa.Index("ix_dataset_case_receipt_id_split", "receipt_id", "split"),
        sa.Index("ix_dataset_case_image_sha256_split", "image_sha256", "split"),
        _one_of("split", Split),
        {"comment": "One receipt of a dataset version", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    dataset_version_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("dataset_version.id"), comment="Its version")
    number: Mapped[int] = mapped_column(sa.Integer, comment="Place in the version, from 0")
    receipt_id: Mapped[int | None] = mapped_column(ID, comment="Receipt it was frozen from; NULL if it was imported")
    review_id: Mapped[int | None] = mapped_column(ID, comment="Decision its truth is of; NULL if it was imported")
    store: Mapped[str] = mapped_column(exact(16), comment="photos: the receipts' store; datasets: imported")
    object_key: Mapped[str] = mapped_column(exact(1024), comment="Key of the picture in that store")
    image_sha256: Mapped[str] = mapped_column(exact(64), comment="Of the picture; other bytes are not read")
    truth: Mapped[dict[str, Any]] = mapped_column(comment="Receipt as a person confirmed it; unreadable is null")
    shop: Mapped[str] = mapped_column(exact(255), comment="The shop's key, see review/shop_items.py")
    date: Mapped[dt.date | None] = mapped_column(sa.Date, comment="Day of purchase, by which the split goes too")
    risk: Mapped[float | None] = mapped_column(sa.Double, comment="Of the reading it was confirmed from, 0 to 1")
    split: Mapped[str] = mapped_column(exact(8), comment="tune or test")


class ExperimentRow(Table):
    """Arms x receipts x repetitions, and where that stands."""

    __tablename__ = "experiment"
    __table_args__ = (
        _one_of("status", ExperimentStatus),
        {"comment": "Settings compared on one dataset version", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(128), comment="What people call it")
    dataset_version_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("dataset_version.id"), comment="Its receipts")
    split: Mapped[str | None] = mapped_column(exact(8), comment="Which of them: tune or test; NULL for all")
    metric: Mapped[str] = mapped_column(exact(32), comment="Primary metric, chosen before the first run")
    repetitions: Mapped[int] = mapped_column(sa.Integer, comment="Runs of each arm over each receipt")
    shared_requests: Mapped[bool] = mapped_column(sa.Boolean, comment="Repetitions are bought in one request")
    in_flight: Mapped[int] = mapped_column(sa.Integer, comment="Requests at the same time, at most")
    seed: Mapped[int] = mapped_column(sa.Integer, comment="Of the order of runs, and of the bootstrap")
    budget_microusd: Mapped[int | None] = mapped_column(sa.BigInteger, comment="Cap, millionths of a US dollar")
    status: Mapped[ExperimentStatus] = mapped_column(exact(16), comment="created, running, paused, finished, cancelled")
    reason: Mapped[dict[str, Any] | None] = mapped_column(comment="Why it is paused: a note; NULL if a person did it")
    runner: Mapped[str | None] = mapped_column(exact(64), comment="Token of the process that runs it")
    runner_until: Mapped[dt.datetime | None] = mapped_column(comment="That process is given up from then on, UTC")
    operator: Mapped[str] = mapped_column(sa.String(128), comment="Who made it")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When it was made, UTC")
    started_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was started first, UTC")
    ended_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was finished or cancelled, UTC")


class ExperimentArmRow(Table):
    """One of the settings that an experiment compares. The arm with number 0 is the baseline."""

    __tablename__ = "experiment_arm"
    __table_args__ = (
        sa.UniqueConstraint("experiment_id", "number"),
        {"comment": "One of the settings that an experiment compares", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    experiment_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("experiment.id"), comment="Its experiment")
    number: Mapped[int] = mapped_column(sa.Integer, comment="Place among the arms; 0 is the baseline")
    name: Mapped[str] = mapped_column(sa.String(128), comment="What people call it")
    engine: Mapped[str] = mapped_column(sa.String(32), comment="openai or offline")
    settings: Mapped[dict[str, Any]] = mapped_column(comment="The setting, as asked for")


class RunRow(Table):
    """One reading of one receipt by one arm. Kept for ever, never changed but for its score."""

    __tablename__ = "experiment_run"
    __table_args__ = (
        sa.UniqueConstraint("arm_id", "case_id", "repetition"),
        sa.Index("ix_experiment_run_experiment_id_id", "experiment_id", "id"),
        # All that is asked while it runs, so that no run is looked up for it: runs are large, and pages ask often.
        sa.Index("ix_experiment_run_progress", "experiment_id", "created_at", "cost_microusd", "error_class"),
        {"comment": "One reading of one receipt by one arm", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    experiment_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("experiment.id"), comment="Its experiment")
    arm_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("experiment_arm.id"), comment="Setting that was asked for")
    case_id: Mapped[int] = mapped_column(ID, sa.ForeignKey("dataset_case.id"), comment="Receipt that was read")
    repetition: Mapped[int] = mapped_column(sa.Integer, comment="From 0")
    settings: Mapped[dict[str, Any]] = mapped_column(comment="All settings as applied; as asked for if it failed")
    offered: Mapped[dict[str, Any] | None] = mapped_column(comment="What the prompt offered for this photo alone")
    shared: Mapped[int] = mapped_column(sa.Integer, comment="Runs out of the same request, this one counted")
    request_id: Mapped[str | None] = mapped_column(exact(128), comment="Request id of the model's service")
    raw_answer: Mapped[str | None] = mapped_column(LONG_TEXT, comment="Whole answer of the model or engine")
    document: Mapped[dict[str, Any] | None] = mapped_column(comment="Receipt as read; unreadable is null")
    problems: Mapped[list[Any] | None] = mapped_column(comment="Values no field can hold: field, value, why")
    notes: Mapped[list[Any] | None] = mapped_column(comment="What the reader said: a setting not applied")
    prompt_tokens: Mapped[int | None] = mapped_column(comment="Tokens sent, its share of a shared request")
    completion_tokens: Mapped[int | None] = mapped_column(comment="Tokens answered")
    cached_tokens: Mapped[int | None] = mapped_column(comment="Tokens sent that were billed as cached")
    cost_microusd: Mapped[int | None] = mapped_column(sa.BigInteger, comment="Cost, millionths of a US dollar")
    latency_ms: Mapped[int] = mapped_column(comment="The reader's own time, milliseconds")
    error_class: Mapped[str | None] = mapped_column(sa.String(64), comment="Name of the error; NULL if read")
    error_message: Mapped[str | None] = mapped_column(sa.Text, comment="The error in a sentence")
    error_fields: Mapped[dict[str, Any] | None] = mapped_column(comment="Blanks of the sentence, for other languages")
    score: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="Compared with the truth, see scores.py")
    created_at: Mapped[dt.datetime] = mapped_column(comment="When the run ended, UTC")
