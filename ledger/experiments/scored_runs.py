"""The scores of an experiment's runs: read one after the other, and made anew from the documents where they are old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.columns import JSON
from ledger.database import Database
from ledger.experiments.scores import Score, score
from ledger.experiments.tables import DatasetCaseRow, RunRow
from ledger.experiments.words import Experiment
from ledger.receipt import Receipt

_PAGE: Final = 500
"""Runs whose documents are held at a time."""
_STREAM: Final = 2_000
"""Runs without documents that are fetched at a time."""


def each_run(session: Session, experiment: Experiment) -> Iterator[sa.Row[Any]]:
    """All runs that are in, without their documents. Settings and notes come as texts: few of them differ."""
    columns = (
        *(RunRow.arm_id, RunRow.case_id, RunRow.repetition, RunRow.score, RunRow.shared),
        *(RunRow.cost_microusd, RunRow.latency_ms, RunRow.error_class),
        *(_text(RunRow.settings).label("settings"), _text(RunRow.notes).label("notes")),
    )
    query = sa.select(*columns).where(RunRow.experiment_id == experiment.id).order_by(RunRow.id)
    yield from session.execute(query.execution_options(yield_per=_STREAM))


def rescore(database: Database, experiment: Experiment) -> int:
    """Score all runs that have no score or one of an older version; how many there were. Memory stays flat."""
    made, after = 0, 0
    while page := database.retry(_rescore_page, experiment.id, after):
        after = page[-1][0]
        made += sum(is_old for _, is_old in page)
    return made


def _rescore_page(session: Session, experiment_id: int, after: int) -> list[tuple[int, bool]]:
    """The next runs by id, and whether their score was old."""
    runs = sa.select(RunRow.id, RunRow.score).where(RunRow.experiment_id == experiment_id, RunRow.id > after)
    page = session.execute(runs.order_by(RunRow.id).limit(_PAGE)).all()
    found = [(run_id, Score.from_json(stored) is None) for run_id, stored in page]
    if old := [run_id for run_id, is_old in found if is_old]:
        # One statement for all of them: a hundred thousand answers of a server are half of the time otherwise.
        scores = {run_id: sa.literal(made, JSON) for run_id, made in _scored(session, old)}
        changed = sa.update(RunRow).where(RunRow.id.in_(old)).values(score=sa.case(scores, value=RunRow.id))
        session.execute(changed, execution_options={"synchronize_session": False})
    return found


def _scored(session: Session, run_ids: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    query = sa.select(RunRow.id, RunRow.document, RunRow.error_class, DatasetCaseRow.truth).join(
        DatasetCaseRow, DatasetCaseRow.id == RunRow.case_id
    )
    for run_id, document, error, truth in session.execute(query.where(RunRow.id.in_(run_ids))):
        yield run_id, score(Receipt.model_validate(truth), read_of(document, error))


def read_of(document: Mapping[str, Any] | None, error_class: str | None) -> Receipt | None:
    """What a run read; None where it failed."""
    return None if error_class is not None or document is None else Receipt.model_validate(document)


def _text(column: Any) -> sa.ColumnElement[str | None]:
    """A JSON column as it is stored."""
    return sa.type_coerce(column, sa.Text)
