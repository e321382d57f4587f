"""Parquet, written row group by row group: corrections as a table, and preference pairs as TRL takes them.

A module of its own, because nothing else needs pyarrow, which is loaded only when a Parquet file is asked for.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ledger.exports.corrections import correction_lines
from ledger.exports.source import Piece, Source
from ledger.review.pairs import Pair

PARQUET: Final = ".parquet"
_LINES: Final = 5_000
"""Corrections of one row group: some megabytes before they are packed."""
_PREFERENCES: Final = 20
"""Pairs of one row group, whose pictures may lie in them, some hundred kilobytes each."""

_TEXT: Final = pa.string()
CORRECTIONS: Final = pa.schema(
    [
        ("receipt_id", pa.int64()),
        ("image_sha256", _TEXT),
        ("uri", _TEXT),
        ("shop", _TEXT),
        ("model", _TEXT),
        ("prompt_version", _TEXT),
        ("settings", _TEXT),
        ("field_path", _TEXT),
        ("op", _TEXT),
        ("before", _TEXT),
        ("after", _TEXT),
        ("risk", pa.float64()),
        ("reviewer", _TEXT),
        ("at", pa.timestamp("us", tz="UTC")),
        ("review_id", pa.int64()),
    ]
)

_MESSAGES: Final = pa.list_(
    pa.struct([("role", _TEXT), ("content", pa.list_(pa.struct([("type", _TEXT), ("text", _TEXT)])))])
)
_VALUE: Final = {"dtype": "string", "_type": "Value"}
_MESSAGES_IN_WORDS: Final = {
    "feature": {"role": _VALUE, "content": {"feature": {"type": _VALUE, "text": _VALUE}, "_type": "List"}},
    "_type": "List",
}
_FEATURES: Final = {
    **dict.fromkeys(("prompt", "chosen", "rejected"), _MESSAGES_IN_WORDS),
    "images": {"feature": {"_type": "Image"}, "_type": "List"},
}
"""What makes `datasets` open the pictures as pictures."""
PREFERENCES: Final = pa.schema(
    [
        ("prompt", _MESSAGES),
        ("chosen", _MESSAGES),
        ("rejected", _MESSAGES),
        ("images", pa.list_(pa.struct([("bytes", pa.binary()), ("path", _TEXT)]))),
    ],
    metadata={"huggingface": json.dumps({"info": {"features": _FEATURES}})},
)


def corrections_parquet(source: Source) -> Iterator[Piece]:
    """The canonical lines as a table; settings are JSON."""
    lines = correction_lines(source.pairs(), source.masking, source.wanted.field)
    return _written(CORRECTIONS, map(_typed, lines), _LINES)


def trl_parquet(source: Source) -> Iterator[Piece]:
    """Preference pairs in TRL's conversational form with pictures: prompt, chosen, rejected, images."""
    return _written(PREFERENCES, _preferences(source), _PREFERENCES)


def _typed(found: dict[str, Any]) -> dict[str, Any]:
    settings = json.dumps(found["settings"], ensure_ascii=False)
    return found | {"settings": settings, "at": dt.datetime.fromisoformat(found["at"])}


def _preferences(source: Source) -> Iterator[dict[str, Any]]:
    for pair in source.pairs():
        right, wrong = source.answer(pair.confirmed), source.answer(pair.read)
        if right != wrong and (row := _preference(source, pair, right, wrong)):
            yield row


def _preference(source: Source, pair: Pair, right: str, wrong: str) -> dict[str, Any] | None:
    sight = source.pictures.shown(pair)
    if sight is None:
        return None
    system, user = source.asked(sight)["messages"]
    path = source.pictures.path(pair)
    return {
        "prompt": [_message("system", system["content"]), {"role": "user", "content": _shown(user["content"])}],
        "chosen": [_message("assistant", right)],
        "rejected": [_message("assistant", wrong)],
        "images": [{"bytes": part.jpeg or None, "path": path} for part in sight.parts],
    }


def _message(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "content": [{"type": "text", "text": text}]}


def _shown(content: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Texts as they are; of pictures only that there is one, they come in their own column in this order."""
    return [part if part["type"] == "text" else {"type": "image", "text": None} for part in content]


def _written(schema: pa.Schema, rows: Iterator[dict[str, Any]], size: int) -> Iterator[Piece]:
    out = _Pieces()
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while group := list(islice(rows, size)):
            writer.write_table(pa.Table.from_pylist(group, schema))
            yield PARQUET, out.taken()
    yield PARQUET, out.taken()


class _Pieces(io.RawIOBase):
    """A file that is taken away while it is written."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken
