"""Servers that merely speak like OpenAI's."""

import json

import pytest

from tests.openai_standin import SAMPLE, Compatible, StandIn
from tests.openai_standin_tests.asking import object_of, request, with_schema

SCHEMA = with_schema(object_of(a={"type": "integer"}))
OBJECT = {"type": "json_object"}


@pytest.fixture(scope="module")
def standin():
    with StandIn(compatible=Compatible()) as running:
        yield running


def test_any_model_is_there_and_nothing_is_told_of_limits(post):
    response = post(request(model="qwen3-vl", temperature=0.2))
    assert response.status_code == 200
    assert response.json()["model"] == "qwen3-vl"
    assert not [name for name in response.headers if name.startswith(("x-ratelimit", "openai-", "x-request"))]


@pytest.mark.parametrize("name", ["store", "prompt_cache_key", "service_tier"])
def test_what_is_openais_own_is_refused_in_vllms_form(post, name):
    response = post(request(**{name: "x"}))
    assert response.status_code == 400
    assert response.json() == {
        "object": "error",
        "message": f"[{{'type': 'extra_forbidden', 'loc': ('body', '{name}'), 'msg': 'Extra inputs are not permitted',"
        " 'input': 'x'}]",
        "type": "BadRequestError",
        "param": None,
        "code": 400,
    }


def test_a_schema_is_refused_in_deepseeks_words_and_json_is_taken(post):
    refused = post(request(response_format=SCHEMA))
    assert (refused.status_code, refused.json()["error"]) == (
        400,
        {
            "message": "This response_format type is unavailable now",
            "type": "invalid_request_error",
            "param": None,
            "code": "invalid_request_error",
        },
    )
    taken = post(request(response_format=OBJECT)).json()["choices"][0]["message"]["content"]
    assert json.loads(taken)["location"] == SAMPLE["location"]


def test_a_server_without_json_says_so_in_lm_studios_form_and_chats(ask):
    with StandIn(compatible=Compatible(formats=frozenset({"text"}))) as standin:
        refused = ask(standin, request(response_format=OBJECT))
        chat = ask(standin, request()).json()["choices"][0]["message"]["content"]
    assert (refused.status_code, refused.json()) == (400, {"error": "'response_format.type' must be 'text'"})
    assert chat.startswith("영수증을 읽은 결과입니다.\n\n```json\n{")
    assert json.loads(chat.split("```json\n")[1].removesuffix("\n```"))["location"] == SAMPLE["location"]


def test_a_server_with_schemas_alone_names_what_it_takes(ask):
    with StandIn(compatible=Compatible(formats=frozenset({"json_schema", "text"}))) as standin:
        assert ask(standin, request(response_format=SCHEMA)).status_code == 200
        refused = ask(standin, request(response_format=OBJECT))
    assert refused.json() == {"error": "'response_format.type' must be 'json_schema' or 'text'"}


def test_one_answer_comes_however_many_are_asked_for_with_half_characters_replaced(post):
    (choice,) = post(request(n=3, logprobs=True, response_format=OBJECT)).json()["choices"]
    assert {token["bytes"] for token in choice["logprobs"]["content"]} == {None}
    assert "\ufffd" in [token["token"] for token in choice["logprobs"]["content"]]


def test_a_server_may_count_nothing(ask):
    with StandIn(compatible=Compatible(counts=False)) as standin:
        assert ask(standin, request()).json()["usage"] is None


def test_the_key_and_the_picture_are_looked_at_all_the_same(post):
    assert post(request(), "sk-other").status_code == 401
    assert post(request("data:image/jpeg;base64,")).status_code == 400
