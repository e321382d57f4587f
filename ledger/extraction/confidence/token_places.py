"""Where in an answer each of its tokens stands, counted in bytes. Pure.

A Hangul syllable is three bytes and is often split over two or three tokens. OpenAI gives each token's true bytes, and
laid end to end they are the answer. vLLM and Ollama give text, in which a part of a character is U+FFFD or nothing at
all, so that only whole characters can be laid on the answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, takewhile
from typing import Any, Final

_PARTIAL: Final = "\N{REPLACEMENT CHARACTER}"
_ASCII: Final = re.compile("([\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Piece:
    """What may stand at a place, and how likely; `raw` holds the true bytes as far as they are known."""

    raw: bytes
    probability: float

    @property
    def text(self) -> str:
        return self.raw.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Token(Piece):
    """A piece of an answer; `listed` is what the model would have written there, as the service tells it."""

    listed: Sequence[Mapping[str, Any]] = ()

    @property
    def others(self) -> tuple[Piece, ...]:
        """What else it would have written. Read when asked for, as few tokens are: most are sure, or of no value."""
        pieces = (Piece(*_read(other)) for other in self.listed)
        return tuple(piece for piece in pieces if piece.raw != self.raw)


Place = tuple[int, int]
"""First byte and one past the last. Tokens whose border is not known share the place that they fill together."""


def read_tokens(tokens: Sequence[Mapping[str, Any]]) -> list[Token]:
    """The tokens as chat completions list them. Raises KeyError, TypeError or ValueError where they are not so."""
    return [Token(*_read(token), token.get("top_logprobs") or ()) for token in tokens]


def place_tokens(raw: bytes, tokens: Sequence[Token]) -> list[Place] | None:
    """The place of each token in `raw`; None where the tokens do not spell it. Tokens may follow after its end."""
    if b"".join(token.raw for token in tokens).startswith(raw):
        ends = [0, *accumulate(len(token.raw) for token in tokens)]
        places = list(pairwise(ends))
    else:
        texts = [token.text for token in tokens]
        characters = _character_places(raw.decode(), "".join(texts))
        if characters is None:
            return None
        places = _from_characters(texts, characters, len(raw))
    return _with_empty_ones(places)


def _read(token: Mapping[str, Any]) -> tuple[bytes, float]:
    listed = token.get("bytes")
    raw = str(token["token"]).encode() if listed is None else bytes(listed)
    logprob = float(token["logprob"])
    if math.isnan(logprob):
        raise ValueError("a probability is no number")
    # -9999.0 stands for what is very unlikely; a little above 0 is rounding.
    return raw, math.exp(min(0.0, logprob))


def _character_places(answer: str, spelled: str) -> list[Place] | None:
    """The place in `answer` of each character that the tokens spell, as far as `answer` goes.

    A part of a character is never ASCII, so the ASCII characters of both must be the same ones, and they hold
    everything in its place: all marks of JSON are among them, and what stands between two is within one value.
    """
    # Alternately what stands between two ASCII characters, possibly nothing, and one such character.
    mine, theirs = _ASCII.split(answer), _ASCII.split(spelled)
    if theirs[1 : len(mine) : 2] != mine[1::2]:
        return None
    places: list[Place] = []
    at = 0
    for there, told in zip(mine, theirs, strict=False):
        if told and told != there and _PARTIAL not in told:
            return None
        places += _within(at, there, told)
        at += len(there.encode())
    return places


def _within(at: int, there: str, told: str) -> list[Place]:
    """The places of the characters of `told` in `there`, which begins at byte `at`.

    Both ends are laid on each other as far as they are equal; in the middle nobody knows, and the place is shared.
    """
    first = len(there) if there == told else _same(there, told)
    last = _same(reversed(there[first:]), reversed(told[first:]))
    ends = list(accumulate((len(character.encode()) for character in there), initial=at))
    exact = list(pairwise(ends))
    unknown = (ends[first], ends[len(there) - last])
    return exact[:first] + [unknown] * (len(told) - first - last) + exact[len(there) - last :]


def _same(left: Iterable[str], right: Iterable[str]) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


def _from_characters(texts: Sequence[str], characters: Sequence[Place], size: int) -> list[Place]:
    """From the beginning of each text's first character to the end of its last one."""
    places = []
    at = 0
    for text in texts:
        mine = characters[at : at + len(text)]
        before = characters[at - 1][1] if 0 < at <= len(characters) else 0 if at == 0 else size
        after = characters[at][0] if at < len(characters) else size
        places.append((mine[0][0], mine[-1][1]) if mine else (min(before, after), after))
        at += len(text)
    return places


def _with_empty_ones(places: list[Place]) -> list[Place]:
    """An empty token is the beginning of a character that the next token completes, and stands where that one does."""
    found = list(places)
    for index in reversed(range(len(found) - 1)):
        start, end = found[index]
        if start == end:
            found[index] = found[index + 1]
    return found
