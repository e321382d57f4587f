"""What is doubted of a reading, field by field, and its form in the database. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from ledger.extraction.confidence.likelihood import Alternative, Likelihood
from ledger.notes import Note

FORMULA: Final = "risk-1"
"""Which formula and weights made the risks; they are explained in docs/risk.md."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """How likely a field is wrong, 0 to 1, and everything that this was concluded from."""

    risk: float
    reasons: tuple[Note, ...] = ()
    """What speaks against the value, the weightiest first."""
    likelihood: Likelihood | None = None
    """What the reader itself thought; None where it does not tell."""
    agreed: bool = False
    """Whether the engine on this machine read the same."""

    def as_json(self) -> dict[str, Any]:
        document: dict[str, Any] = {"risk": _short(self.risk), "reasons": [asdict(reason) for reason in self.reasons]}
        if self.likelihood is not None:
            document |= _likelihood_as_json(self.likelihood)
        if self.agreed:
            document["agreed"] = True
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Doubt:
        reasons = tuple(Note(reason["sentence"], reason["fields"]) for reason in document["reasons"])
        return cls(document["risk"], reasons, _likelihood(document), document.get("agreed", False))


@dataclass(frozen=True, slots=True)
class Doubts:
    """The doubts of a reading by path, as in `items.2.price`; a field that nothing is known of is not there."""

    fields: dict[str, Doubt] = field(default_factory=dict)
    formula: str = FORMULA

    @property
    def risk(self) -> float:
        """The chance, 0 to 1, that any field is wrong."""
        return 1 - math.prod(1 - doubt.risk for doubt in self.fields.values())

    def as_json(self) -> dict[str, Any]:
        """What is stored with the reading. Risks and probabilities are rounded to four digits."""
        return {"formula": self.formula, "fields": {path: doubt.as_json() for path, doubt in self.fields.items()}}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Doubts:
        """The doubts as they were stored. Raises KeyError for what was not made by `as_json`."""
        return cls({path: Doubt.from_json(doubt) for path, doubt in document["fields"].items()}, document["formula"])


def _likelihood_as_json(likelihood: Likelihood) -> dict[str, Any]:
    others = [{"text": one.text, "probability": _short(one.probability)} for one in likelihood.alternatives]
    return {
        "probability": _short(likelihood.probability),
        "weakest": _short(likelihood.weakest),
        "alternatives": others,
    }


def _short(probability: float) -> float:
    return round(probability, 4)


def _likelihood(document: Mapping[str, Any]) -> Likelihood | None:
    if "probability" not in document:
        return None
    alternatives = tuple(Alternative(**alternative) for alternative in document["alternatives"])
    return Likelihood(document["probability"], document["weakest"], alternatives)
