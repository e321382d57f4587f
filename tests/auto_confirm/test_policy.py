"""Which readings are so complete and in order that nobody need look, and who looks all the same."""

from __future__ import annotations

import datetime as dt

import pytest

from ledger import checks
from ledger.auto_confirm.policy import may_stand_alone
from ledger.receipt import Receipt
from tests.auto_confirm.receipts import bought

TODAY = dt.date(2024, 11, 12)
SURE = {"formula": "t", "fields": {"date": {"risk": 0.01, "reasons": []}}}
WARNED = {"formula": "t", "fields": {"date": {"risk": 0.0, "reasons": [{"sentence": checks.REPEATED, "fields": {}}]}}}


def test_a_complete_reading_in_order_may() -> None:
    assert may_stand_alone(bought(1), SURE, TODAY)


def _item(**values: object) -> Receipt:
    return bought(1).model_copy(update={"items": (bought(1).items[0].model_copy(update=values),)})


@pytest.mark.parametrize(
    "receipt",
    [
        pytest.param(bought(1).model_copy(update={"date": None}), id="it has no date"),
        pytest.param(bought(1).model_copy(update={"date": TODAY + dt.timedelta(days=1)}), id="its date is to come"),
        pytest.param(bought(1).model_copy(update={"location": None}), id="it has no place"),
        pytest.param(bought(1).model_copy(update={"total_amount": None}), id="it has no total"),
        pytest.param(bought(1).model_copy(update={"items": ()}), id="it has no items"),
        pytest.param(_item(name=None), id="an item has no name"),
        pytest.param(_item(name="가" * 256), id="a name is longer than the ledger takes"),
        pytest.param(_item(price=None), id="an item has no amount"),
        pytest.param(_item(price=1), id="the sum is not the total"),
        pytest.param(_item(count=None), id="an item has no count"),
        pytest.param(_item(category=None), id="an item has no category"),
    ],
)
def test_what_a_person_would_have_to_mend_or_be_asked_about_may_not(receipt: Receipt) -> None:
    assert not may_stand_alone(receipt, SURE, TODAY)


def test_what_was_warned_of_or_never_judged_may_not() -> None:
    assert not may_stand_alone(bought(1), WARNED, TODAY)
    assert not may_stand_alone(bought(1), None, TODAY)
