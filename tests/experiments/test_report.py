"""What an experiment found, out of its stored runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.experiments import leader
from ledger.experiments.figures import Confusion, Figure, Verdict
from ledger.experiments.report import changed_by, report_of
from ledger.experiments.scored_runs import rescore
from ledger.experiments.scores import METRICS, VERSION
from ledger.experiments.tables import RunRow
from ledger.experiments.words import ExperimentStatus
from ledger.extraction.notes import NO_TEMPERATURE, NOT_APPLIED
from ledger.notes import Note
from ledger.ui.texts import Texts
from tests.experiments.drawn_up import drawn_up
from tests.factories import MISREAD, RIGHT

CANCELLED, RUNNING = ExperimentStatus.CANCELLED, ExperimentStatus.RUNNING


def told(notes: object) -> list[str]:
    assert isinstance(notes, list)
    return [note.sentence for note in notes]


# ---- Verdicts


def test_an_arm_that_fixes_much_and_breaks_little_is_better(database: Database) -> None:
    found = report_of(database, drawn_up(database, "X" * 9 + "O" * 11, "O" * 19 + "X"))

    (comparison,) = found.comparisons
    assert (comparison.fixed, comparison.broken) == (9, 1)
    assert comparison.verdict is Verdict.BETTER
    assert comparison.p_value == comparison.p_adjusted == pytest.approx(0.0215, abs=5e-5)
    assert comparison.difference.value == pytest.approx(0.4)
    assert 0 < (comparison.difference.low or 0) < 0.4 < (comparison.difference.high or 0)
    assert told(found.leader) == [leader.BETTER]
    assert str(found.leader[0]).startswith("온도 0.1 is better than 온도 0.0: of 20 receipts it gets 9 all right that")


def test_most_comparisons_of_twenty_receipts_cannot_be_told_and_say_how_many_it_takes(database: Database) -> None:
    found = report_of(database, drawn_up(database, "XXXX" + "O" * 16, "O" * 19 + "X"))

    (comparison,) = found.comparisons
    assert comparison.verdict is Verdict.CANNOT_TELL
    assert comparison.receipts_needed == 92
    assert (comparison.difference.low or 0) <= 0
    assert "It takes about 72 more receipts" in str(found.leader[0])


def test_of_several_arms_that_cannot_be_told_the_first_sentence_is_about_all(database: Database) -> None:
    found = report_of(database, drawn_up(database, "X" + "O" * 19, "O" * 20, "O" * 19 + "X"))

    assert told(found.leader) == [leader.NONE_BETTER, leader.CANNOT_TELL, leader.NO_DIFFERENCE]
    assert str(found.leader[0]) == "By these 20 receipts no arm can be called better than 온도 0.0 yet."


def test_an_arm_that_always_fails_is_worse_and_its_failures_are_told(database: Database) -> None:
    found = report_of(database, drawn_up(database, "O" * 10, "F" * 10))

    assert found.comparisons[0].verdict is Verdict.WORSE
    assert told(found.leader) == [leader.ALL_FAILED, leader.WORSE]
    assert found.arms[1].failures == {"ModelTimeout": 10}
    assert found.arms[1].cost_microusd is None
    assert {name: figure.value for name, figure in found.arms[1].metrics.items() if METRICS[name].is_share} == {
        name: float(metric.lower_is_better) for name, metric in METRICS.items() if metric.is_share
    }


def test_some_failures_of_an_arm_are_told_after_the_verdict(database: Database) -> None:
    found = report_of(database, drawn_up(database, "OOOOOOOOO", "OOOOOOOFF"))

    assert told(found.leader) == [leader.CANNOT_TELL, leader.FAILED]
    assert str(found.leader[1]) == "Of 9 runs of 온도 0.1, 2 failed. They count as wrong."


def test_two_arms_that_always_fail_differ_in_nothing(database: Database) -> None:
    found = report_of(database, drawn_up(database, "F" * 10, "F" * 10))

    assert found.comparisons[0].receipts_needed is None
    assert told(found.leader) == [leader.ALL_FAILED, leader.ALL_FAILED, leader.NO_DIFFERENCE]


def test_another_metric_is_decided_by_its_own_differences(database: Database) -> None:
    found = report_of(database, drawn_up(database, "X" * 12, "O" * 12, metric="corrections"))

    (comparison,) = found.comparisons
    assert comparison.verdict is Verdict.BETTER  # fewer are better
    assert comparison.difference == Figure(-1.0)  # each receipt differs by just as much
    assert comparison.p_value == pytest.approx(2 / 2**12)
    said = "온도 0.1 is better than 온도 0.0 by “Corrections a receipt”: 0.00 instead of 1.00, over 12 receipts."
    assert str(found.leader[0]) == said
    assert "판정 지표(“영수증당 정정 수”)" in Texts("ko").plain.note(found.leader[0])


def test_several_arms_share_the_right_to_be_wrong(database: Database) -> None:
    fixing_six = "O" * 10
    found = report_of(database, drawn_up(database, "X" * 6 + "OOOO", fixing_six, "X" * 6 + "OOOO"))

    one, other = found.comparisons
    assert (one.p_value, one.p_adjusted, one.verdict) == (0.03125, 0.0625, Verdict.CANNOT_TELL)
    assert (other.p_value, other.p_adjusted) == (1, 1)
    assert one.difference.low == 0  # else the interval would tell what the verdict does not


def test_a_receipt_counts_by_most_of_its_runs_and_a_mean_by_all(database: Database) -> None:
    found = report_of(database, drawn_up(database, ["XOO", "XXO", "OXO"], ["OOO", "OOO", "XXO"]))

    assert found.receipts == 3
    assert [arm.metrics["all_right"].value for arm in found.arms] == pytest.approx([5 / 9, 7 / 9])
    assert [arm.always_right.value for arm in found.arms] == pytest.approx([1 / 3, 1 / 3])
    assert [arm.flips.value for arm in found.arms] == pytest.approx([2 / 3, 2 / 3])
    assert (found.comparisons[0].fixed, found.comparisons[0].broken) == (2, 0)


def test_an_offline_arm_is_read_once_and_compared_with_the_majority_of_the_others(database: Database) -> None:
    openai = ["X" * 8 + "OO", "X" * 8 + "OO", "O" * 10]
    found = report_of(database, drawn_up(database, openai, "O" * 10, engines=["openai", "offline"]))

    offline = found.arms[1]
    assert (offline.planned, offline.runs, offline.flips.value) == (10, 10, None)
    assert found.comparisons[0].fixed == 8
    assert found.comparisons[0].verdict is Verdict.BETTER


# ---- When nothing is told


def test_no_verdict_is_told_before_all_runs_are_in(database: Database) -> None:
    found = report_of(database, drawn_up(database, "X" * 10, "O" * 9 + ".", status=RUNNING))

    assert not found.is_final
    assert found.comparisons == []
    assert str(found.leader[0]).startswith("19 of 20 runs are in.")


def test_a_cancelled_experiment_is_told_by_the_receipts_that_every_arm_has_read(database: Database) -> None:
    found = report_of(database, drawn_up(database, "X" * 10 + "....", "O" * 8 + "XX" + "OO..", status=CANCELLED))

    assert (found.is_final, found.receipts) == (True, 10)
    assert (found.comparisons[0].fixed, found.comparisons[0].broken) == (8, 0)
    assert told(found.leader) == [leader.BETTER, leader.CANCELLED]
    assert "22 of 28 runs" in str(found.leader[1])
    assert found.arms[1].metrics["all_right"].value == 0.8


def test_an_arm_that_read_nothing_is_left_out_and_named(database: Database) -> None:
    found = report_of(database, drawn_up(database, "X" * 10, "." * 10, "O" * 10, status=CANCELLED))

    assert [each.arm.number for each in found.comparisons] == [2]
    assert told(found.leader) == [leader.BETTER, leader.CANCELLED, leader.NO_RUNS]


def test_an_arm_that_read_nothing_does_not_make_receipts_too_few(database: Database) -> None:
    found = report_of(database, drawn_up(database, "X" * 6, "." * 6, "O" * 6, status=CANCELLED))

    assert [each.verdict for each in found.comparisons] == [Verdict.BETTER]
    assert told(found.leader) == [leader.BETTER, leader.CANCELLED, leader.NO_RUNS]
    assert found.arms[1].metrics["names"] == Figure(None)
    assert found.arms[1].latency_ms is None


def test_nothing_is_compared_with_a_baseline_that_read_nothing(database: Database) -> None:
    found = report_of(database, drawn_up(database, "." * 10, "O" * 10, status=CANCELLED))

    assert found.comparisons == []
    assert told(found.leader) == [leader.CANCELLED, leader.NO_RUNS]


def test_an_experiment_without_any_run_has_a_report(database: Database) -> None:
    found = report_of(database, drawn_up(database, "...", "...", status=CANCELLED))

    assert (found.receipts, found.comparisons) == (0, [])
    assert leader.TOO_FEW in told(found.leader)


def test_one_arm_alone_is_compared_with_nothing(database: Database) -> None:
    assert told(report_of(database, drawn_up(database, "OOX")).leader) == [leader.NOTHING_TO_COMPARE]


def test_too_few_receipts_are_named_as_such(database: Database) -> None:
    found = report_of(database, drawn_up(database, "XXXXX", "OOOOO"))

    assert found.comparisons[0].verdict is Verdict.CANNOT_TELL
    assert str(found.leader[0]).startswith("5 receipts are too few")
    assert "It takes 6 at the very least" in str(found.leader[0])


def test_arms_that_were_read_alike_are_not_told_apart_by_chance(database: Database) -> None:
    note = Note(NOT_APPLIED, {"model": "fake-1", "setting": "temperature", "value": "0.1"})
    same = {0: {"temperature": None}, 1: {"temperature": None}}
    found = report_of(database, drawn_up(database, "X" * 10, "O" * 10, applied=same, notes=[note]))

    assert found.comparisons[0].verdict is Verdict.CANNOT_TELL
    assert found.comparisons[0].receipts_needed is None
    assert told(found.leader) == [leader.LEFT_OUT, leader.ALIKE, leader.LEFT_OUT]
    assert str(found.leader[2]) == "온도 0.1 asked for temperature 0.1, which was not applied."
    assert found.arms[1].notes == [note]


def test_what_only_some_readings_said_is_not_said_of_the_arm(database: Database) -> None:
    made = drawn_up(database, "OO", notes=[Note(NO_TEMPERATURE, {"temperature": "0.2"})])
    with database.write() as session:
        session.execute(sa.update(RunRow).where(RunRow.case_id == 1).values(notes=[]))

    assert report_of(database, made).arms[0].notes == []


# ---- Figures of an arm


def test_an_arm_has_its_cost_times_and_slips(database: Database) -> None:
    arm = report_of(database, drawn_up(database, ["XO", "XF"], shared=2)).arms[0]

    assert (arm.runs, arm.planned, arm.shared) == (4, 4, True)
    assert (arm.cost_microusd, arm.latency_ms, arm.slow_ms) == (1_000, 1_500, 2_000)
    assert arm.confusions == [Confusion("ㅏ", "ㅓ", 2)]


def test_rates_have_wilsons_interval_and_equal_counts_have_none(database: Database) -> None:
    metrics = report_of(database, drawn_up(database, "O" * 19 + "X")).arms[0].metrics

    assert (metrics["all_right"].low, metrics["all_right"].high) == pytest.approx((0.764, 0.991), abs=5e-4)
    assert metrics["date"].low == pytest.approx(0.839, abs=5e-4)
    assert metrics["missing"] == Figure(0.0)
    assert (metrics["corrections"].low or 0) < 0.05 < (metrics["corrections"].high or 0)


def test_a_receipt_that_is_right_now_and_then_counts_in_part_and_still_leaves_room_below_and_above(
    database: Database,
) -> None:
    rate = report_of(database, drawn_up(database, ["O" * 20, "O" * 19 + "X"])).arms[0].metrics["all_right"]

    assert rate.value == pytest.approx(39 / 40)
    assert (rate.low, rate.high) == pytest.approx((0.80, 1.0), abs=0.005)


def test_only_the_receipts_of_the_split_count(database: Database) -> None:
    made = drawn_up(database, "OOO")

    assert report_of(database, made).receipts == 3
    with pytest.raises(KeyError):  # runs of another split are a defect
        report_of(database, replace(made, split="test"))


# ---- Scores that are old


def test_missing_and_old_scores_are_made_from_the_documents(database: Database) -> None:
    made = drawn_up(database, "XOF", is_scored=False)
    with database.write() as session:
        session.execute(sa.update(RunRow).where(RunRow.case_id == 2).values(score={"version": VERSION - 1}))

    assert report_of(database, made).arms[0].metrics["corrections"].value == 2  # one, none, and all five
    assert rescore(database, made) == 0


def test_scores_are_made_anew_once_and_counted(database: Database) -> None:
    made = drawn_up(database, ["XOF", "OOO"], is_scored=False)

    assert rescore(database, made) == 6
    assert rescore(database, made) == 0


# ---- Fixed and broken


def test_changed_receipts_come_with_a_typical_reading_of_both(database: Database) -> None:
    made = drawn_up(database, ["OXOX", "OXXX", "OFOX"], ["OOXX", "OXXX", "OOFO"])

    fixed, broken = changed_by(database, made, made.arms[1])
    assert (fixed.case.number, fixed.fixed, fixed.baseline, fixed.arm) == (1, True, MISREAD, RIGHT)
    assert (broken.case.number, broken.fixed, broken.baseline, broken.arm) == (2, False, RIGHT, MISREAD)


def test_a_failed_reading_that_broke_a_receipt_is_none(database: Database) -> None:
    made = drawn_up(database, "OO", "OF")

    (broken,) = changed_by(database, made, made.arms[1])
    assert (broken.fixed, broken.baseline, broken.arm) == (False, RIGHT, None)


def test_an_arm_that_read_nothing_changed_nothing(database: Database) -> None:
    made = drawn_up(database, "OO", "..", status=CANCELLED)

    assert changed_by(database, made, made.arms[1]) == changed_by(database, made, made.arms[0]) == []
