"""What a model has in mind at each place of its answer, and how an answer is drawn from it. Pure.

Probabilities are those at temperature 1, as the API tells them: a temperature changes what is drawn, and not what is
told of it. At 0 the likeliest is drawn, and then its log probability still says how torn the model was.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tests.openai_standin.look_alikes import look_alikes
from tests.openai_standin.tokens import tokens

SURE: Final = 0.9999
"""Probability of a token about which there is nothing to doubt: the form of JSON, names of fields, clear print."""


HESITANT: Final = "감검금자개"
"""Syllables of fixed answers that show runners-up, so that a test has some without a Reader."""


@dataclass(frozen=True)
class Place:
    """Texts that could stand here, each with its probability; they sum to 1. The first is the true one.

    None is the beginning of another: they are syllables, or numbers of as many digits.
    """

    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Drawn:
    """The text that was written at a place."""

    text: str
    place: Place


Mind = Sequence[Place]
"""A whole answer before it is drawn."""


def sure(text: str) -> Place:
    """A place without a doubt."""
    return Place(((text, 1.0),))


def hesitating(text: str) -> list[Drawn]:
    """An answer that stands as it is. At HESITANT syllables it shows what else came to mind."""
    return [Drawn(piece, _hesitation(piece)) for piece in re.split(f"([{HESITANT}])", text) if piece]


def draw(mind: Mind, temperature: float, top_p: float, chance: random.Random) -> list[Drawn]:
    """One answer. The same `chance` and settings draw the same one."""
    return [Drawn(_one(place.candidates, temperature, top_p, chance), place) for place in mind]


def probabilities(candidates: Sequence[tuple[str, float]], temperature: float) -> list[float]:
    """How likely each is drawn: p^(1/T), made to sum to 1; at 0 the likeliest is certain."""
    if temperature == 0:
        best = max(range(len(candidates)), key=lambda i: candidates[i][1])
        return [float(i == best) for i in range(len(candidates))]
    highest = max(probability for _, probability in candidates)
    weights = [math.exp((math.log(p) - math.log(highest)) / temperature) if p else 0.0 for _, p in candidates]
    return [weight / sum(weights) for weight in weights]


def _hesitation(piece: str) -> Place:
    if piece not in set(HESITANT):
        return sure(piece)
    first, second = look_alikes(piece)[:2]
    return Place(((piece, 0.55), (first, 0.33), (second, 0.12)))


def _one(candidates: tuple[tuple[str, float], ...], temperature: float, top_p: float, chance: random.Random) -> str:
    if len(candidates) == 1:
        return candidates[0][0]
    ranked = sorted(zip(probabilities(candidates, temperature), candidates, strict=True), reverse=True)
    kept, total = [], 0.0
    for probability, (text, _) in ranked:
        kept.append((text, probability))
        total += probability
        if total >= top_p:
            break
    return chance.choices([text for text, _ in kept], [probability for _, probability in kept])[0]


@dataclass(frozen=True)
class Token:
    """A token as it was written, with everything that could have stood in its stead, the likeliest first."""

    raw: bytes
    choices: tuple[tuple[bytes, float], ...]

    @property
    def probability(self) -> float:
        return dict(self.choices)[self.raw]


def written(answer: Sequence[Drawn]) -> list[Token]:
    """The answer token by token. The product over the tokens of a place is the probability of its text."""
    return [token for drawn in answer for token in _tokens_of(drawn)]


def _tokens_of(drawn: Drawn) -> Iterable[Token]:
    if len(drawn.place.candidates) == 1:
        return map(_sure_token, tokens(drawn.text))
    return _torn_tokens(drawn)


@lru_cache(10_000)
def _sure_token(raw: bytes) -> Token:
    return Token(raw, ((raw, SURE), *_hardly(raw, {raw})))


def _torn_tokens(drawn: Drawn) -> Iterator[Token]:
    left = [(tokens(text), probability) for text, probability in drawn.place.candidates]
    for step, raw in enumerate(tokens(drawn.text)):
        # Candidates that begin in the same way are told apart by a later token, so their chances add up until then.
        mass: dict[bytes, float] = {}
        for pieces, probability in left:
            mass[pieces[step]] = mass.get(pieces[step], 0.0) + probability
        total = sum(mass.values())
        choices = [(piece, SURE * share / total) for piece, share in mass.items()]
        choices += _hardly(next(iter(mass)), mass.keys())
        yield Token(raw, tuple(sorted(choices, key=lambda choice: -choice[1])))
        left = [(pieces, probability) for pieces, probability in left if pieces[step] == raw]


_NEVER_MEANT: Final = tuple(' ,".0123456789가나다라마이그')


def _hardly(raw: bytes, meant: Set[bytes]) -> list[tuple[bytes, float]]:
    """Twenty tokens near this one that share what SURE leaves: a model gives each of its tokens some chance."""
    near = (*look_alikes(raw.decode(errors="replace")), *_NEVER_MEANT)
    others = [other for other in dict.fromkeys(each.encode() for each in near) if other not in meant]
    return [(other, (1 - SURE) * 0.5 ** (rank + 1)) for rank, other in enumerate(others[:20])]
