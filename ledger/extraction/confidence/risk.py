"""From everything that is known of a reading to one risk for each field; docs/risk.md explains it. Pure."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from ledger.checks import check_receipt
from ledger.extraction.confidence.doubt import Doubt, Doubts
from ledger.extraction.confidence.evidence import (
    Evidence,
    from_checks,
    from_model,
    from_ocr,
    from_opinions,
    from_places,
    from_problems,
)
from ledger.extraction.confidence.likelihood import Likelihood
from ledger.extraction.confidence.second_opinion import second_opinion
from ledger.extraction.confidence.signs import sign_confidences
from ledger.extraction.extractor import FieldProblem
from ledger.extraction.look import Look, Quad
from ledger.extraction.notes import DISCOUNTS
from ledger.receipt import LineItem, Receipt

AGREED: Final = 0.3
"""What is left of a risk when the engine on this machine read the same. A starting value."""


def doubts_of(
    receipt: Receipt,
    *,
    likelihoods: Mapping[str, Likelihood],
    problems: Sequence[FieldProblem],
    look: Look | None,
    places: Mapping[str, Quad | None],
    own_look: bool,
    today: dt.date,
) -> Doubts:
    """What is to be doubted of a reading.

    `look` is what the engine on this machine saw, if it is there, and `places` is where each value was found in it;
    with `own_look` the receipt is its own reading, so that its confidence counts, and neither is it a second opinion
    nor is it searched for what it read. `today` is the day where the receipts come from.
    """
    paths = ("items", *_paths(receipt))
    known = {path: likelihoods[path] for path in paths if path in likelihoods}
    opinions = second_opinion(receipt, look) if look and not own_look else {}
    evidence = defaultdict[str, list[Evidence]](list)
    for path, one in chain(
        from_model(known, receipt.currency),
        from_ocr(sign_confidences(look) if look and own_look else {}),
        from_problems(problems),
        from_checks(check_receipt(receipt, today, _discount(look)), {problem.field for problem in problems}),
        from_opinions(opinions),
        from_places(places if not own_look else {}, len(look.lines) if look else 0),
    ):
        evidence[path].append(one)
    agreed = {path for path, opinion in opinions.items() if opinion.agrees}
    told = (path for path in paths if path in evidence or path in agreed)
    return Doubts({path: _doubt(evidence[path], known.get(path), path in agreed) for path in told})


def _doubt(evidence: Sequence[Evidence], likelihood: Likelihood | None, agreed: bool) -> Doubt:
    """Evidence is taken as independent: a value is right if every piece that speaks against it is wrong to."""
    ordered = sorted(evidence, key=lambda one: -one.weight)
    risk = (1 - math.prod(1 - one.weight for one in ordered)) * (AGREED if agreed else 1)
    return Doubt(risk, tuple(one.note for one in ordered if one.note), likelihood, agreed)


def _paths(receipt: Receipt) -> Iterator[str]:
    """Every field of the receipt, in its order."""
    yield from (name for name in Receipt.model_fields if name != "items")
    for index in range(len(receipt.items)):
        yield from (f"items.{index}.{name}" for name in LineItem.model_fields)


def _discount(look: Look | None) -> int:
    """What the engine saw taken off between the items, in the currency's smallest unit."""
    notes = look.notes if look else ()
    return sum(int(note.fields["amount"].replace(",", "")) for note in notes if note.sentence == DISCOUNTS)
