"""Servers that refuse the form of an answer, and models that talk around it."""

import json

import pytest

from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.ladder import Ladder, json_in

ASKED = ReadingSettings(model="우리-모델", temperature=0.2, prompt_version=None)


@pytest.mark.parametrize(
    "said",
    [
        "This response_format type is unavailable now",
        "'response_format.type' must be 'json_schema' or 'text'",
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
        "structured outputs are not supported",
        "guided decoding failed: unsupported grammar",
        "json schema is not supported",
    ],
)
def test_a_refused_form_is_followed_by_the_next_one(said):
    assert Ladder().below(ASKED, said).answer_format == "json_object"


def test_what_was_refused_is_not_asked_again_of_the_same_model():
    ladder = Ladder()
    first = ladder.below(ASKED, "response_format")
    second = ladder.below(first, "json_object is not supported")
    assert (first.answer_format, second.answer_format) == ("json_object", "text")
    assert ladder.known(ASKED) == ASKED  # it may refuse everything today
    ladder.learn(ASKED, second)
    assert ladder.known(ASKED).answer_format == "text"
    assert ladder.below(ASKED, "response_format").answer_format == "text"
    other = ReadingSettings(model="다른-모델", temperature=None, prompt_version=None)
    assert ladder.known(other) == other


def test_below_words_there_is_nothing():
    ladder = Ladder()
    words = ladder.below(ladder.below(ASKED, "response_format"), "response_format")
    assert ladder.below(words, "response_format") is None


def test_refused_probabilities_are_left_out_and_nothing_else():
    ladder = Ladder()
    below = ladder.below(ASKED, "top_logprobs: Extra inputs are not permitted")
    assert (below.logprobs, below.answer_format) == (None, "json_schema")
    assert ladder.below(below, "logprobs") is None
    ladder.learn(ASKED, below)
    assert ladder.known(ASKED) == below


@pytest.mark.parametrize("said", ["", "temperature is too high", "The picture is too large."])
def test_another_refusal_is_not_answered(said):
    assert Ladder().below(ASKED, said) is None


OBJECT = json.dumps({"total_amount": 3000, "location": "멍이네 {본점}"}, ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        OBJECT,
        f"영수증을 읽은 결과입니다.\n\n```json\n{OBJECT}\n```\n확인해 주세요.",
        f"```\n{OBJECT}\n```",
        f"네! {OBJECT} 입니다.",
        f'<think>{{"total_amount": 1}} 이 아니라...</think>\n{OBJECT}',
        f'```json\n{{"total_amount": 1, "location": "초안"}}\n```\n고쳐 쓰면\n```json\n{OBJECT}\n```',
        f"{{합계}} 까지 읽었습니다: {OBJECT}",
        f"{{}} {OBJECT} {{}}",
        f'{OBJECT}\n{{"confidence": 0.9}}',
        f'{{"items": [{{"name": "잘린 초안"\n{OBJECT}',
    ],
)
def test_the_object_is_found_in_what_is_around_it(text):
    assert json.loads(text[json_in(text)]) == json.loads(OBJECT)


@pytest.mark.parametrize(
    "text", ["", "네, 읽었습니다.", "{", "[1, 2]", '{"a": }', "```json\n[]\n```", "} {", "{{{", '{"draft": 1}']
)
def test_where_there_is_no_object_none_is_found(text):
    assert json_in(text) is None
