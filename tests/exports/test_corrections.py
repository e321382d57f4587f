"""The canonical stream, as lines, for spreadsheets and as a Parquet table."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator

import pyarrow.json as pj
import pyarrow.parquet as pq
import pytest

from ledger.corrections.diff import FIELDS
from ledger.database import Database
from ledger.exports.corrections import COLUMNS
from ledger.exports.formats import FORMATS
from ledger.exports.lines import corrections_jsonl
from ledger.exports.parquet import corrections_parquet
from ledger.exports.source import Piece, Source
from ledger.exports.spreadsheet import corrections_csv
from ledger.exports.wanted import Wanted
from ledger.extraction.confidence.doubt import Doubt, Doubts
from tests.exports.made import CALLED, desk, files, lines, place, source
from tests.factories import MISREAD, RIGHT, SETTINGS

TOLD = [
    ("location", "substitute", "경기 하남시 미사대로 1, 루트231", "경기 하남시 1, 카페"),
    ("items.1.name", "substitute", "검자", "감자"),
    ("location", "substitute", "경기 하남시 미사대로 1, 루트231", "경기 하남시 1, 루트231 ***-***-****"),
    ("items.1", "remove", '{"name": "검자", "price": 4000, "count": 1, "category": "식비"}', None),
]


def test_each_correction_is_a_line_with_all_that_is_known_of_it(database: Database) -> None:
    desk(database)
    place(database, doubts=Doubts({"items.1.name": Doubt(0.4)}).as_json())

    found = lines(corrections_jsonl(source(database)))

    assert [(one["field_path"], one["op"], one["before"], one["after"]) for one in found] == TOLD
    assert tuple(found[0]) == COLUMNS
    assert [one["risk"] for one in found] == [None, 0.4, None, None]
    assert (found[0]["model"], found[0]["prompt_version"]) == (SETTINGS.model, SETTINGS.prompt_version)
    assert found[0]["settings"] == SETTINGS.as_json()
    assert found[0]["uri"] == "memory://photos/ledger/0.jpg"
    assert dt.datetime.fromisoformat(found[0]["at"]).utcoffset() == dt.timedelta()


def test_an_added_row_stands_where_people_put_it(database: Database) -> None:
    added = RIGHT.model_copy(update={"items": (*MISREAD.items, RIGHT.items[1])})
    desk(database, [added])

    (found,) = lines(corrections_jsonl(source(database)))

    assert (found["field_path"], found["op"], found["before"]) == ("items.2", "add", None)
    assert json.loads(found["after"])["name"] == "감자"


def test_people_and_shops_have_pseudonyms_unless_that_is_not_wanted(database: Database) -> None:
    desk(database)
    masked, open_ = (lines(corrections_jsonl(source(database, masked=on))) for on in (True, False))

    assert {one["reviewer"].partition("-")[0] for one in masked} == {"reviewer"}
    assert {one["shop"].partition("-")[0] for one in masked} == {"shop"}
    assert [one["reviewer"] for one in open_] == ["지수"] * 4
    assert (open_[0]["shop"], open_[2]["after"]) == ("카페", CALLED.location)
    assert "member" not in json.dumps(masked)


@pytest.mark.parametrize("field", [field for field in FIELDS if field in ("location", "item.name", "item", "currency")])
def test_one_field_alone_is_exported(database: Database, field: str) -> None:
    desk(database)

    found = lines(corrections_jsonl(source(database, wanted=Wanted(field=field))))

    assert len(found) == {"location": 2, "item.name": 1, "item": 1, "currency": 0}[field]


def test_days_are_the_operators(database: Database) -> None:
    desk(database)  # decided at 09:30 UTC, 18:30 in Seoul
    day = dt.date(2024, 11, 12)
    late = source(database, wanted=Wanted(since=day + dt.timedelta(days=1)))
    early = source(database, wanted=Wanted(until=day - dt.timedelta(days=1)))

    assert [lines(corrections_jsonl(one)) for one in (late, early)] == [[], []]
    assert len(lines(corrections_jsonl(source(database, wanted=Wanted(since=day, until=day))))) == 4


def test_a_spreadsheet_gets_the_same_lines_and_runs_none_of_them(database: Database) -> None:
    formula = RIGHT.model_copy(update={"location": "=HYPERLINK(1)"})
    desk(database, [formula])

    table = files(corrections_csv(source(database)))[".csv"].decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(table)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["after"] for row in rows] == ["'=HYPERLINK(1)", "감자"]
    assert json.loads(rows[0]["settings"])["temperature"] == 0.2


def test_a_parquet_table_has_the_same_lines_with_their_types(database: Database) -> None:
    desk(database)

    table = pq.read_table(io.BytesIO(files(corrections_parquet(source(database)))[".parquet"]))

    found = [(one["field_path"], one["op"], one["before"], one["after"]) for one in table.to_pylist()]
    assert found == TOLD
    assert tuple(table.column_names) == COLUMNS
    assert table["at"][0].as_py().tzinfo is not None


def test_the_lines_are_read_by_pyarrow(database: Database) -> None:
    desk(database)

    table = pj.read_json(io.BytesIO(files(corrections_jsonl(source(database)))[".jsonl"]))

    assert table.num_rows == 4
    assert tuple(table.column_names) == COLUMNS


@pytest.mark.parametrize("name", FORMATS)
def test_every_form_of_nothing_can_be_written(database: Database, name: str) -> None:
    write: Callable[[Source], Iterator[Piece]] = FORMATS[name].write
    assert all(isinstance(data, bytes) for _, data in write(source(database)))
