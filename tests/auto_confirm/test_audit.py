"""What people find wrong is counted, and auto-confirm that does not keep its bound switches itself off."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy.stats import binom

from ledger.auto_confirm.audit import BROKEN, FALSE_ALARMS, MENDED, Audit, alarm
from ledger.database import Database
from ledger.notes import Note
from ledger.review.amend import ItemChange, amend
from ledger.review.confirm import reject
from ledger.review.undo import newest_decision, undo
from tests.auto_confirm.receipts import Readings
from tests.factories import NOW

LINES, RECEIPTS, BOUND = 1_000, 1_000, 0.02


def _first_alarms(share: float, false_alarms: float) -> list[int | None]:
    """After how many receipts each of many desks would be switched off, asked after every single one."""
    wrong = np.random.default_rng(7).random((LINES, RECEIPTS)) < share
    least = np.array(
        [next(k for k in range(n + 2) if k > n or alarm(k, n, BOUND, false_alarms)) for n in range(1, RECEIPTS + 1, 10)]
    )
    over = wrong.cumsum(axis=1)[:, ::10] >= least
    return [int(line.argmax()) * 10 + 1 if line.any() else None for line in over]


def test_one_that_keeps_its_bound_is_switched_off_no_more_often_than_stated_however_long_it_is_watched() -> None:
    alarms = _first_alarms(BOUND, FALSE_ALARMS)

    assert sum(each is not None for each in alarms) <= binom.ppf(0.999, LINES, FALSE_ALARMS)


def test_five_times_the_bound_is_found_out_within_some_dozens_of_receipts() -> None:
    alarms = _first_alarms(5 * BOUND, FALSE_ALARMS / 2)

    assert all(alarms)
    assert np.median([each for each in alarms if each]) < 100


def test_nothing_found_is_no_alarm() -> None:
    assert Audit(BOUND, confirmed=0, mended=0, left=0, decided=0, wrong=0).broken is None
    assert Audit(BOUND, confirmed=0, mended=0, left=0, decided=0, wrong=0).interval is None


def test_what_is_said_names_what_was_found() -> None:
    left = Audit(BOUND, confirmed=90, mended=0, left=12, decided=10, wrong=4)
    mended = Audit(BOUND, confirmed=90, mended=12, left=12, decided=10, wrong=0)

    assert left.broken == Note(BROKEN, {"wrong": "4", "decided": "10", "bound": "2.0%"})
    assert mended.broken == Note(MENDED, {"wrong": "12", "decided": "100", "bound": "2.0%"})
    assert left.interval == pytest.approx((0.1216, 0.7376), abs=1e-3)


def test_people_are_counted_and_nobody_else(database: Database) -> None:
    desk = Readings(database)
    everything = desk.standing(audit_share=1.0)
    right, corrected, refused, waiting = desk.come(4)
    desk.people_confirm(right)
    desk.people_confirm(corrected, wrong=True)
    reject(database, desk.click(refused), "other", "")
    assert desk.auto.switch_off("지수")
    nobody = desk.standing(audit_share=0.0)
    kept, amended, undone, anew = desk.come(4)
    name = {"name": "장난감"}
    amend(database, [ItemChange(amended, 0, {"name": "감자"}, name)], action_id="a", operator="지수", now=NOW)
    for receipt_id in (undone, anew):
        undo(database, newest_decision(database, receipt_id) or 0, operator="지수", now=NOW)
    desk.people_confirm(anew, wrong=True)

    assert desk.status(waiting) == "extracted"
    assert desk.status(kept) == "confirmed"
    assert desk.auto.audit(everything) == Audit(0.02, confirmed=0, mended=0, left=4, decided=3, wrong=2)
    assert desk.auto.audit(nobody) == Audit(0.02, confirmed=4, mended=2, left=0, decided=0, wrong=0)


def test_too_many_errors_switch_it_off_and_say_so(database: Database) -> None:
    desk = Readings(database)
    desk.standing(audit_share=1.0)
    for receipt_id in desk.come(3):
        desk.people_confirm(receipt_id, wrong=True)

    waiting = desk.read()
    desk.now += dt.timedelta(minutes=2)
    assert desk.after(waiting, desk.run_of(waiting)) is None

    (row,) = desk.auto.history()
    assert desk.auto.standing() is None
    assert (row.ended_by, row.ended_at) == (None, desk.now)
    assert row.end_reason == {"sentence": BROKEN, "fields": {"wrong": "3", "decided": "3", "bound": "2.0%"}}
