"""How sure a model was of each field of its answer, from the probabilities of its tokens. Pure.

Positions are counted in bytes, because a Hangul syllable may be split over tokens (`token_places`). Only tokens within
a value count: keys and punctuation are all but certain once a schema is asked for, and would hide a doubt.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledger.extraction.confidence.json_spans import Span, value_spans
from ledger.extraction.confidence.likelihood import Likelihood
from ledger.extraction.confidence.runners_up import alternatives
from ledger.extraction.confidence.token_places import Place, Token, place_tokens, read_tokens


def likelihoods_of(content: str, tokens: Sequence[Mapping[str, Any]], start: int = 0) -> dict[str, Likelihood]:
    """By path, as in `items.1.name`, how sure the model was of each value of the first JSON object in `content`.

    A model may have drafted other objects before the one that counts, so it is looked for from character `start` on.

    `tokens` are those of chat completions: `token`, `logprob`, `bytes` or null, `top_logprobs`. Empty where they are
    malformed or do not spell `content`: a probability is told of the right field or not at all. Takes linear time.
    """
    try:
        return _told(content.encode(), read_tokens(tokens), len(content[:start].encode()))
    except (KeyError, TypeError, ValueError):
        return {}


def _told(raw: bytes, read: Sequence[Token], first: int) -> dict[str, Likelihood]:
    places = place_tokens(raw, read)
    if places is None:
        return {}
    return {
        span.path: _likelihood(raw, span, [(read[index], places[index]) for index in mine])
        for span, mine in _with_tokens(value_spans(raw, first), places)
        if mine
    }


def _with_tokens(spans: Sequence[Span], places: Sequence[Place]) -> Iterator[tuple[Span, range]]:
    """Each value with its tokens. Both lists are in the order of the answer."""
    first = 0
    for span in spans:
        # An empty text has no byte of its own; that it is empty was decided with the quote that closes it.
        end = max(span.end, span.start + 1)
        while first < len(places) and places[first][1] <= span.start:
            first += 1
        last = first
        while last < len(places) and places[last][0] < end:
            last += 1
        yield span, range(first, last)


def _likelihood(raw: bytes, span: Span, tokens: Sequence[tuple[Token, Place]]) -> Likelihood:
    return Likelihood(
        probability=math.prod(token.probability for token, _ in tokens),
        weakest=min(token.probability for token, _ in tokens),
        alternatives=alternatives(raw, span, tokens),
    )
