"""The report as files: Markdown, HTML that needs nothing beside it, and a CSV with a row for each run."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from ledger.database import Database
from ledger.experiments.figures import Changed, Report
from ledger.experiments.report_blocks import TOLD_SETTINGS, Block, Heading, Points, Say, Table, blocks
from ledger.experiments.scores import METRICS, Score
from ledger.experiments.tables import DatasetCaseRow, RunRow
from ledger.experiments.words import Arm, Experiment
from ledger.review.export import table_file

_RUN: Final = (
    "repetition",
    "error_class",
    "shared",
    "prompt_tokens",
    "completion_tokens",
    "cost_microusd",
    "latency_ms",
)
COLUMNS: Final = ("case", "receipt_id", "arm", "arm_name", *_RUN, *TOLD_SETTINGS, *METRICS)
"""Columns of the CSV. Settings are those applied; scores are empty where they are not made yet."""

_PAGE: Final = 500
_SIGNS: Final = re.compile(r"([\\`*_\[\]<>|#~$&])")
"""What Markdown reads as more than a character."""
_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1c2024; }
h1 + ul li:first-child { font-weight: 600; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #d5d9de; padding: .35rem .75rem; text-align: left; }
"""


def report_markdown(report: Report, say: Say, changed: Sequence[tuple[Arm, Changed]] = ()) -> str:
    """The report as Markdown with tables. `say` gives plain text; names are written so that they stay names."""
    return "\n\n".join(_markdown(block) for block in blocks(report, say, changed)) + "\n"


def report_html(report: Report, say: Say, changed: Sequence[tuple[Arm, Changed]] = (), *, language: str = "ko") -> str:
    """The report as one HTML file that asks no other file or server for anything."""
    body = "\n".join(_html(block) for block in blocks(report, say, changed))
    title = html.escape(report.experiment.name)
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def runs_csv(database: Database, experiment: Experiment) -> Iterator[str]:
    """A row for each run that is in, fetched a page at a time. Raises DatabaseError."""
    return table_file(COLUMNS, _runs(database, experiment))


def _markdown(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {_escaped(block.text)}"
        case Points():
            return "\n".join(f"- {_escaped(text)}" for text in block.texts)
        case Table():
            lines = [block.head, ["---"] * len(block.head)]
            shown = [[_escaped(cell) for cell in row] for row in block.rows]
            return "\n".join(f"| {' | '.join(row)} |" for row in [*lines, *shown])


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _html(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{html.escape(block.text)}</h{block.level}>"
        case Points():
            return f"<ul>{''.join(f'<li>{html.escape(text)}</li>' for text in block.texts)}</ul>"
        case Table():
            head = f"<thead>{_row('th', block.head)}</thead>" if any(block.head) else ""
            return f"<table>{head}<tbody>{''.join(_row('td', row) for row in block.rows)}</tbody></table>"


def _row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{html.escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _runs(database: Database, experiment: Experiment) -> Iterator[list[object]]:
    arms = {arm.id: arm for arm in experiment.arms}
    after = 0
    while page := _page(database, experiment, after):
        for run in page:
            yield [*_identity(run, arms[run.arm_id]), *(run._mapping[name] for name in _RUN), *_told(run)]
        after = page[-1].id


def _page(database: Database, experiment: Experiment, after: int) -> Sequence[Any]:
    columns = [RunRow.__table__.c[name] for name in ("id", "arm_id", "settings", "score", *_RUN)]
    query = (
        sa.select(*columns, DatasetCaseRow.number, DatasetCaseRow.receipt_id)
        .join(DatasetCaseRow, DatasetCaseRow.id == RunRow.case_id)
        .where(RunRow.experiment_id == experiment.id, RunRow.id > after)
        .order_by(RunRow.id)
        .limit(_PAGE)
    )
    with database.read() as session:
        return session.execute(query).all()


def _identity(run: Any, arm: Arm) -> list[object]:
    return [run.number + 1, run.receipt_id, arm.number, arm.name]


def _told(run: Any) -> Iterator[object]:
    for name in TOLD_SETTINGS:
        yield run.settings.get(name)
    score = Score.from_json(run.score)
    for metric in METRICS.values():
        yield None if score is None else round(metric.value(score), 6)
