"""Experiments as they are stored: made, looked up, and how far each has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.errors import DatasetNotFound, ExperimentNotFound
from ledger.experiments.datasets import version_of
from ledger.experiments.plan import Past, Plan, check
from ledger.experiments.tables import (
    DatasetCaseRow,
    DatasetVersionRow,
    ExperimentArmRow,
    ExperimentRow,
    RunRow,
)
from ledger.experiments.words import Arm, Experiment, ExperimentStatus, Split
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.models import ModelTable
from ledger.notes import Note
from ledger.prompts.shelf import Prompts
from ledger.tables import ExtractionRow

_PACE = dt.timedelta(minutes=2)
"""What the pace is measured over: long enough for slow models, short enough to follow a change."""
_NEWEST = 200
"""Readings of a model that tell what one takes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an experiment has come. Amounts are millionths of a US dollar."""

    done: int
    planned: int
    failed: int
    spent_microusd: int
    a_minute: float | None
    """Runs that came in a minute of late; None while nothing runs or too few came."""
    left: dt.timedelta | None
    """How long the rest will take at that pace."""
    is_held: bool
    """Whether a process runs it, or still waits for the last answers."""


def create(
    database: Database,
    plan: Plan,
    models: ModelTable,
    operator: str,
    now: dt.datetime,
    prompts: Prompts | None = None,
) -> tuple[int, tuple[Note, ...]]:
    """Id of the experiment that is made of a plan, and what will be reported as not applied in it.

    With `prompts` those of its arms are found now, and never change from now on. Raises ExperimentInvalid,
    DatasetNotFound, PromptNotFound and DatabaseError; then nothing is stored.
    """
    with database.read() as session:
        if session.get(DatasetVersionRow, plan.dataset_version_id) is None:
            raise DatasetNotFound(name=plan.dataset_version_id)
        cases = cases_in(session, plan.dataset_version_id, plan.split)
    notes = check(plan, cases, models)
    for version in {arm.settings.prompt_version for arm in plan.arms} - {None}:
        if prompts is not None:
            prompts.mark_used(str(version))
    return database.retry(_create, plan, operator, now), notes


def _create(session: Session, plan: Plan, operator: str, now: dt.datetime) -> int:
    columns = {field.name: getattr(plan, field.name) for field in fields(plan) if field.name != "arms"}
    row = ExperimentRow(**columns, status=ExperimentStatus.CREATED, operator=operator, created_at=now)
    session.add(row)
    session.flush()
    for arm in plan.arms:
        told = {"number": arm.number, "name": arm.name, "engine": arm.engine, "settings": arm.settings.as_json()}
        session.add(ExperimentArmRow(experiment_id=row.id, **told))
    return row.id


def experiment(database: Database, experiment_id: int) -> Experiment:
    """One experiment. Raises ExperimentNotFound."""
    with database.read() as session:
        found = _experiments(session, ExperimentRow.id == experiment_id, limit=1)
    if not found:
        raise ExperimentNotFound(experiment_id=experiment_id)
    return found[0]


def experiments(database: Database, *, limit: int = 100) -> list[Experiment]:
    """The newest experiments first."""
    with database.read() as session:
        return _experiments(session, sa.true(), limit=limit)


def experiments_asking(database: Database, prompt_version: str, *, limit: int = 100) -> list[Experiment]:
    """The newest experiments first of those that compare this prompt with another one, their baseline."""
    asks = ExperimentArmRow.settings["prompt_version"].as_string() == prompt_version
    of_these = sa.select(ExperimentArmRow.experiment_id).where(asks, ExperimentArmRow.number > 0)
    with database.read() as session:
        return _experiments(session, ExperimentRow.id.in_(of_these), limit=limit)


def _experiments(session: Session, which: sa.ColumnElement[bool], *, limit: int) -> list[Experiment]:
    query = (
        sa.select(ExperimentRow, DatasetVersionRow)
        .join(DatasetVersionRow, DatasetVersionRow.id == ExperimentRow.dataset_version_id)
        .where(which)
        .order_by(ExperimentRow.id.desc())
        .limit(limit)
    )
    rows = session.execute(query).all()
    arms = _arms(session, [row.id for row, _ in rows])
    return [_experiment(row, version, arms[row.id]) for row, version in rows]


def _arms(session: Session, experiment_ids: Sequence[int]) -> dict[int, list[Arm]]:
    of_these = ExperimentArmRow.experiment_id.in_(experiment_ids)
    found: dict[int, list[Arm]] = {experiment_id: [] for experiment_id in experiment_ids}
    for row in session.scalars(sa.select(ExperimentArmRow).where(of_these).order_by(ExperimentArmRow.number)):
        found[row.experiment_id].append(Arm(row.number, row.name, row.engine, _settings(row), row.id))
    return found


def _settings(row: ExperimentArmRow) -> ReadingSettings:
    known = {field.name for field in fields(ReadingSettings)}
    return ReadingSettings(**{name: value for name, value in row.settings.items() if name in known})


def _experiment(row: ExperimentRow, version: DatasetVersionRow, arms: Sequence[Arm]) -> Experiment:
    return Experiment(
        id=row.id,
        name=row.name,
        dataset=version_of(version),
        arms=tuple(arms),
        split=Split(row.split) if row.split else None,
        metric=row.metric,
        repetitions=row.repetitions,
        shared_requests=row.shared_requests,
        in_flight=row.in_flight,
        seed=row.seed,
        budget_microusd=row.budget_microusd,
        status=ExperimentStatus(row.status),
        reason=Note(**row.reason) if row.reason else None,
        operator=row.operator,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def progress(database: Database, of: Experiment, now: dt.datetime) -> Progress:
    """How far it has come, in one look over an index: every open page asks every two seconds."""
    mine = RunRow.experiment_id == of.id
    recent = sa.case((RunRow.created_at > now - _PACE, 1), else_=0)
    counted = sa.select(
        sa.func.count(),
        sa.func.count(RunRow.error_class),
        sa.func.sum(RunRow.cost_microusd),
        sa.func.sum(recent),
        sa.func.min(sa.case((RunRow.created_at > now - _PACE, RunRow.created_at))),
    ).where(mine)
    with database.read() as session:
        done, failed, spent, late, since = session.execute(counted).one()
        until = session.scalar(sa.select(ExperimentRow.runner_until).where(ExperimentRow.id == of.id))
    held = until is not None and until > now
    a_minute = _pace(int(late or 0), since, now) if held else None
    left = dt.timedelta(minutes=(of.planned - done) / a_minute) if a_minute else None
    return Progress(done, of.planned, failed, int(spent or 0), a_minute, left, held)


def runs_in(database: Database, of: Sequence[Experiment]) -> dict[int, int]:
    """How many runs are in, by experiment. Those that are finished have all, and are not counted."""
    found = {each.id: each.planned if each.status == ExperimentStatus.FINISHED else 0 for each in of}
    counted = [each.id for each in of if each.status not in (ExperimentStatus.FINISHED, ExperimentStatus.CREATED)]
    runs = sa.select(RunRow.experiment_id, sa.func.count()).where(RunRow.experiment_id.in_(counted))
    with database.read() as session:
        found.update((row[0], row[1]) for row in session.execute(runs.group_by(RunRow.experiment_id)))
    return found


def _pace(count: int, since: dt.datetime | None, now: dt.datetime) -> float | None:
    minutes = (now - since).total_seconds() / 60 if since else 0
    return count / minutes if count >= 5 and minutes > 0 else None


def cases_in(session: Session, version_id: int, split: Split | None) -> int:
    """How many receipts a dataset version has in a split."""
    query = sa.select(sa.func.count()).where(DatasetCaseRow.dataset_version_id == version_id)
    return session.scalar(query if split is None else query.where(DatasetCaseRow.split == split)) or 0


def past_of(database: Database, models: Sequence[str]) -> dict[str, Past]:
    """What the newest good readings by these models took: mean cost, and mean seconds."""
    found = {}
    with database.read() as session:
        for model in set(models):
            newest = (
                sa.select(ExtractionRow.cost_microusd, ExtractionRow.latency_ms)
                .where(ExtractionRow.engine == "openai", ExtractionRow.model == model)
                .where(ExtractionRow.error_class.is_(None))
                .order_by(ExtractionRow.id.desc())
                .limit(_NEWEST)
                .subquery()
            )
            mean = sa.select(sa.func.avg(newest.c.cost_microusd), sa.func.avg(newest.c.latency_ms))
            cost, latency = session.execute(mean).one()
            if latency is not None:
                found[model] = Past(None if cost is None else float(cost), float(latency) / 1000)
    return found
