"""An experiment that is killed half way and run again: what is there in the end, and what was asked for twice."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks.parts.experiment_made import answer, made, services_of
from benchmarks.parts.figures import Figure
from benchmarks.parts.fixed_service import fixed_service
from ledger.config import environment_of
from ledger.experiments.stored import experiment
from ledger.experiments.tables import RunRow
from ledger.experiments.words import ExperimentStatus
from ledger.services import Services
from tests import servers
from tests.schema import created

RECEIPTS: Final = 40
ARMS: Final = 2
REPETITIONS: Final = 3
IN_FLIGHT: Final = 16
_SECONDS: Final = 0.3
"""Until the service answers."""
_PLANNED: Final = RECEIPTS * ARMS * REPETITIONS


def measured() -> Iterator[Figure]:
    """Kill it (SIGKILL) at half of its runs, and run it again, which waits until the first one's claim has run out."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        service = stack.enter_context(fixed_service(folder, answer(), _SECONDS))
        url = f"{stack.enter_context(servers.mariadb(folder / 'mariadb'))}/experiment?charset=utf8mb4"
        created(url).close()
        services = services_of(folder, url, service.base_url)
        stack.callback(services.close)
        id_ = made(services, RECEIPTS, arms=ARMS, repetitions=REPETITIONS, in_flight=IN_FLIGHT)
        first = _start(services, id_)
        while len(_runs(services, id_)) < _PLANNED // 2 and first.poll() is None:
            time.sleep(0.02)
        first.kill()
        first.wait()
        kept = len(_runs(services, id_))
        _start(services, id_).wait()
        runs, asked = _runs(services, id_), service.requests
        finished = experiment(services.database, id_).status == ExperimentStatus.FINISHED
    once = sum(count == 1 for count in Counter(runs).values()) if finished else 0
    print(f"resume: killed with {kept} of {_PLANNED} runs stored; {asked} requests in all, {IN_FLIGHT} in flight")
    yield Figure("runs that are there exactly once after kill -9 half way", once, _PLANNED)
    yield Figure("requests made again after kill -9 half way", asked - _PLANNED, IN_FLIGHT, at_least=False)


def _start(services: Services, experiment_id: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ledger", "experiment", "run", str(experiment_id), "--quiet"]
    return subprocess.Popen(command, env=environment_of(services.settings), stdin=subprocess.DEVNULL)


def _runs(services: Services, experiment_id: int) -> list[tuple[int, int, int]]:
    wanted = sa.select(RunRow.arm_id, RunRow.case_id, RunRow.repetition).where(RunRow.experiment_id == experiment_id)
    with services.database.read() as session:
        return [(arm, case, number) for arm, case, number in session.execute(wanted)]
