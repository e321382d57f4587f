"""Where in an answer each value of its JSON object stands, counted in bytes. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

DEEPEST: Final = 20
"""Levels of the deepest object looked at; a receipt has three."""

STRING: Final = rb'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
OTHER: Final = rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|-?Infinity|NaN|true|false|null"
"""Scalars as `json.loads` takes them, which is what answers are read with."""
_LEXEME: Final = re.compile(rb"[ \t\r\n]*+(?P<lexeme>[{}\[\],:]|%b|%b)" % (STRING, OTHER))


class Span(NamedTuple):
    """A value between the bytes `start` and `end` (one past the last), a string's quotes not included."""

    path: str
    start: int
    end: int
    is_text: bool


_Leaf = tuple[int, int]
_Tree = dict[str, "_Tree"] | list["_Tree"] | _Leaf


class _NotJson(Exception):
    """What follows cannot be JSON."""


def value_spans(raw: bytes, start: int = 0) -> list[Span]:
    """The scalar values of the first JSON object in `raw` from the byte `start` on, in order; empty without one.

    Around the object may stand anything: a fence, words. Of a key written twice the last one counts, as everywhere in
    Python. A key that holds a point is left out with all below it, because its path could be taken for another's.
    """
    at = raw.find(b"{", start)
    while at >= 0:
        scan = _Scan(raw, at)
        try:
            tree = scan.value(scan.next(), 0)
        except _NotJson:
            # Not one byte further: an object inside a broken one is no answer, and the time stays linear.
            at = raw.find(b"{", max(at + 1, scan.at))
        else:
            return sorted(_leaves(raw, tree, ""), key=lambda span: span.start)
    return []


class _Scan:
    """Reads lexemes one after the other; `at` is where the next one is looked for, or the one that did not fit."""

    def __init__(self, raw: bytes, at: int) -> None:
        self._raw = raw
        self._from = self.at = at

    def next(self) -> bytes:
        match = _LEXEME.match(self._raw, self.at)
        if match is None:
            raise _NotJson
        self._from, self.at = match.span("lexeme")
        return match["lexeme"]

    def value(self, lexeme: bytes, depth: int) -> _Tree:
        if depth > DEEPEST:
            raise _NotJson
        if lexeme == b"[":
            return [self.value(first, depth + 1) for first in self._elements(b"]")]
        if lexeme == b"{":
            return {self._key(first): self.value(self.next(), depth + 1) for first in self._elements(b"}")}
        if lexeme in b"}],:":
            raise self._misfit()
        return self._from, self.at

    def _elements(self, close: bytes) -> Iterator[bytes]:
        """The first lexeme of each element up to the closing bracket."""
        lexeme = self.next()
        while lexeme != close:
            yield lexeme
            lexeme = self.next()
            if lexeme == b",":
                lexeme = self.next()
                if lexeme == close:
                    raise self._misfit()
            elif lexeme != close:
                raise self._misfit()

    def _key(self, lexeme: bytes) -> str:
        if not lexeme.startswith(b'"') or self.next() != b":":
            raise self._misfit()
        return str(json.loads(lexeme))

    def _misfit(self) -> _NotJson:
        self.at = self._from
        return _NotJson()


def _leaves(raw: bytes, tree: _Tree, path: str) -> Iterator[Span]:
    if isinstance(tree, tuple):
        start, end = tree
        is_text = raw.startswith(b'"', start)
        yield Span(path, start + is_text, end - is_text, is_text)
        return
    branches = enumerate(tree) if isinstance(tree, list) else tree.items()
    for key, branch in branches:
        if "." not in str(key):
            yield from _leaves(raw, branch, f"{path}.{key}" if path else str(key))
