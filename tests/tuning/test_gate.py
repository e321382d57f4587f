"""A draft passes the gate when it is better and worse in nothing; without that, only a written reason promotes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ledger.database import Database
from ledger.errors import NotBlind, PromotionRefused, SamePrompt
from ledger.experiments.datasets import dataset_version
from ledger.experiments.stored import create, experiments_asking
from ledger.experiments.words import ExperimentStatus, Split
from ledger.extraction.models import load_models
from ledger.prompts.shelf import Prompts
from ledger.prompts.words import StoredPrompt
from ledger.tuning.gate import (
    CANNOT_TELL,
    FIELD_WORSE,
    NOT_ALL_IN,
    NOT_BETTER,
    PASSED,
    Gate,
    gate_plan,
    gates_of,
    is_gate,
    judged,
)
from ledger.tuning.promotion import promote
from tests.experiments.drawn_up import drawn_up
from tests.experiments.making import dataset
from tests.factories import NOW, SETTINGS, MemoryStore

FAMILY = "fake-1"


@pytest.fixture
def prompts(database: Database) -> Prompts:
    return Prompts(database, lambda: NOW)


@pytest.fixture
def draft(prompts: Prompts) -> StoredPrompt:
    return prompts.draft("receipt-v2", "# 역할\n다르게 읽습니다.", parent=prompts.active(FAMILY), operator="지수")


def gate(
    database: Database,
    prompts: Prompts,
    draft: StoredPrompt,
    active: str | Sequence[str],
    new: str | Sequence[str],
    **more: Any,
) -> Gate:
    """The gate after these readings by the active prompt and by the draft."""
    made = drawn_up(database, active, new, prompts=(prompts.active(FAMILY), draft.version), **more)
    return judged(database, made)


def told(found: Gate) -> list[str]:
    return [note.sentence for note in found.why]


def test_what_is_better_and_worse_in_nothing_passes_and_is_promoted_with_its_evidence(
    database: Database, prompts: Prompts, draft: StoredPrompt
) -> None:
    found = gate(database, prompts, draft, "X" * 12 + "O" * 28, "O" * 40)
    assert (found.passed, told(found)) == (True, [PASSED])

    promote(prompts, draft.version, FAMILY, found, "지수")

    (active,) = prompts.history(FAMILY)
    assert prompts.active(FAMILY) == draft.version
    assert (active.reason["experiment"], active.reason["passed"], active.reason["receipts"]) == (1, True, 40)
    assert active.reason["promise"]["value"] == 1.0
    assert active.reason["promise"]["low"] < 1


def test_one_click_leads_back(database: Database, prompts: Prompts, draft: StoredPrompt) -> None:
    before = prompts.active(FAMILY)
    promoted = promote(prompts, draft.version, FAMILY, gate(database, prompts, draft, "X" * 20, "O" * 20), "지수")

    assert prompts.take_back(promoted, "민호")

    assert prompts.active(FAMILY) == before


@pytest.mark.parametrize(
    ("active", "new", "why"),
    [
        ("O" * 40, "X" * 12 + "O" * 28, [NOT_BETTER, FIELD_WORSE]),
        ("X" * 4 + "O" * 36, "O" * 40, [CANNOT_TELL]),
        ("X" * 30 + "O" * 30, "O" * 30 + "D" * 8 + "O" * 22, [FIELD_WORSE]),
    ],
    ids=["worse", "too few to tell", "better, and worse by a field"],
)
def test_what_is_worse_or_cannot_be_told_is_refused(
    database: Database, prompts: Prompts, draft: StoredPrompt, active: str, new: str, why: list[str]
) -> None:
    found = gate(database, prompts, draft, active, new)

    assert found.passed is False
    assert [each for each in dict.fromkeys(told(found)) if each in why] == why
    with pytest.raises(PromotionRefused, match="Write why"):
        promote(prompts, draft.version, FAMILY, found, "지수")
    assert prompts.active(FAMILY) != draft.version


def test_a_written_reason_promotes_what_was_refused_and_stays_with_it(
    database: Database, prompts: Prompts, draft: StoredPrompt
) -> None:
    found = gate(database, prompts, draft, "O" * 20, "X" * 20)
    with pytest.raises(PromotionRefused, match="10 characters"):
        promote(prompts, draft.version, FAMILY, found, "지수", override="급함")

    promote(prompts, draft.version, FAMILY, found, "지수", override="가게가 영수증 서식을 바꾸었습니다.")

    (active,) = prompts.history(FAMILY)
    assert (active.reason["passed"], active.reason["override"]) == (False, "가게가 영수증 서식을 바꾸었습니다.")


def test_without_a_gate_a_reason_is_needed(prompts: Prompts, draft: StoredPrompt) -> None:
    with pytest.raises(PromotionRefused, match="no gate"):
        promote(prompts, draft.version, FAMILY, None, "지수", override="  ")


def test_nothing_is_decided_before_all_runs_are_in(database: Database, prompts: Prompts, draft: StoredPrompt) -> None:
    running = gate(database, prompts, draft, "X" * 20, "O" * 20, status=ExperimentStatus.RUNNING)

    assert (running.passed, told(running)) == (None, [NOT_ALL_IN])
    with pytest.raises(PromotionRefused, match="has not decided"):
        promote(prompts, draft.version, FAMILY, running, "지수", override="기다릴 수 없습니다, 정말로.")


def test_a_cancelled_gate_decides_nothing_in_favour(database: Database, prompts: Prompts, draft: StoredPrompt) -> None:
    found = gate(database, prompts, draft, "X" * 20, "O" * 19 + ".", status=ExperimentStatus.CANCELLED)

    assert found.passed is False


def test_a_gate_compares_two_prompts_on_the_test_split_and_nothing_else(
    database: Database, prompts: Prompts, draft: StoredPrompt
) -> None:
    version = dataset_version(database, dataset(database, MemoryStore(), 4, tests=2))

    plan = gate_plan(draft, prompts.active(FAMILY), version, SETTINGS, repetitions=2)

    assert (plan.split, plan.repetitions, plan.metric) == (Split.TEST, 2, "all_right")
    assert [arm.settings.prompt_version for arm in plan.arms] == [prompts.active(FAMILY), draft.version]
    assert len({replace(arm.settings, prompt_version=None) for arm in plan.arms}) == 1
    with pytest.raises(SamePrompt):
        gate_plan(draft, draft.version, version, SETTINGS)


def test_a_draft_is_not_judged_by_receipts_that_it_may_have_been_made_from(
    database: Database, prompts: Prompts
) -> None:
    version = dataset_version(database, dataset(database, MemoryStore(), 4, tests=2))
    seen = prompts.draft("receipt-v2", "# 역할\n감자를 압니다.", unseen=[], operator="지수")

    with pytest.raises(NotBlind, match="receipt-v2"):
        gate_plan(seen, prompts.active(FAMILY), version, SETTINGS)


def test_the_gates_of_a_draft_are_found(database: Database, prompts: Prompts, draft: StoredPrompt) -> None:
    found = gate(database, prompts, draft, "X" * 6, "O" * 6)

    active = prompts.active(FAMILY)
    assert [each.id for each in gates_of(database, draft, FAMILY, active)] == [found.experiment.id]
    assert gates_of(database, prompts.stored(active), FAMILY, active) == []


def test_a_gate_is_found_however_many_experiments_came_after_it(
    database: Database, prompts: Prompts, draft: StoredPrompt
) -> None:
    found = gate(database, prompts, draft, "X" * 6, "O" * 6)
    other = prompts.draft("receipt-v3", "# 역할\n또 다르게 읽습니다.", operator="지수")
    plan = gate_plan(other, prompts.active(FAMILY), found.experiment.dataset, SETTINGS)
    for _ in range(2):
        create(database, plan, load_models(), "지수", NOW)

    asking = experiments_asking(database, draft.version, limit=1)
    assert [each.id for each in asking] == [found.experiment.id]
    assert gates_of(database, draft, FAMILY, prompts.active(FAMILY)) == asking


def test_what_somebody_compared_by_hand_is_no_gate_where_the_draft_was_made_from_its_receipts(
    database: Database, prompts: Prompts
) -> None:
    seen = prompts.draft("receipt-v2", "# 역할\n감자를 압니다.", unseen=[], operator="지수")
    gate(database, prompts, seen, "X" * 6, "O" * 6)

    assert gates_of(database, seen, FAMILY, prompts.active(FAMILY)) == []


def test_what_another_family_read_or_another_metric_says_is_no_gate(
    database: Database, prompts: Prompts, draft: StoredPrompt
) -> None:
    by_dates = gate(database, prompts, draft, "D" * 6, "O" * 6, metric="date").experiment

    assert gates_of(database, draft, FAMILY, prompts.active(FAMILY)) == []
    assert gates_of(database, draft, "gpt-4o", prompts.active(FAMILY)) == []
    assert not is_gate(by_dates)
    assert is_gate(replace(by_dates, metric="all_right"))


def test_a_gate_promotes_nothing_else_than_what_it_compared(
    database: Database, prompts: Prompts, draft: StoredPrompt
) -> None:
    found = gate(database, prompts, draft, "X" * 12 + "O" * 28, "O" * 40)
    another = prompts.draft("receipt-v3", "# 역할\n또 다르게.", operator="지수")
    for version, family in ((another.version, FAMILY), (draft.version, "gpt-4o")):
        with pytest.raises(PromotionRefused, match="Run it again"):
            promote(prompts, version, family, found, "지수")

    prompts.promote(FAMILY, another.version, {}, "민호")

    with pytest.raises(PromotionRefused, match="Run it again"):
        promote(prompts, draft.version, FAMILY, found, "지수")
    assert prompts.active(FAMILY) == another.version
