"""What a request is answered: a receipt, known by the photo or given by a test, as the model's reader reads it."""

from __future__ import annotations

import hashlib
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tests.openai_standin.album import Album
from tests.openai_standin.drafting import asks_for_edits, edits
from tests.openai_standin.drawing import Drawn, draw, hesitating
from tests.openai_standin.models import model_of
from tests.openai_standin.reader import Reader
from tests.openai_standin.sampling import samples_freely

Answer = Mapping[str, Any] | str
"""A receipt as in the contract (its `currency` is added), or the literal text of the answer."""

GivenAnswer = Answer | Callable[[dict[str, Any]], Answer] | None
"""An answer, or what gives one for the body of a request; None where nothing is given."""

SAMPLE: Final[dict[str, Any]] = {
    "date": "2024-11-11",
    "location": "경기 하남시 미사강변로 231, 멍멍 애견카페",
    "items": [
        {"name": "감자 간식", "price": 13500, "count": 3, "category": "식비"},
        {"name": "장난감", "price": 8000, "count": 1, "category": "용품"},
    ],
    "total_amount": 21500,
}


class Answers:
    """Knows the answer to each request, and how often the same request came before."""

    def __init__(self, answer: GivenAnswer, reader: Reader | None) -> None:
        self.given = answer
        self.by_picture: dict[str, Answer] = {"*": SAMPLE}
        self.album = Album()
        self._reader = reader
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def to(self, body: dict[str, Any], pictures: Sequence[bytes]) -> list[list[Drawn]]:
        """As many answers as the request asks for."""
        choices = body.get("n") or 1
        if asks_for_edits(body):
            return [hesitating(edits(body))] * choices
        answer, photo = self._answer(body, pictures)
        if self._reader is None or isinstance(answer, str):
            return [hesitating(answer if isinstance(answer, str) else as_answered(answer))] * choices
        mind = self._reader.mind(in_order(answer), photo, body["model"])
        chance = random.Random(f"{self._reader.seed} {self._turn(body)}")
        return [draw(mind, *_sampling(body), chance) for _ in range(choices)]

    def _answer(self, body: dict[str, Any], pictures: Sequence[bytes]) -> tuple[Answer, str]:
        """The answer, and the name of the photo that it is of."""
        name = hashlib.sha256(pictures[0]).hexdigest()
        if name in self.by_picture:
            return self.by_picture[name], name
        if known := self.album.find(pictures):
            return known.receipt, known.name
        answer = self.given(body) if callable(self.given) else self.given
        return answer or self.by_picture["*"], name

    def _turn(self, body: dict[str, Any]) -> str:
        """Another text for each time that the same request comes, unless it brings a seed of its own."""
        asked = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        with self._lock:
            self._asked[asked] += 1
            return asked if body.get("seed") is not None else f"{asked} {self._asked[asked]}"


def in_order(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """The receipt with its fields in the order of the schema."""
    first = {"date": receipt["date"], "location": receipt["location"], "currency": receipt.get("currency", "KRW")}
    return {**first, **receipt}


def as_answered(receipt: Mapping[str, Any]) -> str:
    """The receipt as a model writes it."""
    return json.dumps(in_order(receipt), ensure_ascii=False, separators=(",", ":"))


def _sampling(body: dict[str, Any]) -> tuple[float, float]:
    """Temperature and top_p as applied: a model that reasons draws in its own way."""
    if not samples_freely(model_of(body["model"]), body):
        return 1.0, 1.0
    values = (body.get(name) for name in ("temperature", "top_p"))
    temperature, top_p = (1.0 if value is None else value for value in values)
    return temperature, top_p
