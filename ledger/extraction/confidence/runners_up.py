"""The values a model had in mind besides the one it wrote: in one place each a runner-up instead. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from typing import Final

from ledger.extraction.confidence.json_spans import OTHER, STRING, Span
from ledger.extraction.confidence.likelihood import Alternative
from ledger.extraction.confidence.token_places import Place, Token

LEAST: Final = 0.01
"""What is less likely is not kept: most of the runners-up that come with every token are noise. A starting value."""
MOST: Final = 6
"""Values that are kept of one field: a long place has many doubtful signs, and nobody chooses among more."""
MOST_PLACES: Final = 12
"""Tokens of one field that are looked at, the least sure ones: each takes time in proportion to the field's length."""

_SCALAR: Final = re.compile(rb"%b|%b" % (STRING, OTHER))
_AFTER: Final = re.compile(rb"(?:[ \t\r\n,\]}].*)?", re.DOTALL)
"""What may follow a value: nothing, or what ends it."""


def alternatives(raw: bytes, span: Span, tokens: Sequence[tuple[Token, Place]]) -> tuple[Alternative, ...]:
    """The value's other texts, each with one of its tokens replaced by a runner-up; the likeliest first.

    A runner-up that only spells the same bytes in other portions is no other value, and one after which there is no
    value at all, half a syllable or a quote too many, is none either. Nothing where a token's bytes are not known.
    """
    found = defaultdict[str, float](float)
    for token, place in nsmallest(MOST_PLACES, tokens, key=lambda pair: pair[0].probability):
        if token.probability <= 1 - LEAST:
            for text, probability in _exchanged(raw, span, token, place):
                found[text] += probability
    found.pop(_read(raw[span.start - span.is_text : span.end + span.is_text]) or "", None)
    ordered = sorted(found.items(), key=lambda pair: -pair[1])
    kept = [Alternative(text, min(probability, 1.0)) for text, probability in ordered if probability >= LEAST]
    return tuple(kept[:MOST])


def _exchanged(raw: bytes, span: Span, token: Token, place: Place) -> Iterator[tuple[str, float]]:
    start, end = place
    if raw[start:end] != token.raw:
        return
    for other in token.others:
        text = None if raw.startswith(other.raw, start) else _text_with(raw, span, place, other.raw)
        if text:
            yield text, other.probability


def _text_with(raw: bytes, span: Span, place: Place, other: bytes) -> str | None:
    """The value's text with `other` in that place; None if there is no value then."""
    start, end = place
    first = span.start - span.is_text
    if start < first:
        # The token begins before the value, and so must the runner-up.
        before = raw[start:first]
        if not other.startswith(before):
            return None
        start, other = first, other[len(before) :]
    head = raw[first:start] + other
    whole = head + raw[end : span.end + span.is_text]
    if end > span.end and span.is_text:
        whole = _closed(head)
    match = _SCALAR.match(whole)
    # The value ends where it ended, or earlier, within the runner-up.
    if match is None or (match.end() < len(whole) and not _AFTER.fullmatch(head, match.end())):
        return None
    return _read(match[0])


def _closed(head: bytes) -> bytes:
    """With the quote that was in the replaced token, unless the runner-up brings its own."""
    return head if _SCALAR.match(head) else head + b'"'


def _read(scalar: bytes) -> str | None:
    """The text of a JSON value, a string's as answers are read: composed, and spaces collapsed."""
    try:
        text = str(json.loads(scalar)) if scalar.startswith(b'"') else scalar.decode()
    except ValueError:
        return None
    return " ".join(unicodedata.normalize("NFC", text).split())
