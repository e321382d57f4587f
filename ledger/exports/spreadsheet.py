"""Corrections as CSV, for spreadsheets."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ledger.exports.corrections import COLUMNS, correction_lines
from ledger.exports.source import Piece, Source
from ledger.review.export import table_file


def corrections_csv(source: Source) -> Iterator[Piece]:
    """The canonical lines as a table that no spreadsheet takes for formulas; settings are JSON."""
    lines = correction_lines(source.pairs(), source.masking, source.wanted.field)
    flat = (found | {"settings": json.dumps(found["settings"], ensure_ascii=False)} for found in lines)
    for piece in table_file(COLUMNS, (found.values() for found in flat)):
        yield ".csv", piece.encode(errors="replace")
