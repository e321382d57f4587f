"""An experiment in full pace beside the desk: how many runs come in, and what a click at the desk takes meanwhile.

The desk, the experiment (started as the page starts it), the model's service and the browser are processes of their
own on one machine. Photos are the samples, 1200 x 1600 pixels. LEDGER_LOCAL_OCR is off: that is this machine's work.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from playwright.sync_api import Page

from benchmarks.parts.experiment_made import answer, made, services_of
from benchmarks.parts.figures import Figure
from benchmarks.parts.fixed_service import fixed_service
from benchmarks.parts.next_receipt import list_page, opening
from benchmarks.parts.waiting_desk import chromium, waiting_desk
from ledger.clock import utc_now
from ledger.experiments.stored import experiment, progress
from ledger.experiments.words import Experiment, ExperimentStatus
from ledger.services import Services

RECEIPTS: Final = 200
ARMS: Final = 4
REPETITIONS: Final = 3
IN_FLIGHT: Final = 16
ANSWERS_IN: Final = 1.0
"""Seconds until the service answers."""
SHARE: Final = 0.9
TIMES_IDLE: Final = 2
_PLANNED: Final = RECEIPTS * ARMS * REPETITIONS
_WAITING: Final = 100
_IN_LIST: Final = 30
_WARM: Final = 4
_IDLE: Final = 40


def measured() -> Iterator[Figure]:
    """The desk's clicks while nothing else happens, then while the experiment runs."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        with waiting_desk(folder, _WAITING) as desk, fixed_service(folder, answer(), ANSWERS_IN) as service:
            url = desk.database.engine.url.render_as_string(hide_password=False)
            services = services_of(folder, url, service.base_url)
            id_ = made(services, RECEIPTS, arms=ARMS, repetitions=REPETITIONS, in_flight=IN_FLIGHT)
            page = list_page(browser, desk.url)
            idle = _idle(page)
            services.start_experiment(id_)
            meanwhile = _until_finished(page, services, id_)
            ended = experiment(services.database, id_)
            failed = progress(services.database, ended, utc_now()).failed
            asked = service.requests
            services.close()
    print(f"pace: {_PLANNED} runs, {failed} failed, {asked} requests, in {_took(ended):.1f} s")
    _tell("row of the list to the receipt, nothing else running", idle)
    _tell("row of the list to the receipt, an experiment running", meanwhile)
    ideal = _PLANNED / IN_FLIGHT * ANSWERS_IN
    good = ideal if ended.status == ExperimentStatus.FINISHED and not failed else 0
    yield Figure("share of the ideal rate of an experiment, 16 in flight", good / _took(ended), SHARE)
    slower = _p95(meanwhile) / _p95(idle)
    yield Figure("times as long a click takes beside an experiment, p95", slower, TIMES_IDLE, at_least=False)


def _took(ended: Experiment) -> float:
    assert ended.started_at is not None
    return ((ended.ended_at or utc_now()) - ended.started_at).total_seconds()


def _idle(page: Page) -> list[float]:
    return [opening(page, number % _IN_LIST) for number in range(_WARM + _IDLE)][_WARM:]


def _until_finished(page: Page, services: Services, experiment_id: int) -> list[float]:
    """The clicks from the first run on; one that was still under way at the end is left out."""
    took: list[float] = []
    while experiment(services.database, experiment_id).started_at is None:
        time.sleep(0.1)
    for number in count():
        click = opening(page, number % _IN_LIST)
        if experiment(services.database, experiment_id).status != ExperimentStatus.RUNNING:
            return took
        took.append(click)
    raise AssertionError


def _p95(took: list[float]) -> float:
    return quantiles(took, n=20)[-1]


def _tell(what: str, took: list[float]) -> None:
    print(f"{what}: median {median(took):.0f} ms, p95 {_p95(took):.0f} ms, n {len(took)}")
