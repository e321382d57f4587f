"""The forms of export by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ledger.exports.label_studio import label_studio_tasks
from ledger.exports.lines import batch_jsonl, chat_jsonl, corrections_jsonl, preference_jsonl
from ledger.exports.promptfoo import promptfoo_tests
from ledger.exports.source import Piece, Source
from ledger.exports.spreadsheet import corrections_csv


@dataclass(frozen=True, slots=True)
class Format:
    """One form: who it is for, what its main file is called, and what makes it, piece by piece."""

    what: str
    """In English; marked for translation where it is shown."""
    file: str
    write: Callable[[Source], Iterator[Piece]]
    several: bool = False
    """Whether it may be more than one file."""
    pictures: bool = True
    """Whether it holds what the photos show, or where they lie for those who look at them."""


def _parquet(source: Source) -> Iterator[Piece]:
    # Here, because pyarrow takes a second and 30 MB, which nothing else needs.
    from ledger.exports.parquet import corrections_parquet

    return corrections_parquet(source)


def _trl(source: Source) -> Iterator[Piece]:
    from ledger.exports.parquet import trl_parquet

    return trl_parquet(source)


CORRECTIONS: Final = "Corrections, one JSON line each"
SPREADSHEET: Final = "Corrections as a table for spreadsheets"
TABLE: Final = "Corrections as a Parquet table"
CHAT: Final = "Chats for vision fine-tuning"
PREFERENCE: Final = "Preference pairs, confirmed and read, as OpenAI takes them"
TRL: Final = "Preference pairs as TRL takes them (Parquet)"
BATCH: Final = "Requests of OpenAI's Batch API, to read again"
PROMPTFOO: Final = "Tests for promptfoo"
LABEL_STUDIO: Final = "Tasks for Label Studio, with predictions"
SENTENCES: Final = (CORRECTIONS, SPREADSHEET, TABLE, CHAT, PREFERENCE, TRL, BATCH, PROMPTFOO, LABEL_STUDIO)

FORMATS: Final = {
    "corrections": Format(CORRECTIONS, "corrections.jsonl", corrections_jsonl, pictures=False),
    "csv": Format(SPREADSHEET, "corrections.csv", corrections_csv, pictures=False),
    "parquet": Format(TABLE, "corrections.parquet", _parquet, pictures=False),
    "chat": Format(CHAT, "chat.jsonl", chat_jsonl),
    "preference": Format(PREFERENCE, "preference.jsonl", preference_jsonl),
    "trl": Format(TRL, "trl.parquet", _trl),
    "batch": Format(BATCH, "batch.jsonl", batch_jsonl, several=True),
    "promptfoo": Format(PROMPTFOO, "promptfoo.jsonl", promptfoo_tests, several=True),
    "label-studio": Format(LABEL_STUDIO, "label-studio.json", label_studio_tasks, several=True),
}
