"""What a model is sent, as a body of Chat Completions."""

import json

import pytest

from ledger.extraction.answer import ANSWER_SCHEMA
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.pictures.sight import Part, Sight
from ledger.extraction.request import request_body
from ledger.prompts.schema_notes import FIELDS, LONGEST_SCHEMA_NOTE
from ledger.prompts.versions import PromptVersion, load
from tests.openai_standin.schema import schema_faults, size_fault

ONE = Sight((Part(b"one", 10, 20, (0, 0, 10, 20)),), 1)
THREE = Sight(tuple(Part(name, 10, 20, (0, 0, 10, 20)) for name in (b"top", b"middle", b"end")), 1)


def body(sight=ONE, to_openai=True, **changes):
    settings = {"model": "gpt-4o", "temperature": 0.2, "prompt_version": load().version} | changes
    return request_body(ReadingSettings(**settings), load(), sight, to_openai=to_openai)


def shown(sent):
    return [part.get("text") or part["image_url"]["url"] for part in sent["messages"][1]["content"]]


def noted(notes, **changes):
    settings = {"model": "gpt-4o", "temperature": 0.2, "prompt_version": None} | changes
    return request_body(ReadingSettings(**settings), PromptVersion.of("mine", "읽습니다.", schema_notes=notes), ONE)


def test_schema_notes_go_along_as_descriptions_of_their_fields_and_nothing_else_changes():
    notes = {field: f"{field}에 대한 말" for field in FIELDS}
    schema = noted(notes)["response_format"]["json_schema"]["schema"]

    item = schema["properties"]["items"]["items"]["properties"]
    told = {name: part["description"] for name, part in schema["properties"].items()}
    assert told | {f"items.{name}": part["description"] for name, part in item.items()} == notes
    assert noted(None)["response_format"]["json_schema"]["schema"] == ANSWER_SCHEMA


def test_a_schema_with_notes_is_as_strict_as_without():
    schema = noted(dict.fromkeys(FIELDS, "가" * LONGEST_SCHEMA_NOTE))["response_format"]["json_schema"]["schema"]
    assert (list(schema_faults(schema)), size_fault(schema)) == ([], None)


@pytest.mark.parametrize("form", ["json_object", "text"])
def test_where_the_schema_goes_in_words_the_notes_are_in_them(form):
    words = noted({"date": "연·월·일 순서."}, answer_format=form)["messages"][0]["content"]
    assert '"date": {"type": "string", "description": "연·월·일 순서."}' in words


def test_every_setting_has_its_argument():
    sent = body(temperature=0.3, reasoning_effort="low", detail="low", max_completion_tokens=9, logprobs=3)
    assert (sent["temperature"], sent["reasoning_effort"], sent["max_completion_tokens"]) == (0.3, "low", 9)
    assert (sent["logprobs"], sent["top_logprobs"]) == (True, 3)
    assert sent["messages"][1]["content"][0]["image_url"]["detail"] == "low"


def test_no_runner_up_may_be_asked_for():
    assert (body(logprobs=0)["logprobs"], body(logprobs=0)["top_logprobs"]) == (True, 0)


def test_what_is_none_is_not_sent():
    nothing = dict.fromkeys(["temperature", "reasoning_effort", "detail", "max_completion_tokens", "logprobs"])
    sent = body(answer_format=None, to_openai=False, **nothing)
    assert set(sent) == {"model", "messages"}
    assert set(sent["messages"][1]["content"][0]["image_url"]) == {"url"}


def test_the_parts_of_a_strip_stand_in_order_each_behind_its_own_words():
    words_and_pictures = shown(body(THREE))
    assert words_and_pictures[1::2] == [f"data:image/jpeg;base64,{part}" for part in ("dG9w", "bWlkZGxl", "ZW5k")]
    for number, words in enumerate(words_and_pictures[::2], 1):
        assert f"조각 {number}/3" in words
        assert "한 번만 적습니다" in words


def test_a_picture_in_one_part_needs_no_words():
    assert len(shown(body(ONE))) == 1


def test_requests_begin_alike_whatever_is_shown():
    one, three = body(ONE), body(THREE)
    assert one["messages"][0] == three["messages"][0] == {"role": "system", "content": load().text}
    assert one["prompt_cache_key"] == three["prompt_cache_key"] == load().version


@pytest.mark.parametrize("name", ["store", "prompt_cache_key"])
def test_what_openai_alone_knows_is_not_sent_to_others(name):
    assert name in body()
    assert name not in body(to_openai=False)


@pytest.mark.parametrize(("form", "sent"), [("json_object", {"type": "json_object"}), ("text", None)])
def test_a_server_without_schemas_is_given_the_schema_in_words(form, sent):
    asked = body(answer_format=form)
    assert asked.get("response_format") == sent
    assert asked["messages"][0]["content"].startswith(load().text)
    assert json.dumps(ANSWER_SCHEMA, ensure_ascii=False) in asked["messages"][0]["content"]
