"""A model that reads a receipt, and at some places cannot tell two syllables apart.

Where it is torn is a matter of the photo: the ink is bad there for every model. How it leans is a matter of the photo
and the model. Both follow from `seed` alone, so a whole run can be made again. What it writes is then drawn at the
temperature of the request; a request that comes again is drawn anew.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.openai_standin.drawing import Mind, Place, sure
from tests.openai_standin.look_alikes import look_alikes, misread_numbers

_READ_AS_TEXT = ("name", "location")
_READ_AS_NUMBER = ("price", "total_amount")


@dataclass(frozen=True)
class Reader:
    """How well a model reads. Shares and probabilities from 0 to 1."""

    torn_receipts: float = 0.5
    """Share of the photos on which it is torn at all."""
    torn_syllables: float = 0.1
    """Share of the Hangul syllables in names and places, on those photos, that look like another to it."""
    torn_numbers: float = 0.0
    """Share of the amounts, on those photos, with a digit that looks like another."""
    lean: tuple[float, float] = (0.3, 0.7)
    """Between these lies the probability of the right reading at a torn place. Below some 0.45 the wrong one is the
    likelier, and temperature 0 writes it each time."""
    seed: int = 0

    def mind(self, receipt: Mapping[str, Any], photo: str, model: str) -> Mind:
        """What it has in mind before it writes this receipt as JSON; `photo` is a name that the photo has for good."""
        torn = random.Random(f"{self.seed} {photo}").random() < self.torn_receipts
        return _joined(_Reading(self, photo, model, torn).places(dict(receipt), ""))


@dataclass(frozen=True)
class _Reading:
    """One photo before one model."""

    reader: Reader
    photo: str
    model: str
    torn: bool

    def places(self, value: Any, path: str) -> Iterator[Place]:
        if isinstance(value, dict):
            for number, (name, inner) in enumerate(value.items()):
                yield sure(f"{',' if number else '{'}{json.dumps(name, ensure_ascii=False)}:")
                yield from self.places(inner, f"{path}.{name}")
            yield sure("}" if value else "{}")
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                yield sure("," if number else "[")
                yield from self.places(inner, f"{path}.{number}")
            yield sure("]" if value else "[]")
        else:
            yield from self._scalar(value, path)

    def _scalar(self, value: Any, path: str) -> Iterator[Place]:
        field, text = path.rpartition(".")[2], json.dumps(value, ensure_ascii=False)
        if field in _READ_AS_TEXT and isinstance(value, str):
            for position, character in enumerate(text):
                yield self._perhaps(character, look_alikes(character), self.reader.torn_syllables, f"{path} {position}")
        elif field in _READ_AS_NUMBER and isinstance(value, int) and value > 0:
            yield self._perhaps(text, tuple(map(str, misread_numbers(value))), self.reader.torn_numbers, path)
        else:
            yield sure(text)

    def _perhaps(self, text: str, others: tuple[str, ...], share: float, where: str) -> Place:
        place = random.Random(f"{self.reader.seed} {self.photo} {where}")
        if not (self.torn and others and place.random() < share):
            return sure(text)
        rivals = place.sample(others, min(2, len(others)))
        lean = random.Random(f"{self.reader.seed} {self.photo} {where} {self.model}")
        right = lean.uniform(*self.reader.lean)
        shares = (0.8, 0.2) if len(rivals) == 2 else (1.0,)
        rest = zip(rivals, shares, strict=True)
        return Place(((text, right), *((rival, (1 - right) * part) for rival, part in rest)))


def _joined(places: Iterator[Place]) -> list[Place]:
    """Sure texts side by side as one, so that they are cut into tokens as a whole."""
    joined: list[Place] = []
    for place in places:
        if joined and len(joined[-1].candidates) == len(place.candidates) == 1:
            joined[-1] = sure(joined[-1].candidates[0][0] + place.candidates[0][0])
        else:
            joined.append(place)
    return joined
