"""docs/risk.md says the formula as it is."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from ledger.extraction.confidence.doubt import FORMULA, Doubts
from ledger.extraction.confidence.evidence import FEWEST_LINES, OCR_SHARE, WEIGHTS, WORTH_SAYING
from ledger.extraction.confidence.likelihood import Alternative, Likelihood
from ledger.extraction.confidence.risk import AGREED, doubts_of
from ledger.receipt import Category, LineItem, Receipt
from tests.extraction.confidence.looks import look_with

DOCUMENT = (Path(__file__).parents[3] / "docs" / "risk.md").read_text("utf-8")
TODAY = dt.date(2026, 11, 22)


def example() -> Doubts:
    toy = LineItem(name="장난감", price=13_500, count=1, category=Category.SUPPLIES)
    potato = LineItem(name="검자", price=4_000, count=1, category=Category.FOOD)
    read = Receipt(date=TODAY, location="루트231", items=(toy, potato), total_amount=18_500)
    return doubts_of(
        read,
        likelihoods={"items.1.name": Likelihood(0.45, 0.45, (Alternative("감자", 0.4),))},
        problems=(),
        look=look_with(read.model_copy(update={"total_amount": 21_900})),
        places={},
        own_look=False,
        today=TODAY,
    )


def test_the_document_lists_every_weight_as_it_is() -> None:
    section = DOCUMENT[DOCUMENT.index("| sentence | weight |") :].split("\n\n")[0]
    rows = re.findall(r"^\| (.+) \| ([0-9.]+) \|$", section, re.MULTILINE)
    assert [(sentence, float(weight)) for sentence, weight in rows] == list(WEIGHTS.items())


def test_the_document_names_the_formula_and_its_constants() -> None:
    assert f"## The formula, `{FORMULA}`" in DOCUMENT
    assert f"*a* is {AGREED} where" in DOCUMENT
    assert f"| {OCR_SHARE} · (1 − *c*) |" in DOCUMENT
    assert f"below {WORTH_SAYING} count" in DOCUMENT
    assert f"with {FEWEST_LINES} lines" in DOCUMENT


def test_the_example_comes_out_as_it_is_told() -> None:
    doubts = example()
    risks = [doubts.fields[path].risk for path in ("items.1.name", "total_amount", "items.0.price", "items.1.price")]
    assert risks == pytest.approx([0.55, 0.75, 0.088, 0.088], abs=0.001)
    assert doubts.risk == pytest.approx(0.906, abs=0.001)
    assert f'"risk": {doubts.as_json()["fields"]["items.1.price"]["risk"]}' in DOCUMENT
