"""The words of the temperature lab: what is compared, on what, and how it stands. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ledger.extraction.extractor import ReadingSettings
from ledger.notes import Note
from ledger.receipt import Receipt


class Split(StrEnum):
    """What a receipt of a dataset version may be used for. A prompt that was tuned is judged on others."""

    TUNE = "tune"
    TEST = "test"


class ExperimentStatus(StrEnum):
    """Where an experiment stands."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


PHOTOS: Final = "photos"
DATASETS: Final = "datasets"
"""Where the picture of a case lies: in the store of receipts, or among what was imported."""


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """Frozen receipts with their truth. `origin` says how it was made."""

    id: int
    name: str
    origin: Mapping[str, Any]
    sha256: str
    cases: int
    tests: int
    operator: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One receipt of a dataset version."""

    id: int
    number: int
    receipt_id: int | None
    store: str
    object_key: str
    image_sha256: str
    truth: Receipt
    shop: str
    date: dt.date | None
    split: Split


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the settings that are compared. `id` is 0 until it is stored; number 0 is the baseline."""

    number: int
    name: str
    engine: str
    settings: ReadingSettings
    id: int = 0

    @property
    def is_deterministic(self) -> bool:
        """Whether it reads a picture the same way each time, so that a repetition tells nothing."""
        return self.engine == "offline"


@dataclass(frozen=True, slots=True)
class Experiment:
    """Arms x receipts x repetitions. `split` None means all receipts of the version."""

    id: int
    name: str
    dataset: DatasetVersion
    arms: tuple[Arm, ...]
    split: Split | None
    metric: str
    repetitions: int
    shared_requests: bool
    in_flight: int
    seed: int
    budget_microusd: int | None
    status: ExperimentStatus
    reason: Note | None
    operator: str
    created_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None

    @property
    def is_over(self) -> bool:
        """Whether no more runs will come, so that what was found can be told."""
        return self.status in (ExperimentStatus.FINISHED, ExperimentStatus.CANCELLED)

    @property
    def baseline(self) -> Arm:
        """The arm that the others are compared with."""
        return self.arms[0]

    @property
    def receipts(self) -> int:
        """How many receipts each arm reads."""
        version = self.dataset
        return {None: version.cases, Split.TEST: version.tests, Split.TUNE: version.cases - version.tests}[self.split]

    @property
    def planned(self) -> int:
        """How many runs it has in the end."""
        return self.receipts * sum(self.repetitions_of(arm) for arm in self.arms)

    def repetitions_of(self, arm: Arm) -> int:
        """How often this arm reads each receipt."""
        return 1 if arm.is_deterministic else self.repetitions
