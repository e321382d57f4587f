"""The stand-in is worth as much as it is like the API, so its rules are tried one by one, and over plain HTTP."""

import base64
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from openai import OpenAI
from PIL import Image

from tests.openai_standin import SAMPLE, Length, Misread, Refusal, StandIn, Status, tokens


def picture(kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", (32, 32), "white").save(out, kind)
    return out.getvalue()


def url_of(data, mime="image/jpeg"):
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def request(url=None, **changes):
    part = {"type": "image_url", "image_url": {"url": url or url_of(picture())}}
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": [part]}]} | changes


def with_schema(schema, strict=True):
    return {"type": "json_schema", "json_schema": {"name": "r", "strict": strict, "schema": schema}}


def object_of(**properties):
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


@pytest.fixture
def standin():
    with StandIn() as running:
        yield running


@pytest.fixture
def post(standin):
    def post(body, key=standin.key):
        headers = {"authorization": f"Bearer {key}"} if key is not None else {}
        return httpx.post(f"{standin.url}/chat/completions", json=body, headers=headers)

    return post


def test_a_good_request_gets_the_answer(standin, post):
    response = post(request())
    assert response.status_code == 200
    document = json.loads(response.json()["choices"][0]["message"]["content"])
    assert document == {**SAMPLE, "currency": "KRW"}
    assert list(document) == ["date", "location", "currency", "items", "total_amount"]
    assert response.headers["x-request-id"].startswith("req_")
    assert response.headers["x-ratelimit-remaining-requests"]


def test_the_answer_is_the_pictures_own_then_the_given_one_then_the_common_one(standin, post):
    def content(body):
        return post(body).json()["choices"][0]["message"]["content"]

    png = picture("PNG")
    standin.answers["*"] = "common"
    assert content(request()) == "common"
    standin.answer = lambda body: f"at {body['temperature']}"
    assert content(request(temperature=0.2)) == "at 0.2"
    standin.answers[hashlib.sha256(png).hexdigest()] = "of the png"
    assert content(request(url_of(png, "image/png"))) == "of the png"
    assert content(request(temperature=0)) == "at 0"


def test_scripted_outcomes_come_one_by_one_and_then_it_answers_again(standin, post):
    standin.then(Status(429, retry_after=2), Status(500), Misread({"감자": "금자"}))
    limited, broken, misread, usual = (post(request()) for _ in range(4))
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "2")
    assert limited.json()["error"]["code"] == "rate_limit_exceeded"
    assert broken.json()["error"]["type"] == "server_error"
    assert "금자" in misread.json()["choices"][0]["message"]["content"]
    assert "감자" in usual.json()["choices"][0]["message"]["content"]


def test_a_refused_request_takes_no_outcome(standin, post):
    standin.then(Refusal("no"))
    assert post(request(temperature=3)).status_code == 400
    assert post(request()).json()["choices"][0]["message"] == {
        "role": "assistant",
        "content": None,
        "refusal": "no",
        "annotations": [],
    }


def test_what_was_sent_is_kept_without_the_key(standin, post):
    post(request(temperature=0.2))
    (kept,) = standin.requests
    assert kept.body["temperature"] == 0.2
    assert kept.picture == picture()
    assert standin.key not in str(kept)


def test_the_client_of_openai_understands_it(standin):
    with OpenAI(api_key=standin.key, base_url=standin.url, max_retries=0) as client:
        assert "gpt-4o" in [model.id for model in client.models.list()]
        standin.then(Length())
        completion = client.chat.completions.create(**request(logprobs=True, top_logprobs=2, n=2))
    assert [choice.finish_reason for choice in completion.choices] == ["length", "length"]
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens


# Tokens


@pytest.mark.parametrize("text", ["", "감자 뼈다귀", '{"name":"닭가슴살 트릿","price":13500}', "a\n\nb 😀"])
def test_the_bytes_of_the_tokens_are_the_text(text):
    assert b"".join(tokens(text)).decode() == text


def test_some_syllables_lie_across_two_tokens_and_are_spelt_as_bytes(standin, post):
    standin.answer = "뼈"
    (first, second) = post(request(logprobs=True)).json()["choices"][0]["logprobs"]["content"]
    assert first["bytes"] + second["bytes"] == list("뼈".encode())
    assert (first["token"], first["top_logprobs"]) == ("\\xeb\\xbc", [])


def test_a_syllable_with_look_alikes_shows_them(standin, post):
    standin.answer = "감"
    (token,) = post(request(logprobs=True, top_logprobs=3)).json()["choices"][0]["logprobs"]["content"]
    assert [top["token"] for top in token["top_logprobs"]] == ["감", "검", "금"]
    assert token["top_logprobs"][0]["logprob"] == token["logprob"]


def test_probabilities_come_only_when_asked_for(post):
    assert post(request()).json()["choices"][0]["logprobs"] is None


# What is refused


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (None, "You didn't provide an API key."),
        ("sk-wrong-1234", "Incorrect API key provided: sk-********1234."),
    ],
)
def test_only_the_right_key_is_let_in(post, key, message):
    response = post(request(), key)
    assert response.status_code == 401
    assert response.json()["error"]["message"].startswith(message)


TOO_HIGH = "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.1 instead."
TOO_LOW = "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -0.1 instead."
ONLY_DEFAULT = (
    "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported."
)


