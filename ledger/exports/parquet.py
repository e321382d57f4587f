"""Parquet, written row group by row group: corrections as a table, and preference pairs as TRL takes them.

A module of its own, because nothing else needs pyarrow, which is loaded only when a Parquet file is asked for. Rows go
to it as lines of JSON: where it is given Python's own values, it loads all of pandas first.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from ledger.exports.corrections import correction_lines
from ledger.exports.source import Piece, Source, line
from ledger.extraction.pictures.sight import Sight
from ledger.taken_file import TakenFile

_Row = TypeVar("_Row")

PARQUET: Final = ".parquet"
_LINES: Final = 500
"""Rows of one row group: half a megabyte of corrections."""
_PICTURES: Final = 8_000_000
"""Bytes of pictures from which on a row group is full."""
_WORDS: Final = 100_000
"""What the words of a pair count as beside them, so that eighty pairs without pictures are a row group."""

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
    flat = (found | {"settings": json.dumps(found["settings"], ensure_ascii=False)} for found in lines)
    return _written(CORRECTIONS, (_table(CORRECTIONS, group) for group in _groups(flat, lambda _: 0)))


def trl_parquet(source: Source) -> Iterator[Piece]:
    """Preference pairs in TRL's conversational form with pictures: prompt, chosen, rejected, images."""
    groups = _groups(_preferences(source), lambda row: row[1].size + _WORDS)
    return _written(PREFERENCES, (_with_pictures(group) for group in groups))


def _preferences(source: Source) -> Iterator[tuple[dict[str, Any], Sight]]:
    for pair in source.pairs():
        right, wrong = source.answer(pair.confirmed), source.answer(pair.read)
        if right != wrong and (sight := source.pictures.shown(pair)):
            system, user = source.asked(sight)["messages"]
            row = {
                "prompt": [_message("system", system["content"]), {"role": "user", "content": _shown(user["content"])}],
                "chosen": [_message("assistant", right)],
                "rejected": [_message("assistant", wrong)],
                "images": [{"path": source.pictures.path(pair)}] * len(sight.parts),
            }
            yield row, sight


def _message(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "content": [{"type": "text", "text": text}]}


def _shown(content: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Texts as they are; of pictures only that there is one, they come in their own column in this order."""
    return [part if part["type"] == "text" else {"type": "image", "text": None} for part in content]


def _with_pictures(group: Sequence[tuple[dict[str, Any], Sight]]) -> pa.Table:
    """JSON cannot hold bytes, so they are put into the table afterwards."""
    table = _table(PREFERENCES, [row for row, _ in group])
    listed = table["images"].chunk(0)
    pictures = [part.jpeg for _, sight in group for part in sight.parts]
    parts = pa.StructArray.from_arrays([_bytes(pictures), listed.values.field("path")], ["bytes", "path"])
    images = pa.ListArray.from_arrays(listed.offsets, parts)
    return table.set_column(table.column_names.index("images"), PREFERENCES.field("images"), images)


def _bytes(pictures: Sequence[bytes]) -> pa.Array:
    if not any(pictures):
        return pa.nulls(len(pictures), pa.binary())
    ends = np.cumsum([0, *map(len, pictures)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends.tobytes()), pa.py_buffer(b"".join(pictures))]
    return pa.Array.from_buffers(pa.binary(), len(pictures), buffers)


def _groups(rows: Iterator[_Row], weight: Callable[[_Row], int]) -> Iterator[list[_Row]]:
    """Row groups, each as large as is well in memory."""
    group, weighs = [], 0
    for row in rows:
        group.append(row)
        weighs += weight(row)
        if len(group) == _LINES or weighs >= _PICTURES:
            yield group
            group, weighs = [], 0
    if group:
        yield group


def _table(schema: pa.Schema, rows: Iterable[dict[str, Any]]) -> pa.Table:
    data = b"".join(map(line, rows))
    whole = pj.ReadOptions(use_threads=False, block_size=len(data))
    typed = pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    return pj.read_json(io.BytesIO(data), whole, typed).select(schema.names)


def _written(schema: pa.Schema, tables: Iterable[pa.Table]) -> Iterator[Piece]:
    pa.set_memory_pool(pa.system_memory_pool())  # pyarrow's own keeps ten megabytes more than it uses
    out = TakenFile()
    # Of prompts, the least and the largest of each row group would be kept until the end, and dictionaries of answers,
    # of which no two are the same, in vain.
    is_flat = schema is CORRECTIONS
    how = {"compression": "zstd", "write_statistics": is_flat, "use_dictionary": is_flat}
    with pq.ParquetWriter(out, schema, **how) as writer:
        for table in tables:
            writer.write_table(table)
            yield PARQUET, out.taken()
    yield PARQUET, out.taken()
