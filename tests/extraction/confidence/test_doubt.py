import json
import math

import pytest

from ledger.extraction.confidence.doubt import FORMULA, Doubt, Doubts
from ledger.extraction.confidence.likelihood import Alternative, Likelihood
from ledger.notes import Note

DOUBTS = Doubts(
    {
        "date": Doubt(0.0, agreed=True),
        "items.0.name": Doubt(
            0.55,
            (Note("Other reading: {text}", {"text": "감자"}),),
            Likelihood(0.45, 0.45, (Alternative("감자", 0.4), Alternative("금자", 0.1))),
        ),
        "total_amount": Doubt(0.5, (Note("The offline reading is {value}.", {"value": "21,900"}),)),
    }
)


def test_the_risk_of_a_reading_is_the_chance_that_any_field_is_wrong():
    assert DOUBTS.risk == pytest.approx(1 - 0.45 * 0.5)
    assert Doubts().risk == 0


def test_doubts_come_back_from_the_database_as_they_went():
    assert Doubts.from_json(json.loads(json.dumps(DOUBTS.as_json(), ensure_ascii=False))) == DOUBTS


def test_what_is_stored_names_its_formula_and_says_everything_by_field():
    assert DOUBTS.as_json() == {
        "formula": FORMULA,
        "fields": {
            "date": {"risk": 0.0, "reasons": [], "agreed": True},
            "items.0.name": {
                "risk": 0.55,
                "reasons": [{"sentence": "Other reading: {text}", "fields": {"text": "감자"}}],
                "probability": 0.45,
                "weakest": 0.45,
                "alternatives": [{"text": "감자", "probability": 0.4}, {"text": "금자", "probability": 0.1}],
            },
            "total_amount": {
                "risk": 0.5,
                "reasons": [{"sentence": "The offline reading is {value}.", "fields": {"value": "21,900"}}],
            },
        },
    }


def test_numbers_are_stored_with_four_digits():
    likelihood = Likelihood(1 / 3, 2 / 3, (Alternative("감", 1 / 7),))
    stored = Doubts({"date": Doubt(math.pi / 10, likelihood=likelihood)}).as_json()["fields"]["date"]
    assert stored == {
        "risk": 0.3142,
        "reasons": [],
        "probability": 0.3333,
        "weakest": 0.6667,
        "alternatives": [{"text": "감", "probability": 0.1429}],
    }
