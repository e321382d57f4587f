"""Forms for those who train: chats, preference pairs, requests."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from typing import Any

import pyarrow.parquet as pq
import pytest
from PIL import Image

from ledger.config import Settings
from ledger.database import Database
from ledger.errors import StoreUnavailable
from ledger.exports import lines as forms
from ledger.exports import pictures
from ledger.exports.lines import batch_jsonl, chat_jsonl, preference_jsonl
from ledger.exports.parquet import PREFERENCES, trl_parquet
from ledger.exports.pictures import EMBED
from ledger.exports.source import answer_text
from ledger.extraction.answer import ANSWER_SCHEMA, read_answer
from ledger.prompts import versions
from ledger.prompts.versions import PromptVersion
from tests.exports.made import desk, files, lines, source
from tests.factories import MISREAD, RIGHT, jpeg
from tests.openai_standin.rules import check_request


def shown(messages: list[dict[str, Any]]) -> str:
    """The address of the picture in a user's message."""
    assert [message["role"] for message in messages[:2]] == ["system", "user"]
    (part,) = messages[1]["content"]
    assert part["type"] == "image_url"
    return str(part["image_url"]["url"])


def test_a_chat_is_what_is_asked_what_is_shown_and_what_was_confirmed(database: Database) -> None:
    desk(database)

    first, second = (found["messages"] for found in lines(chat_jsonl(source(database))))

    assert first[0]["content"] == versions.load().text
    assert shown(first) == "memory://photos/ledger/0.jpg"
    assert json.loads(first[2]["content"])["items"][1]["name"] == "감자"
    assert read_answer(second[2]["content"])[0].location == "경기 하남시 1, 루트231 ***-***-****"


def test_an_answer_is_in_the_schemas_own_order_and_reads_as_what_it_was() -> None:
    assert list(json.loads(answer_text(RIGHT))) == list(ANSWER_SCHEMA["properties"])
    assert read_answer(answer_text(RIGHT)) == (RIGHT, ())


def test_a_placeholder_says_nothing_in_an_example(database: Database) -> None:
    desk(database, [RIGHT])
    prompt = PromptVersion.of("mine", "읽습니다.\n\n이 가게: {{shop}}\n")

    (found,) = lines(chat_jsonl(replace(source(database), prompt=prompt)))

    assert found["messages"][0]["content"] == "읽습니다.\n"


def test_pictures_lie_in_the_file_if_that_is_wanted(database: Database) -> None:
    store = desk(database, [RIGHT])

    (found,) = lines(chat_jsonl(source(database, store, pictures=EMBED)))

    head, _, data = shown(found["messages"]).partition(",")
    assert head == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert picture.mode == "RGB"


def test_pictures_may_lie_somewhere_in_the_web(database: Database) -> None:
    desk(database, [RIGHT])

    (found,) = lines(chat_jsonl(source(database, pictures="https://photos.example/사진/")))

    assert shown(found["messages"]) == "https://photos.example/사진/ledger/0.jpg"


def test_a_picture_that_is_another_one_or_gone_is_left_out_and_said(database: Database) -> None:
    store = desk(database, [RIGHT, RIGHT, RIGHT])
    store.put("ledger/0.jpg", jpeg(77))
    del store.objects["ledger/1.jpg"]
    made = source(database, store, pictures=EMBED)

    assert len(lines(chat_jsonl(made))) == 1
    assert made.pictures.left_out == {pictures.OTHER: 1, pictures.GONE: 1}


def test_a_picture_that_is_too_large_is_left_out_and_said(database: Database) -> None:
    store = desk(database, [RIGHT])
    made = source(database, store, pictures=EMBED)
    made.pictures.largest = 100

    assert lines(chat_jsonl(made)) == []
    assert made.pictures.left_out == {pictures.LARGE: 1}


def test_a_store_that_is_away_ends_an_export(database: Database) -> None:
    store = desk(database, [RIGHT])
    store.failure = StoreUnavailable(store="memory", why="away")

    with pytest.raises(StoreUnavailable):
        lines(chat_jsonl(source(database, store, pictures=EMBED)))


def test_few_examples_are_said(database: Database) -> None:
    desk(database)
    made = source(database)

    lines(chat_jsonl(made))

    assert made.notes == [forms.FEW.format(least=10, count=2)]


def test_the_confirmed_answer_is_preferred_to_the_one_that_was_read(database: Database) -> None:
    desk(database, [RIGHT, MISREAD])  # nothing is preferred of what was read right

    (found,) = lines(preference_jsonl(source(database)))

    assert shown(found["input"]["messages"]) == "memory://photos/ledger/0.jpg"
    answers = [json.loads(found[name][0]["content"]) for name in ("preferred_output", "non_preferred_output")]
    assert [answer["items"][1]["name"] for answer in answers] == ["감자", "검자"]


@pytest.mark.parametrize("how", ["url", EMBED])
def test_trl_gets_prompt_chosen_rejected_and_pictures(database: Database, how: str) -> None:
    store = desk(database, [RIGHT, RIGHT])

    table = pq.read_table(io.BytesIO(files(trl_parquet(source(database, store, pictures=how)))[".parquet"]))

    assert table.schema.metadata == PREFERENCES.metadata
    assert table.column_names == PREFERENCES.names
    row, other = table.to_pylist()
    assert [message["role"] for message in row["prompt"]] == ["system", "user"]
    assert row["prompt"][1]["content"] == [{"type": "image", "text": None}]
    assert json.loads(row["rejected"][0]["content"][0]["text"])["items"][1]["name"] == "검자"
    (picture,) = row["images"]
    assert picture["path"] == "memory://photos/ledger/0.jpg"
    assert other["images"][0]["path"] == "memory://photos/ledger/1.jpg"
    for one in (row, other):
        assert (one["images"][0]["bytes"] or b"").startswith(b"\xff\xd8") == (how == EMBED)


def test_a_batch_is_made_of_requests_that_the_service_takes(database: Database) -> None:
    store = desk(database)

    found = lines(batch_jsonl(source(database, store, pictures=EMBED)))

    assert [(one["method"], one["url"]) for one in found] == [("POST", "/v1/chat/completions")] * 2
    assert len({one["custom_id"] for one in found}) == 2
    for one in found:
        check_request(one["body"])


def test_a_server_of_ones_own_gets_nothing_that_is_openais_alone(database: Database) -> None:
    desk(database, [RIGHT])
    settings = Settings().model_copy(update={"base_url": "http://127.0.0.1:8000/v1", "model": "qwen3-vl"})

    (found,) = lines(batch_jsonl(source(database, settings=settings)))

    assert found["body"]["model"] == "qwen3-vl"
    assert "store" not in found["body"]


def test_what_a_prompt_says_of_single_fields_is_in_a_batch(database: Database) -> None:
    desk(database, [RIGHT])
    prompt = PromptVersion.of("mine", "읽습니다.", schema_notes={"date": "결제한 날."})

    (found,) = lines(batch_jsonl(replace(source(database), prompt=prompt)))

    schema = found["body"]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["date"]["description"] == "결제한 날."


@pytest.mark.parametrize("limit", [{"most_requests": 2}, {"most_bytes": 13_000}])
def test_a_batch_that_is_too_large_goes_into_numbered_files(database: Database, limit: dict[str, int]) -> None:
    desk(database, [RIGHT] * 5)
    made = source(database)

    whole = files(batch_jsonl(made, **limit))

    assert list(whole) == [".jsonl", "-2.jsonl", "-3.jsonl"]
    assert [len(data.splitlines()) for data in whole.values()] == [2, 2, 1]
    assert made.notes == [forms.SPLIT.format(count=3)]
