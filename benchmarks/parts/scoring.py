"""A hundred thousand runs scored from their documents, and the report that is made of them, on MariaDB."""

from __future__ import annotations

import datetime as dt
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from benchmarks.parts.figures import Figure
from ledger.database import Database
from ledger.experiments.datasets import NewCase, add_version
from ledger.experiments.report import report_of
from ledger.experiments.scored_runs import rescore
from ledger.experiments.stored import experiment
from ledger.experiments.tables import DatasetCaseRow, RunRow
from ledger.experiments.words import PHOTOS, Experiment
from ledger.receipt import Receipt
from samples.receipts import SAMPLES
from tests import servers
from tests.experiments.making import arm, stored
from tests.openai_standin.look_alikes import look_alikes
from tests.schema import created

RUNS: Final = 100_000
_ARMS: Final = 4
_REPETITIONS: Final = 10
_CASES: Final = RUNS // _ARMS // _REPETITIONS
_NOW: Final = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)


def measured() -> Iterator[Figure]:
    """Seconds, and megabytes that the process holds more after the last nine tenths than after the first."""
    with tempfile.TemporaryDirectory() as folder, servers.mariadb(Path(folder), buffer_mb=512) as url:
        database = created(f"{url}/scoring")
        made = _made(database)
        tenth = RUNS // 10
        _add_runs(database, made, range(tenth))
        took = _seconds(lambda: rescore(database, made))
        _add_runs(database, made, range(tenth, RUNS))
        before = _resident_mb()
        took += _seconds(lambda: rescore(database, made))
        yield Figure(f"scoring {RUNS:,} runs, s", took, 60, at_least=False)
        yield Figure("memory that scoring nine tenths of them added, MB", _resident_mb() - before, 16, at_least=False)
        told = _seconds(lambda: report_of(database, made))
        yield Figure(f"report of {RUNS:,} runs, s", told, 30, at_least=False)
        database.close()


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _made(database: Database) -> Experiment:
    """Four temperatures over the sample receipts, each of them many times; nothing is run yet."""
    cases = [_case(number) for number in range(_CASES)]
    version = add_version(database, "점수", {}, cases, seed=0, test_share=0, operator="지수", now=_NOW)
    arms = [arm(number, temperature=number / 10) for number in range(_ARMS)]
    return experiment(database, stored(database, version.id, *arms, repetitions=_REPETITIONS))


def _case(number: int) -> NewCase:
    truth = SAMPLES[number % len(SAMPLES)].receipt
    return NewCase.of(truth, image_sha256=f"{number:064}", store=PHOTOS, object_key=f"ledger/{number}.jpg")


def _add_runs(database: Database, made: Experiment, numbers: range) -> None:
    with database.read() as session:
        cases = session.scalars(sa.select(DatasetCaseRow.id).order_by(DatasetCaseRow.number)).all()
    for start in range(numbers.start, numbers.stop, 1_000):
        rows = [_run(made, cases, number) for number in range(start, start + 1_000)]
        with database.write() as session:
            session.execute(sa.insert(RunRow), rows)


def _run(made: Experiment, cases: Sequence[int], number: int) -> dict[str, Any]:
    """A run that is not scored yet; one of fifty failed."""
    case, rest = number % _CASES, number // _CASES
    setting = made.arms[rest % _ARMS]
    rng = random.Random(number)
    read = None if rng.random() < 0.02 else _misread(SAMPLES[case % len(SAMPLES)].receipt, rng)
    return {
        "experiment_id": made.id,
        "arm_id": setting.id,
        "case_id": cases[case],
        "repetition": rest // _ARMS,
        "settings": setting.settings.as_json(),
        "shared": 1,
        "document": read.model_dump(mode="json") if read else None,
        "cost_microusd": 2_620,
        "latency_ms": rng.randrange(900, 9_000),
        "error_class": None if read else "ModelTimeout",
        "created_at": _NOW,
    }


def _misread(truth: Receipt, rng: random.Random) -> Receipt:
    """One of three names with another syllable, now and then a row that was left out."""
    rows = [
        item.model_copy(update={"name": _slipped(item.name or "", rng)}) for item in truth.items if rng.random() > 0.02
    ]
    return truth.model_copy(update={"items": tuple(rows)})


def _slipped(name: str, rng: random.Random) -> str:
    if not name or rng.random() > 0.3:
        return name
    place = rng.randrange(len(name))
    others = look_alikes(name[place]) or (name[place],)
    return name[:place] + rng.choice(others) + name[place + 1 :]
