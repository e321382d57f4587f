"""Experiments as the command line tells them: names instead of ids, dollars, notes in English."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from ledger.clock import utc_now
from ledger.database import Database
from ledger.experiments.figures import ArmFigures, Comparison, Report
from ledger.experiments.plan import Estimate, Plan
from ledger.experiments.stored import Progress, experiment, progress
from ledger.experiments.words import Experiment
from ledger.notes import Note

_MICROUSD: Final = 1_000_000


def created_told(experiment_id: int, plan: Plan, found: Estimate, notes: Sequence[Note]) -> dict[str, Any]:
    """An experiment that was made, and what it will take."""
    return {
        "id": experiment_id,
        "arms": [arm.name for arm in plan.arms],
        "runs": found.runs,
        "requests": found.requests,
        "cost_usd": _usd(found.cost_microusd),
        "seconds": round(found.seconds),
        "notes": [str(note) for note in notes],
    }


def created_lines(told: Mapping[str, Any]) -> str:
    """The same for people, with the command that comes next."""
    baseline, *others = told["arms"]
    arms = "\n".join([f"  {baseline} (baseline)", *(f"  {arm}" for arm in others)])
    cost = "cost not known" if told["cost_usd"] is None else f"about ${told['cost_usd']:.2f}"
    return (
        f"experiment {told['id']}\n{arms}\n"
        f"{told['runs']} runs in {told['requests']} requests, {cost}, about {_time(told['seconds'])}\n"
        f"python -m ledger experiment run {told['id']}"
    )


class Teller:
    """Tells the progress on one line at a time."""

    def __init__(self, database: Database, experiment_id: int, *, quiet: bool) -> None:
        self._database, self._id, self._quiet = database, experiment_id, quiet
        self._told = 0

    def __call__(self) -> None:
        if self._quiet:
            return
        of = experiment(self._database, self._id)
        found = progress(self._database, of, utc_now())
        if found.done != self._told:
            self._told = found.done
            print(progress_line(found), file=sys.stderr, flush=True)


def progress_line(found: Progress) -> str:
    """How far it has come, for people who watch."""
    left = f", {_time(found.left.total_seconds())} left" if found.left else ""
    return f"{found.done} of {found.planned} runs, {found.failed} failed, ${found.spent_microusd / _MICROUSD:.4f}{left}"


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def status_told(of: Experiment, found: Progress) -> dict[str, Any]:
    """Where an experiment stands."""
    return {
        "id": of.id,
        "name": of.name,
        "status": of.status,
        "reason": str(of.reason) if of.reason else None,
        "dataset": of.dataset.name,
        "metric": of.metric,
        "arms": [arm.name for arm in of.arms],
        "done": found.done,
        "planned": found.planned,
        "failed": found.failed,
        "spent_usd": _usd(found.spent_microusd),
        "seconds_left": round(found.left.total_seconds()) if found.left else None,
    }


def report_told(found: Report) -> dict[str, Any]:
    """The report for machines: names instead of ids, notes as English sentences."""
    return {
        "experiment": found.experiment.id,
        "name": found.experiment.name,
        "metric": found.experiment.metric,
        "receipts": found.receipts,
        "is_final": found.is_final,
        "leader": [str(note) for note in found.leader],
        "arms": [_arm_of(figures) for figures in found.arms],
        "comparisons": [_comparison_of(each) for each in found.comparisons],
    }


def _arm_of(figures: ArmFigures) -> dict[str, Any]:
    told = asdict(figures) | {"arm": figures.arm.name, "settings": figures.arm.settings.as_json()}
    return told | {"notes": [str(note) for note in figures.notes]}


def _comparison_of(each: Comparison) -> dict[str, Any]:
    return asdict(each) | {"arm": each.arm.name}


def _usd(microusd: int | None) -> float | None:
    return None if microusd is None else microusd / _MICROUSD
