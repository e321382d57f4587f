"""Everything that speaks against a value of a reading, how much, and in which words. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger import checks
from ledger.checks import Finding
from ledger.extraction.confidence.likelihood import Likelihood
from ledger.extraction.confidence.second_opinion import Opinion
from ledger.extraction.extractor import FieldProblem
from ledger.extraction.look import Quad
from ledger.money import format_amount
from ledger.notes import Note
from ledger.receipt import UNREADABLE_NUMBER, UNREADABLE_TEXT

OTHER_READING: Final = "Other reading: {text}"
MODEL_UNSURE: Final = "The model was {percent} % sure."
OCR_UNSURE: Final = "OCR was {percent} % sure of its least clear sign."
OFFLINE_DIFFERS: Final = "The offline reading is {value}."
UNUSABLE: Final = "'{value}' was read, which cannot stand here."
NOT_ON_PHOTO: Final = "It was not found on the photo."
SENTENCES: Final = (OTHER_READING, MODEL_UNSURE, OCR_UNSURE, OFFLINE_DIFFERS, UNUSABLE, NOT_ON_PHOTO)

WEIGHTS: Final = {
    checks.NOT_READ: 0.9,
    checks.NO_ITEMS: 0.9,
    checks.NO_CATEGORY: 0.5,
    checks.SUM_DIFFERS: 0.5,
    checks.TOTAL_NOT_POSITIVE: 0.8,
    checks.DATE_AHEAD: 0.9,
    checks.DATE_LONG_AGO: 0.6,
    checks.PRICE_ZERO: 0.4,
    checks.PRICE_NEGATIVE: 0.5,
    checks.COUNT_NOT_POSITIVE: 0.9,
    checks.COUNT_LARGE: 0.6,
    checks.UNIT_PRICE_BROKEN: 0.15,
    checks.REPEATED: 0.15,
    UNUSABLE: 0.9,
    OFFLINE_DIFFERS: 0.5,
    NOT_ON_PHOTO: 0.3,
}
"""How likely a value is wrong when nothing but this speaks against it. Starting values, estimated and not fitted."""
OCR_SHARE: Final = 0.5
"""How much of OCR's doubt in its least clear sign counts: most of the signs that it doubts are right all the same."""
WORTH_SAYING: Final = 0.05
"""What a reader doubts less than this in its own value counts and is not said."""

FEWEST_LINES: Final = 5
"""Lines of text from which on a page is legible enough that a value which is missing on it says something."""

_INTEGER: Final = re.compile(r"-?\d+", re.ASCII)
_UNREADABLE: Final = {UNREADABLE_TEXT, str(UNREADABLE_NUMBER)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that speaks against a value, and how much, 0 to 1. Without a note it counts and is not said."""

    weight: float
    note: Note | None


Found = Iterator[tuple[str, Evidence]]
"""Evidence by path, as in `items.2.price`; of one path there may be several."""


def from_model(likelihoods: Mapping[str, Likelihood], currency: str) -> Found:
    """A model's own doubt: the probability that it gave to other values."""
    for path, likelihood in likelihoods.items():
        weight = 1 - likelihood.probability
        yield path, Evidence(weight, _other_reading(path, likelihood, currency) if weight >= WORTH_SAYING else None)


def from_ocr(confidences: Mapping[str, float]) -> Found:
    """The offline engine's own doubt."""
    for path, confidence in confidences.items():
        weight = OCR_SHARE * (1 - confidence)
        note = Note(OCR_UNSURE, {"percent": _percent(confidence)})
        yield path, Evidence(weight, note if weight >= WORTH_SAYING else None)


def from_problems(problems: Sequence[FieldProblem]) -> Found:
    """Values that their fields cannot hold, so that nothing stands there now."""
    for problem in problems:
        yield problem.field, Evidence(WEIGHTS[UNUSABLE], Note(UNUSABLE, {"value": problem.value}))


def from_checks(findings: Sequence[Finding], unusable: Collection[str]) -> Found:
    """What does not fit, at each of the fields that it concerns.

    Of a field whose value was unusable it is not said once more that nothing stands there.
    """
    for finding in findings:
        if finding.note.sentence in (checks.NOT_READ, checks.NO_CATEGORY) and finding.fields[0] in unusable:
            continue
        for path, weight in _weights(finding):
            yield path, Evidence(weight, finding.note)


def from_opinions(opinions: Mapping[str, Opinion]) -> Found:
    """What the engine on this machine read otherwise."""
    for path, opinion in opinions.items():
        if not opinion.agrees:
            yield path, Evidence(WEIGHTS[OFFLINE_DIFFERS], Note(OFFLINE_DIFFERS, {"value": opinion.value}))


def from_places(places: Mapping[str, Quad | None], lines: int) -> Found:
    """A date or an amount that OCR saw nowhere on a page with this many lines of text.

    Names and addresses are misread too often, and counts are too often not printed, to be missed.
    """
    if lines < FEWEST_LINES:
        return
    for path, place in places.items():
        if place is None and path.endswith(("date", "total_amount", "price")):
            yield path, Evidence(WEIGHTS[NOT_ON_PHOTO], Note(NOT_ON_PHOTO))


def _weights(finding: Finding) -> Iterator[tuple[str, float]]:
    """One of the fields of a finding is wrong, so they share it: together they are as risky as it.

    A sum that differs is not shared by the total: of many items each is little suspect, of the sum the total always is.
    """
    weight, sharing = WEIGHTS[finding.note.sentence], finding.fields
    if finding.note.sentence == checks.SUM_DIFFERS:
        yield sharing[0], weight
        sharing = sharing[1:]
    share = 1 - (1 - weight) ** (1 / len(sharing))
    yield from ((path, share) for path in sharing)


def _other_reading(path: str, likelihood: Likelihood, currency: str) -> Note:
    """The likeliest other value that says something, or how sure the model was."""
    texts = [one.text for one in likelihood.alternatives if one.probability >= WORTH_SAYING]
    text = next((text for text in texts if text not in _UNREADABLE), None)
    if text is None:
        return Note(MODEL_UNSURE, {"percent": _percent(likelihood.probability)})
    if path.endswith(("price", "total_amount")) and _INTEGER.fullmatch(text):
        text = format_amount(int(text), currency)
    return Note(OTHER_READING, {"text": text})


def _percent(probability: float) -> str:
    return f"{100 * probability:.0f}"