@pytest.mark.parametrize(
    ("changes", "message", "code"),
    [
        ({"temprature": 0.2}, "Unrecognized request argument supplied: temprature", None),
        ({"top_k": 1, "best_of": 2}, "Unrecognized request arguments supplied: best_of, top_k", None),
        ({"reasoning_effort": "none"}, "Unrecognized request argument supplied: reasoning_effort", None),
        ({"model": None}, "you must provide a model parameter", None),
        ({"messages": []}, "Invalid 'messages': empty array.", "empty_array"),
        ({"temperature": 2.1}, TOO_HIGH, "decimal_above_max_value"),
        ({"temperature": -0.1}, TOO_LOW, "decimal_below_min_value"),
        ({"temperature": "hot"}, "Invalid type for 'temperature'", "invalid_type"),
        ({"logprobs": True, "top_logprobs": 21}, "Invalid 'top_logprobs': integer above", "integer_above_max_value"),
        ({"n": 0}, "Invalid 'n': integer below minimum value.", "integer_below_min_value"),
        ({"top_logprobs": 5}, "'top_logprobs' is only allowed when 'logprobs' is true.", "invalid_value"),
        ({"model": "gpt-6-luna", "temperature": 0.2}, ONLY_DEFAULT, "unsupported_value"),
        ({"model": "gpt-6-luna", "logprobs": True}, "Unsupported parameter: 'logprobs'", "unsupported_parameter"),
        ({"stream": True}, "The stand-in does not stream.", "unsupported_value"),
        ({"messages": [{"role": "user", "content": "hi"}]}, "The stand-in reads receipts", None),
    ],
)
def test_a_request_is_refused_as_the_api_refuses_it(post, changes, message, code):
    response = post(request(**changes))
    error = response.json()["error"]
    assert response.status_code == 400
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"].startswith(message)
    assert error["code"] == code


def test_an_unknown_model_does_not_exist(post):
    response = post(request(model="gpt-9"))
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "model_not_found"


def test_a_reasoning_model_without_reasoning_takes_a_temperature(post):
    body = request(model="gpt-6-luna", reasoning_effort="none", temperature=0.2, logprobs=True, top_logprobs=5)
    assert post(body).status_code == 200


INT = {"type": "integer"}


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ({"type": "array", "items": INT}, "In context=(), schema must be a JSON Schema of 'type: \"object\"'"),
        (
            {"type": "object", "properties": {"a": INT}, "required": ["a"]},
            "In context=(), 'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            {**object_of(a=INT, b=INT), "required": ["a"]},
            "In context=(), 'required' is required to be supplied and to be an array including every key in properties."
            " Missing 'b'.",
        ),
        (object_of(a={**INT, "default": 1}), "In context=('properties', 'a'), 'default' is not permitted."),
        (object_of(a={"oneOf": [INT]}), "In context=('properties', 'a'), 'oneOf' is not permitted."),
        (object_of(a={"description": "x"}), "In context=('properties', 'a'), schema must have a 'type' key."),
        (
            object_of(a={"type": "array", "items": {"type": "object", "properties": {}}}),
            "In context=('properties', 'a', 'items'), 'additionalProperties' is required",
        ),
        (object_of(a={"anyOf": [INT, {}]}), "In context=('properties', 'a', 'anyOf', '1'), schema must have a 'type'"),
    ],
)
def test_a_schema_that_is_not_strict_is_refused(post, schema, complaint):
    error = post(request(response_format=with_schema(schema))).json()["error"]
    assert error["message"].startswith(f"Invalid schema for response_format 'r': {complaint}")
    assert error["param"] == "response_format"


def test_a_strict_schema_is_taken_and_another_only_without_strict(post):
    assert post(request(response_format=with_schema(object_of(a=INT)))).status_code == 200
    assert post(request(response_format=with_schema({"type": "array"}, strict=False))).status_code == 200


EXPECTED = "Invalid image URL: 'messages[0].content[0].image_url.url'. Expected a base64-encoded data URL"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "https://example.com/a.jpg",
            "Invalid image URL: 'messages[0].content[0].image_url.url'. Expected a valid URL",
        ),
        ("data:application/pdf;base64,JVBE", f"{EXPECTED} with an image MIME type"),
        ("data:image/jpeg;base64,", EXPECTED),
        ("data:image/jpeg;base64,%%%", EXPECTED),
        (url_of(b"no picture"), "You uploaded an unsupported image."),
        (url_of(picture()[:300]), "You uploaded an unsupported image."),
        (url_of(picture("BMP")), "You uploaded an unsupported image."),
    ],
)
def test_what_cannot_be_looked_at_is_refused(post, url, message):
    response = post(request(url))
    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith(message)


def test_a_body_that_is_no_json_is_refused(standin):
    headers = {"authorization": f"Bearer {standin.key}"}
    response = httpx.post(f"{standin.url}/chat/completions", content=b"{", headers=headers)
    assert response.json()["error"]["message"] == "We could not parse the JSON body of your request."


def test_another_path_is_an_invalid_url(standin):
    response = httpx.get(f"{standin.url}/assistants", headers={"authorization": f"Bearer {standin.key}"})
    assert (response.status_code, response.json()["error"]["message"]) == (404, "Invalid URL (GET /v1/assistants)")


def test_it_can_be_run_by_hand(tmp_path):
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({**SAMPLE, "total_amount": 7}), encoding="utf-8")
    command = [sys.executable, "-m", "tests.openai_standin", "--port", "0", "--answer", str(answer)]
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            settings = dict(pair.split("=", 1) for pair in process.stdout.readline().split())
            headers = {"authorization": f"Bearer {settings['OPENAI_API_KEY']}"}
            url = f"{settings['OPENAI_BASE_URL']}/chat/completions"
            content = httpx.post(url, json=request(), headers=headers).json()["choices"][0]["message"]["content"]
        finally:
            process.terminate()
    assert json.loads(content)["total_amount"] == 7
