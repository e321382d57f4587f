"""Experiments as they lie in the database after their runs, drawn up as one letter a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from ledger.database import Database
from ledger.experiments.scores import score
from ledger.experiments.tables import DatasetCaseRow, DatasetVersionRow, ExperimentArmRow, ExperimentRow, RunRow
from ledger.experiments.words import PHOTOS, Arm, DatasetVersion, Experiment, ExperimentStatus, Split
from ledger.notes import Note
from ledger.receipt import Receipt
from tests.factories import MISREAD, NOW, RIGHT, SETTINGS

_ANOTHER_DAY: Final = RIGHT.model_copy(update={"date": dt.date(2023, 1, 1)})
READ: Final[Mapping[str, Receipt | None]] = {"O": RIGHT, "X": MISREAD, "D": _ANOTHER_DAY, "F": None}
"""All right, one jamo wrong, the date wrong, failed. A dot is a run that is not in."""


def drawn_up(
    database: Database,
    *arms: str | Sequence[str],
    metric: str = "all_right",
    status: ExperimentStatus = ExperimentStatus.FINISHED,
    engines: Sequence[str] = (),
    applied: Mapping[int, Mapping[str, Any]] | None = None,
    notes: Sequence[Note] = (),
    is_scored: bool = True,
    shared: int = 1,
    prompts: Sequence[str] = (),
) -> Experiment:
    """An experiment with these arms: a letter for each receipt, a string for each repetition.

    The arm with number n asks for temperature n / 10; `applied` says where something else came of it. With `prompts`
    the arms differ in their prompt instead, and the receipts are a test split.
    """
    repetitions = [[arm] if isinstance(arm, str) else list(arm) for arm in arms]
    version = _version(len(repetitions[0][0]), tests=bool(prompts))
    made = Experiment(
        id=1,
        name="온도 비교",
        dataset=version,
        arms=tuple(_asked(_arm(number, engines), prompts) for number in range(len(arms))),
        split=Split.TEST if prompts else None,
        metric=metric,
        repetitions=max(map(len, repetitions)),
        shared_requests=shared > 1,
        in_flight=4,
        seed=5,
        budget_microusd=None,
        status=status,
        reason=None,
        operator="지수",
        created_at=NOW,
        started_at=NOW,
        ended_at=NOW,
    )
    _store(database, made)
    runs = [
        _run(arm, case, repetition, letter, (applied or {}).get(arm.number, {}), notes, is_scored, shared)
        for arm, strings in zip(made.arms, repetitions, strict=True)
        for repetition, letters in enumerate(strings)
        for case, letter in enumerate(letters)
        if letter != "."
    ]
    with database.write() as session:
        session.add_all(runs)
    return made


def _version(receipts: int, *, tests: bool) -> DatasetVersion:
    return DatasetVersion(1, "첫 버전", {}, "0" * 64, receipts, receipts if tests else 0, "지수", NOW)


def _arm(number: int, engines: Sequence[str]) -> Arm:
    engine = engines[number] if engines else "openai"
    return Arm(number, f"온도 0.{number}", engine, replace(SETTINGS, temperature=number / 10), id=number + 1)


def _asked(arm: Arm, prompts: Sequence[str]) -> Arm:
    if not prompts:
        return arm
    return replace(arm, settings=replace(SETTINGS, prompt_version=prompts[arm.number]))


def _store(database: Database, made: Experiment) -> None:
    with database.write() as session:
        session.add(DatasetVersionRow(**asdict(made.dataset)))
        session.flush()
        session.add_all(_case(number, made.split or Split.TUNE) for number in range(made.dataset.cases))
        left_out = {"dataset", "arms"}
        columns = {name: value for name, value in _shallow(made).items() if name not in left_out}
        session.add(ExperimentRow(dataset_version_id=made.dataset.id, **columns))
        session.flush()
        for arm in made.arms:
            session.add(ExperimentArmRow(experiment_id=made.id, **_shallow(arm) | {"settings": arm.settings.as_json()}))


def _shallow(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _case(number: int, split: Split) -> DatasetCaseRow:
    return DatasetCaseRow(
        id=number + 1,
        dataset_version_id=1,
        number=number,
        store=PHOTOS,
        object_key=f"ledger/{number}.jpg",
        image_sha256=f"{number:064}",
        truth=RIGHT.model_dump(mode="json"),
        shop="루트231",
        date=RIGHT.date,
        split=split,
    )


def _run(
    arm: Arm,
    case: int,
    repetition: int,
    letter: str,
    applied: Mapping[str, Any],
    notes: Sequence[Note],
    is_scored: bool,
    shared: int,
) -> RunRow:
    read = READ[letter]
    return RunRow(
        experiment_id=1,
        arm_id=arm.id,
        case_id=case + 1,
        repetition=repetition,
        settings=arm.settings.as_json() | dict(applied),
        shared=shared,
        document=read.model_dump(mode="json") if read else None,
        notes=[asdict(note) for note in notes] if read else None,
        cost_microusd=1_000 + 100 * arm.number if read else None,
        latency_ms=1_000 * (repetition + 1),
        error_class=None if read else "ModelTimeout",
        error_message=None if read else "The model did not answer within 60 seconds. Read again.",
        error_fields=None if read else {"seconds": "60"},
        score=score(RIGHT, read) if is_scored else None,
        created_at=NOW + dt.timedelta(seconds=case),
    )
