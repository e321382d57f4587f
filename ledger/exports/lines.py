"""Exports of one JSON document a line: corrections, chats, preferences and requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ledger.exports.corrections import correction_lines
from ledger.exports.source import FEWEST_EXAMPLES, Piece, Source, assistant, line
from ledger.extraction.batches.lines import MOST_BYTES, MOST_REQUESTS, request_line

JSONL: Final = ".jsonl"

FEW: Final = "Fine-tuning takes no fewer than {least} examples; these are {count}."
SPLIT: Final = "A batch takes 50,000 requests and 200 MB a file, so these are {count} files."
PICTURES_IN_PREFERENCES: Final = (
    "OpenAI does not document pictures in preference tuning; other trainers take them (see docs/exports.md)."
)


def corrections_jsonl(source: Source) -> Iterator[Piece]:
    """The canonical form."""
    for document in correction_lines(source.pairs(), source.masking, source.wanted.field):
        yield JSONL, line(document)


def chat_jsonl(source: Source) -> Iterator[Piece]:
    """Examples for vision fine-tuning: what is asked, what is shown, and what a person made of the answer."""
    count = 0
    for pair in source.pairs():
        if body := source.body(pair):
            yield JSONL, line({"messages": [*body["messages"], assistant(source.answer(pair.confirmed))]})
            count += 1
    _tell_few(source, count)


def preference_jsonl(source: Source) -> Iterator[Piece]:
    """Of each receipt that was read wrongly: the confirmed answer, preferred to the one that was given."""
    count = 0
    for pair in source.pairs():
        right, wrong = source.answer(pair.confirmed), source.answer(pair.read)
        if right != wrong and (body := source.body(pair)):
            document = {"input": {"messages": body["messages"]}, "preferred_output": [assistant(right)]}
            yield JSONL, line(document | {"non_preferred_output": [assistant(wrong)]})
            count += 1
    source.notes.append(PICTURES_IN_PREFERENCES)
    _tell_few(source, count)


def batch_jsonl(source: Source, *, most_requests: int = MOST_REQUESTS, most_bytes: int = MOST_BYTES) -> Iterator[Piece]:
    """Requests that read the same receipts again, in as many files as a batch's limits ask for."""
    number, requests, size = 1, 0, 0
    for pair in source.pairs():
        if body := source.body(pair):
            data = line(request_line(pair.receipt_id, body))
            if requests == most_requests or size + len(data) > most_bytes:
                number, requests, size = number + 1, 0, 0
            requests, size = requests + 1, size + len(data)
            yield JSONL if number == 1 else f"-{number}{JSONL}", data
    if number > 1:
        source.notes.append(SPLIT.format(count=number))


def _tell_few(source: Source, count: int) -> None:
    if count < FEWEST_EXAMPLES:
        source.notes.append(FEW.format(least=FEWEST_EXAMPLES, count=count))
