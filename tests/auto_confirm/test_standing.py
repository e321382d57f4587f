"""Auto-confirm is switched on with its evidence, holds for one setting alone, and learns from people alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ledger.auto_confirm.held_out import held_out
from ledger.auto_confirm.standing import NO_THRESHOLD, OTHER_SETTING, OUT_OF_RANGE
from ledger.database import Database
from ledger.errors import AutoConfirmRefused
from ledger.prompts.families import family_of
from ledger.review.confirm import reject
from ledger.terms import add_terms, bytes_term
from tests.auto_confirm.receipts import Readings
from tests.factories import MISREAD, NOW, SETTINGS

LOOSE = {"bound": 0.2, "confidence": 0.8}
"""Eight right receipts show as much."""


def test_it_is_switched_on_with_the_evidence_and_off_again(database: Database) -> None:
    desk = Readings(database)
    desk.proven(8, risk=0.05)
    desk.people_confirm(desk.read(risk=0.5), wrong=True)

    row = desk.auto.switch_on(**LOOSE, audit_share=0.1, operator="지수")

    assert (row.threshold, row.bound, row.confidence, row.audit_share) == (0.05, 0.2, 0.8, 0.1)
    assert (row.operator, row.created_at, row.ended_at) == ("지수", NOW, None)
    evidence = {name: row.evidence[name] for name in ("receipts", "wrong", "of")}
    assert evidence == {"receipts": 8, "wrong": 0, "of": 9}
    assert row.evidence["setting"] == SETTINGS.as_json() | {"engine": "fake"}
    assert desk.auto.standing() is not None
    assert desk.status(desk.come(risk=0.06)[0]) == "extracted"

    assert desk.auto.switch_off("민호")
    assert not desk.auto.switch_off("민호")
    (row,) = desk.auto.history()
    assert (row.ended_by, row.end_reason, desk.auto.standing()) == ("민호", None, None)
    assert desk.status(desk.come()[0]) == "extracted"


def test_without_evidence_it_stays_off(database: Database) -> None:
    desk = Readings(database)
    desk.proven(7)

    with pytest.raises(AutoConfirmRefused) as refused:
        desk.auto.switch_on(**LOOSE, audit_share=0.1, operator="지수")

    assert refused.value.fields["why"].sentence == NO_THRESHOLD
    assert desk.auto.allowed(**LOOSE).missing == 1
    assert desk.auto.history() == []


@pytest.mark.parametrize("given", [{"bound": 0.0}, {"confidence": 1.0}, {"audit_share": 0.0}])
def test_numbers_that_make_no_sense_are_refused(database: Database, given: dict[str, float]) -> None:
    with pytest.raises(AutoConfirmRefused) as refused:
        Readings(database).auto.switch_on(**(LOOSE | {"audit_share": 0.1} | given), operator="지수")

    assert refused.value.fields["why"].sentence == OUT_OF_RANGE


def test_of_two_who_switch_it_on_at_once_one_holds(database: Database) -> None:
    desk = Readings(database)
    desk.proven(8)

    with ThreadPoolExecutor(2) as pool:
        who = ["지수", "민호"]
        list(pool.map(lambda name: desk.auto.switch_on(**LOOSE, audit_share=0.1, operator=name), who))

    assert sum(row.ended_at is None for row in desk.auto.history()) == 1


def test_another_setting_or_prompt_switches_it_off_and_its_risks_begin_anew(database: Database) -> None:
    desk = Readings(database)
    desk.proven(8)
    settings = replace(SETTINGS, temperature=0.9)

    desk.auto.switch_on(**LOOSE, audit_share=0.1, operator="지수")
    desk.production.choose(settings, {}, "지수")
    assert desk.auto.standing_for_reader() is None
    assert desk.auto.history()[0].end_reason == {"sentence": OTHER_SETTING, "fields": {}}
    assert desk.auto.allowed(**LOOSE).receipts == 8  # read at that very moment

    draft = desk.production.prompts.draft("own", "Read it.", operator="지수", note="")
    desk.auto.switch_on(**LOOSE, audit_share=0.1, operator="지수")
    desk.production.prompts.promote(family_of(settings.model), draft.version, {}, "지수")
    assert desk.auto.standing() is None
    assert desk.auto.history()[0].ended_by is None
    assert desk.auto.allowed(**LOOSE).of == 0


def test_people_alone_say_what_is_right_and_a_rejection_is_an_error(database: Database) -> None:
    desk = Readings(database)
    desk.people_confirm(desk.read(risk=0.1))
    desk.people_confirm(desk.read(risk=0.2), wrong=True)
    reject(database, desk.click(desk.read(risk=0.3)), "not_a_receipt", "")
    desk.people_confirm(desk.read(MISREAD.model_copy(update={"total_amount": 1}), risk=0.4))
    desk.people_confirm(desk.read(risk=0.5, model="another"))
    desk.standing(threshold=1.0)
    desk.come(2, risk=0.6)

    found = held_out(database, "fake", SETTINGS, None)

    assert (found.risks, found.wrong, found.of) == ((0.3, 0.2, 0.1), (True, True, False), 4)


def test_a_copy_that_was_rejected_is_no_error_of_the_risk(database: Database) -> None:
    desk = Readings(database)
    first, copy, alone = desk.read(risk=0.1), desk.read(risk=0.2), desk.read(risk=0.3)
    with database.write() as session:
        for receipt_id in (first, copy):
            add_terms(session, receipt_id, {bytes_term("0" * 64)})
    desk.people_confirm(first)
    for receipt_id in (copy, alone):
        reject(database, desk.click(receipt_id), "duplicate", "")

    found = held_out(database, "fake", SETTINGS, None)

    assert (found.risks, found.wrong, found.of) == ((0.3, 0.1), (True, False), 3)  # what looks like none is one
