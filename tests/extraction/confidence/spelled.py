"""Answers written in all the ways JSON allows, and cut into tokens as services list them, with the truth known."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

Token = dict[str, Any]
Span = tuple[int, int]

_SPACES: Final = ("", "", "", " ", "\n  ", "\t")
_WORDS: Final = ("", "", "```json\n", "영수증을 읽었습니다:\n\n```\n", "{ 뼈 } 결과 ")


@dataclass
class Written:
    """An answer while it is written: its bytes, and where each value stands that has a path of its own."""

    rng: Random
    raw: bytearray = field(default_factory=bytearray)
    spans: dict[str, Span] = field(default_factory=dict)

    def put(self, *texts: str) -> None:
        for text in texts:
            self.raw += text.encode()

    def space(self) -> None:
        self.put(self.rng.choice(_SPACES))

    def value(self, value: Any, path: str | None) -> None:
        """Write a value; below a path of None nothing has a path."""
        if isinstance(value, Mapping):
            self.elements("{", "}", [(str(key), key, inner) for key, inner in value.items()], path)
        elif isinstance(value, list):
            self.elements("[", "]", [(str(index), None, inner) for index, inner in enumerate(value)], path)
        else:
            self.scalar(value, path)

    def elements(self, begin: str, end: str, elements: list[tuple[str, str | None, Any]], path: str | None) -> None:
        self.put(begin)
        for index, (step, key, inner) in enumerate(elements):
            self.put("," if index else "")
            self.space()
            if key is not None:
                self.put('"', self.escaped(key), '":')
                self.space()
            below = None if path is None or "." in step else f"{path}.{step}".lstrip(".") if path else step
            self.value(inner, below)
            self.space()
        self.put(end)

    def scalar(self, value: Any, path: str | None) -> None:
        quote = '"' if isinstance(value, str) else ""
        text = self.escaped(value) if isinstance(value, str) else json.dumps(value)
        self.put(quote)
        if path is not None:
            self.spans[path] = (len(self.raw), len(self.raw) + len(text.encode()))
        self.put(text, quote)

    def escaped(self, text: str) -> str:
        """Each character as it is or, some or because they must be, as JSON escapes it."""
        rate = self.rng.choice((0, 0, 0.1, 1))
        return "".join(json.dumps(c, ensure_ascii=self.rng.random() < rate)[1:-1] for c in text)


def write(document: Mapping[str, Any], rng: Random) -> tuple[str, dict[str, Span]]:
    """The answer's text, and the bytes between which each value stands in it, quotes not included."""
    written = Written(rng)
    written.put(rng.choice(_WORDS))
    written.value(document, "")
    written.put(rng.choice(("", "\n```", " 끝. 뼈")))
    return written.raw.decode(), written.spans


def cut(raw: bytes, rng: Random) -> list[bytes]:
    """The bytes in pieces of random lengths, through syllables, quotes and marks."""
    longest = rng.choice((1, 2, 3, 5, 12))
    pieces = []
    while raw:
        size = rng.randint(1, longest)
        pieces.append(raw[:size])
        raw = raw[size:]
    return pieces


def true_bytes(pieces: Sequence[bytes]) -> list[Token]:
    """As OpenAI lists them: a part of a character is escaped in the text, and its bytes are given."""
    return [{"token": piece.decode(errors="backslashreplace"), "bytes": list(piece)} for piece in pieces]


def marks(pieces: Sequence[bytes]) -> list[Token]:
    """A part of a character is one replacement character, and no bytes are given."""
    return [{"token": piece.decode(errors="replace"), "bytes": None} for piece in pieces]


def marks_as_bytes(pieces: Sequence[bytes]) -> list[Token]:
    """The same, and the bytes are those of the replacement character."""
    return [token | {"bytes": list(token["token"].encode())} for token in marks(pieces)]


def a_mark_for_each_byte(pieces: Sequence[bytes]) -> list[Token]:
    """Every byte of a part of a character is a replacement character of its own."""
    codecs.register_error("each byte", lambda error: ("\ufffd" * (error.end - error.start), error.end))
    return [{"token": piece.decode(errors="each byte")} for piece in pieces]


def held_back(pieces: Sequence[bytes]) -> list[Token]:
    """Parts of a character are held back until the last one, which then brings the whole character."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    return [{"token": decoder.decode(piece), "bytes": None} for piece in pieces]


def left_out(pieces: Sequence[bytes]) -> list[Token]:
    """Parts of a character are not told at all."""
    return [{"token": piece.decode(errors="ignore"), "bytes": None} for piece in pieces]


STYLES: Final[dict[str, Callable[[Sequence[bytes]], list[Token]]]] = {
    style.__name__: style for style in (true_bytes, marks, marks_as_bytes, a_mark_for_each_byte, held_back, left_out)
}


def owners(spans: Mapping[str, Span], pieces: Sequence[bytes]) -> dict[str, list[int]]:
    """The numbers of the pieces that hold a byte of each value, or of an empty one's closing quote."""
    piece_of = [number for number, piece in enumerate(pieces) for _ in piece]
    return {path: sorted(set(piece_of[start : max(end, start + 1)])) for path, (start, end) in spans.items()}


def marked(tokens: Sequence[Token], numbers: Sequence[int], logprob: float = -1.5) -> list[Token]:
    """The tokens, certain but for those of these numbers."""
    doubtful = set(numbers)
    return [token | {"logprob": logprob if n in doubtful else 0.0} for n, token in enumerate(tokens)]


def doubted(likelihoods: Mapping[str, Any]) -> set[str]:
    return {path for path, likelihood in likelihoods.items() if likelihood.probability < 1}


def trials(document: Mapping[str, Any], rng: Random) -> Iterator[tuple[str, str, list[Token], set[str], set[str]]]:
    """For each style: its name, an answer, its tokens with a field in doubt, where doubt must be told, where it may."""
    content, spans = write(document, rng)
    pieces = cut(content.encode(), rng)
    mine = owners(spans, pieces)
    if not spans:
        return
    path = rng.choice(sorted(spans))
    touched = {other for other in spans if set(mine[other]) & set(mine[path])}
    for name, style in STYLES.items():
        # Where parts are not told, a value whose every token is such a part, or begins before it, has no probability.
        # Where they are held back, what was cut from the value's beginning may only show in the value itself.
        must = set() if name == "left_out" else {path} if name == "held_back" else touched
        yield name, content, marked(style(pieces), mine[path]), must, touched
