"""Who runs an experiment, and what people want of it: started, paused, cancelled. One process runs it at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.database import Database, rows_changed
from ledger.errors import ExperimentBusy, ExperimentClosed, ExperimentNotFound
from ledger.experiments.tables import ExperimentRow
from ledger.experiments.words import ExperimentStatus
from ledger.notes import Note

LEASE: Final = dt.timedelta(seconds=30)
"""How long a process is waited for that does not say it is there. It says so every few seconds."""

_STARTING: Final = "starting"
"""Token of a process that was started and has not taken it yet."""
_OPEN: Final = (ExperimentStatus.CREATED, ExperimentStatus.RUNNING, ExperimentStatus.PAUSED)


def take(database: Database, experiment_id: int, token: str, now: dt.datetime, *, only_started: bool = False) -> None:
    """Become the process that runs it; with `only_started`, unless it was paused or never started.

    Raises ExperimentNotFound, ExperimentBusy or ExperimentClosed.
    """
    database.retry(_take, experiment_id, token, now, (ExperimentStatus.RUNNING,) if only_started else _OPEN)


def _take(
    session: Session, experiment_id: int, token: str, now: dt.datetime, statuses: Sequence[ExperimentStatus]
) -> None:
    taken = (
        _row(experiment_id)
        .where(sa.or_(_free(now), ExperimentRow.runner == _STARTING), ExperimentRow.status.in_(statuses))
        .values(
            status=ExperimentStatus.RUNNING,
            reason=None,
            runner=token,
            runner_until=now + LEASE,
            started_at=sa.func.coalesce(ExperimentRow.started_at, now),
        )
    )
    if rows_changed(session, taken) == 1:
        return
    row = session.get(ExperimentRow, experiment_id)
    if row is None:
        raise ExperimentNotFound(experiment_id=experiment_id)
    if row.status not in _OPEN:
        raise ExperimentClosed(experiment_id=experiment_id, status=Note(row.status))
    raise ExperimentBusy(experiment_id=experiment_id)


def renew(database: Database, experiment_id: int, token: str, now: dt.datetime) -> bool:
    """Say that we are there; whether we are to go on: nobody paused or cancelled it, and it is still ours."""
    mine = _row(experiment_id).where(ExperimentRow.runner == token)
    with database.write() as session:
        if rows_changed(session, mine.values(runner_until=now + LEASE)) == 0:
            return False
        status = session.scalar(sa.select(ExperimentRow.status).where(ExperimentRow.id == experiment_id))
    return status == ExperimentStatus.RUNNING


def leave(
    database: Database, experiment_id: int, token: str, now: dt.datetime, *, why: Note | None, done: bool
) -> None:
    """Let go of it: finished when `done`, else paused for the reason `why`. What people decided meanwhile stays.

    Without either, somebody paused it; and if it was started again since, then another process waits to run it.
    """
    changes: dict[str, Any] = {}
    if done:
        changes = {"status": ExperimentStatus.FINISHED, "ended_at": now, "reason": None}
    elif why is not None:
        changes = {"status": ExperimentStatus.PAUSED, "reason": asdict(why)}
    database.retry(_leave, experiment_id, token, changes)


def _leave(session: Session, experiment_id: int, token: str, changes: dict[str, Any]) -> None:
    mine = _row(experiment_id).where(ExperimentRow.runner == token)
    if changes:
        session.execute(mine.where(ExperimentRow.status == ExperimentStatus.RUNNING).values(changes))
    session.execute(mine.values(runner=None, runner_until=None))


def pause(database: Database, experiment_id: int) -> bool:
    """Ask for no more runs; those in flight still come in. False when it does not run."""
    return database.retry(_end, experiment_id, (ExperimentStatus.RUNNING,), {"status": ExperimentStatus.PAUSED})


def start(database: Database, experiment_id: int, now: dt.datetime, *, budget_microusd: int | None = None) -> bool:
    """Mark as to be run, and as held while a process is starting; with `budget_microusd` its cap becomes that.

    False when it is over.
    """
    changes: dict[str, Any] = {"status": ExperimentStatus.RUNNING, "reason": None}
    if budget_microusd is not None:
        changes["budget_microusd"] = budget_microusd
    return database.retry(_start, experiment_id, changes, now)


def _start(session: Session, experiment_id: int, changes: dict[str, Any], now: dt.datetime) -> bool:
    is_open = _row(experiment_id).where(ExperimentRow.status.in_(_OPEN))
    starting = is_open.where(_free(now)).values(runner=_STARTING, runner_until=now + LEASE)
    session.execute(starting)
    return rows_changed(session, is_open.values(changes)) == 1


def cancel(database: Database, experiment_id: int, now: dt.datetime) -> bool:
    """End it for good; what is in stays and is told. False when it is over already."""
    return database.retry(_end, experiment_id, _OPEN, {"status": ExperimentStatus.CANCELLED, "ended_at": now})


def _end(session: Session, experiment_id: int, statuses: Sequence[ExperimentStatus], changes: dict[str, Any]) -> bool:
    """People end it; a process that is only starting finds so, and does not take it any more."""
    starting = _row(experiment_id).where(ExperimentRow.runner == _STARTING)
    session.execute(starting.values(runner=None, runner_until=None))
    wanted = _row(experiment_id).where(ExperimentRow.status.in_(statuses))
    return rows_changed(session, wanted.values(changes | {"reason": None})) == 1


def _free(now: dt.datetime) -> sa.ColumnElement[bool]:
    """No process runs it, or one that does not answer any more."""
    return sa.or_(ExperimentRow.runner_until.is_(None), ExperimentRow.runner_until < now)


def _row(experiment_id: int) -> sa.Update:
    return sa.update(ExperimentRow).where(ExperimentRow.id == experiment_id)
