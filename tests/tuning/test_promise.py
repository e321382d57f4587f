"""A promoted prompt is followed: how many receipts were right as they were read, against what the gate promised."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from ledger.corrections.diff import corrections
from ledger.database import Database
from ledger.experiments.scores import scored
from ledger.operations.measures import Rate
from ledger.prompts.activation import Active
from ledger.review.confirm import confirm
from ledger.review.undo import newest_decision, undo
from ledger.tuning.promise import Promise, promise
from tests.factories import MISREAD, NOW, RIGHT, SETTINGS, action, confirm_one, read_one

ACTIVE = Active(1, "fake-1", str(SETTINGS.prompt_version), {"promise": {"value": 0.9}}, "지수", NOW)


def test_receipts_read_with_it_and_confirmed_unchanged_keep_the_promise(database: Database) -> None:
    for number in range(6):
        confirm_one(database, MISREAD, RIGHT if number else MISREAD, key=f"ledger/{number}.jpg")

    assert promise(database, ACTIVE) == Promise(0.9, Rate(1, 6))
    assert promise(database, ACTIVE).falls_short


def test_promise_and_production_are_measured_by_one_rule(database: Database) -> None:
    name = MISREAD.items[0].name
    assert name
    spaced = MISREAD.items[0].model_copy(update={"name": " ".join(name)})
    as_spaced = MISREAD.model_copy(update={"items": (spaced, *MISREAD.items[1:])})
    assert corrections(MISREAD, as_spaced)
    for number, truth in enumerate((MISREAD, as_spaced, RIGHT)):
        confirm_one(database, MISREAD, truth, key=f"ledger/{number}.jpg")

    right = [scored(truth, MISREAD).all_right for truth in (MISREAD, as_spaced, RIGHT)]

    assert right == [True, True, False]
    assert promise(database, ACTIVE).kept == Rate(sum(right), len(right))


def test_the_newest_receipts_are_looked_at(database: Database) -> None:
    for number in range(3):
        confirm_one(database, MISREAD, MISREAD if number else RIGHT, key=f"ledger/{number}.jpg")

    assert promise(database, ACTIVE, most=2).kept == Rate(2, 2)


def test_what_was_corrected_and_undone_does_not_count(database: Database) -> None:
    receipt_id, extraction_id = read_one(database, MISREAD)
    confirm(database, action(receipt_id, extraction_id, "first"), RIGHT)
    decision = newest_decision(database, receipt_id)
    assert decision is not None
    undo(database, decision, operator="지수", now=NOW)
    confirm(database, action(receipt_id, extraction_id, "second"), MISREAD)

    assert promise(database, ACTIVE).kept == Rate(1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"version": "receipt-v2@000000000000"},
        {"created_at": NOW + dt.timedelta(hours=1)},
        {"ended_at": NOW},
        {"family": "gpt-4o"},
    ],
)
def test_only_what_was_read_with_it_while_it_was_active_counts(database: Database, other: dict[str, object]) -> None:
    confirm_one(database, MISREAD, RIGHT)

    assert promise(database, replace(ACTIVE, **other)).kept == Rate(0, 0)  # type: ignore[arg-type]  # fields of Active


@pytest.mark.parametrize(
    ("promised", "kept", "short"),
    [(0.9, Rate(40, 100), True), (0.9, Rate(88, 100), False), (0.9, Rate(1, 3), False), (None, Rate(0, 100), False)],
)
def test_a_promise_falls_short_when_chance_does_not_explain_it(promised: float | None, kept: Rate, short: bool) -> None:
    assert Promise(promised, kept).falls_short is short
