"""An experiment that is killed, cut off, slowed down or started twice has every run once, and pays for none twice."""

from __future__ import annotations

import contextlib
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import DatabaseUnavailable
from ledger.experiments.stored import experiment, progress
from ledger.experiments.tables import ExperimentRow, RunRow
from ledger.experiments.turnstile import INTERRUPTED
from ledger.experiments.words import ExperimentStatus
from ledger.inbox.folder_store import FolderStore
from ledger.notes import Note
from tests.experiments.making import arm, dataset, runs, stored
from tests.factories import migrated
from tests.faults.stopped_server import Server
from tests.forked import ForkedDesk
from tests.openai_standin import StandIn, Status

ANSWERS_IN = 0.15
"""Seconds until the model answers."""
RECEIPTS, ARMS, IN_FLIGHT = 20, 2, 4
PLANNED = RECEIPTS * ARMS
PAUSED = 3
"""Exit code of a run that stopped before its end."""


@dataclass
class World:
    """One experiment, and what it is run with."""

    database: Database
    folder: Path
    standin: StandIn
    id: int

    def start(self) -> ForkedDesk:
        """A process that runs the experiment."""
        env = {
            "LEDGER_DATABASE_URL": self.database.engine.url.render_as_string(hide_password=False),
            "LEDGER_STORE_URL": str(self.folder / "photos"),
            "LEDGER_DATASETS_URL": str(self.folder / "datasets"),
            "LEDGER_EXTRACTOR": "openai",
            "LEDGER_LOCAL_OCR": "false",
            "OPENAI_BASE_URL": self.standin.url,
            "OPENAI_API_KEY": self.standin.key,
        }
        command = ["experiment", "run", str(self.id), "--quiet"]
        return ForkedDesk(command, log=self.folder / "run.log", env=env, cwd=self.folder)

    def ends_with(self, process: ForkedDesk) -> int:
        return process.wait(60)

    def count(self) -> int:
        """How many runs are stored; what cannot be asked now was none."""
        with contextlib.suppress(DatabaseUnavailable), self.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).where(RunRow.experiment_id == self.id)) or 0
        return 0

    def until(self, happened: Callable[[], bool]) -> None:
        end = time.monotonic() + 30
        while not happened():
            assert time.monotonic() < end, (self.folder / "run.log").read_text()
            time.sleep(0.02)

    def is_half_way(self) -> bool:
        return self.count() >= PLANNED // 2

    def let_the_lease_run_out(self) -> None:
        with self.database.write() as session:
            session.execute(sa.update(ExperimentRow).values(runner_until=utc_now()))

    def is_whole(self) -> bool:
        """Whether it is finished, with each run there once and none failed."""
        found = runs(self.database, self.id)
        once = Counter((run.arm_id, run.case_id, run.repetition) for run in found)
        assert [run.error_class for run in found if run.error_class] == []
        assert (len(once), set(once.values())) == (PLANNED, {1})
        return experiment(self.database, self.id).status == ExperimentStatus.FINISHED


Make = Callable[[Database], World]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes an experiment in this database."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "datasets").mkdir()
    with StandIn(seconds=ANSWERS_IN) as standin, contextlib.ExitStack() as stack:

        def world(database: Database) -> World:
            stack.callback(database.close)
            cases = dataset(database, FolderStore(tmp_path / "photos"), RECEIPTS)
            settings = {"model": "gpt-4o", "prompt_version": None}
            arms = [arm(0, "baseline", **settings), arm(1, "other", temperature=0.0, **settings)]
            return World(database, tmp_path, standin, stored(database, cases, *arms, in_flight=IN_FLIGHT))

        yield world


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("mariadb"))
    yield server
    server.stop()


def test_one_that_is_killed_goes_on_and_asks_again_only_for_what_was_in_flight(database: Database, make: Make) -> None:
    world = make(database)
    killed = world.start()
    world.until(world.is_half_way)
    killed.send_signal(signal.SIGKILL)
    world.ends_with(killed)
    kept = world.count()

    world.let_the_lease_run_out()
    assert world.ends_with(world.start()) == 0

    assert world.is_whole()
    assert PLANNED // 2 <= kept < PLANNED
    # Counted at the end alone: what was sent just before the kill may arrive after it.
    assert PLANNED <= len(world.standin.requests) <= PLANNED + IN_FLIGHT


def test_one_that_is_asked_to_end_stores_what_is_in_flight_and_says_why_it_stands_still(
    database: Database, make: Make
) -> None:
    world = make(database)
    ended = world.start()
    world.until(world.is_half_way)
    ended.send_signal(signal.SIGTERM)

    assert world.ends_with(ended) == PAUSED
    paused = experiment(database, world.id)
    assert (paused.status, paused.reason) == (ExperimentStatus.PAUSED, Note(INTERRUPTED))
    assert not progress(database, paused, utc_now()).is_held
    assert world.count() == len(world.standin.requests) < PLANNED

    assert world.ends_with(world.start()) == 0
    assert world.is_whole()
    assert len(world.standin.requests) == PLANNED


def test_of_two_that_are_started_at_once_one_runs_it(mariadb_url: str, make: Make) -> None:
    world = make(migrated(mariadb_url))

    both = [world.start(), world.start()]

    assert sorted(map(world.ends_with, both)) == [0, 1]
    assert world.is_whole()
    assert len(world.standin.requests) == PLANNED


def test_a_service_that_asks_to_slow_down_is_waited_for(mariadb_url: str, make: Make) -> None:
    """The client asks three times by itself, so all in flight fail, and after the first wait are refused once more."""
    world, refused = make(migrated(mariadb_url)), 4 * IN_FLIGHT
    world.standin.then(*[Status(429, retry_after=0.1)] * refused)

    assert world.ends_with(world.start()) == 0

    assert world.is_whole()
    assert len(world.standin.requests) == PLANNED + refused


def test_a_database_that_is_away_for_a_while_costs_no_run(server: Server, make: Make) -> None:
    world = make(migrated(server.url))
    process = world.start()
    world.until(world.is_half_way)
    server.stop()
    time.sleep(1)
    server.start()

    assert world.ends_with(process) == 0
    assert "is not stored yet" in (world.folder / "run.log").read_text()
    assert world.is_whole()
    assert len(world.standin.requests) == PLANNED
