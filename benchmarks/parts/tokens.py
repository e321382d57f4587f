"""Whether probabilities of tokens are told of the right field: python -m benchmarks.parts.tokens

Answers are written in all the ways JSON allows, cut at random bytes, and listed as different services list tokens. The
tokens of some fields are marked as doubtful, and the doubt must be told of these fields and of no other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from random import Random
from typing import Any, Final

from benchmarks.parts.figures import Figure, report
from ledger.extraction.confidence.token_map import likelihoods_of
from tests.extraction.confidence.spelled import doubted, trials

SYLLABLES: Final = [chr(code) for code in range(0xAC00, 0xD7A4)]
_SIGNS: Final = [
    *"감검금뼈닭찹쌀떡햇캣츄",
    *'\\"{}[]:,./ \n\t0123456789',
    "é",
    "원",
    "🐶",
    "\u2028",
    "\N{REPLACEMENT CHARACTER}",
]


def figures() -> list[Figure]:
    tried, wrong = sweep()
    return [Figure(f"token map, fields at a wrong path ({tried} doubts looked for)", wrong, 0, at_least=False)]


def sweep(seeds: int = 1, documents: int = 2_000) -> tuple[int, int]:
    """How many doubts were looked for, and how many were told of another field or, where they must be, of none.

    Every syllable is the name of an item `seeds` times, and so many random documents follow.
    """
    rng = Random(0)
    tried = wrong = 0
    for document in (*_all_syllables(rng, seeds), *(_object(rng, 0) for _ in range(documents))):
        for _, content, tokens, must, may in trials(document, rng):
            tried += 1
            wrong += not must <= doubted(likelihoods_of(content, tokens)) <= may
    return tried, wrong


def _all_syllables(rng: Random, seeds: int) -> Iterator[dict[str, Any]]:
    """Receipts of four items, each name a syllable and a neighbour, so that the doubtful field is often this one."""
    for first in range(0, len(SYLLABLES) * seeds, 4):
        names = (SYLLABLES[(first + step) % len(SYLLABLES)] + rng.choice(SYLLABLES) for step in range(4))
        yield {"date": "2026-11-22", "items": [{"name": name, "price": rng.randrange(10**6)} for name in names]}


def _object(rng: Random, depth: int) -> dict[str, Any]:
    return {_text(rng): _value(rng, depth + 1) for _ in range(rng.randint(1, 4))}


def _value(rng: Random, depth: int) -> Any:
    kind = rng.random()
    if depth < 4 and kind < 0.2:
        return _object(rng, depth)
    if depth < 4 and kind < 0.4:
        return [_value(rng, depth + 1) for _ in range(rng.randint(0, 3))]
    return rng.choice([_text(rng), rng.randint(-(10**6), 10**9), rng.random(), True, False, None, ""])


def _text(rng: Random) -> str:
    return "".join(rng.choice(_SIGNS) for _ in range(rng.randint(0, 6)))


if __name__ == "__main__":
    sys.exit(report(figures()))
