"""What OpenAI refuses is refused in its words; the rest is taken."""

import json

import httpx
import pytest

from tests.openai_standin_tests.asking import object_of, picture, request, url_of, with_schema


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "You didn't provide an API key."),
        ("sk-wrong-1234", "Incorrect API key provided: sk-********1234."),
    ],
)
def test_only_the_right_key_is_let_in(post, key, message):
    response = post(request(), key)
    assert response.status_code == 401
    assert response.json()["error"]["message"].startswith(message)


TOO_HIGH = "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.1 instead."
TOO_LOW = "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -0.1 instead."
NO_ROOM = "Invalid 'max_completion_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead."
TOO_LONG = "max_tokens is too large: 20480. This model supports at most 16384 completion tokens, whereas you provided"
NO_JSON = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."


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
        ({"max_completion_tokens": 0}, NO_ROOM, "integer_below_min_value"),
        ({"max_completion_tokens": 20480}, TOO_LONG, "invalid_value"),
        ({"top_logprobs": 5}, "'top_logprobs' is only allowed when 'logprobs' is true.", "invalid_value"),
        ({"response_format": {"type": "json_object"}}, NO_JSON, None),
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


# Models that reason


@pytest.mark.parametrize("model", ["gpt-5.6-luna", "gpt-6-luna", "gpt-6-sol"])
def test_a_model_that_can_stop_reasoning_then_takes_every_sampling(post, model):
    freely = {"temperature": 0.2, "top_p": 0.9, "logprobs": True, "top_logprobs": 5}
    assert post(request(model=model, reasoning_effort="none", **freely)).status_code == 200
    assert post(request(model=model)).status_code == 200


def test_a_model_that_does_not_reason_by_itself_takes_a_bare_temperature(post):
    assert post(request(model="gpt-5.1", temperature=0.2, logprobs=True)).status_code == 200
    assert post(request(model="gpt-5.1", temperature=0.2, reasoning_effort="low")).status_code == 400


ONLY_DEFAULT = "'temperature' does not support 0.2 with this model. Only the default (1) value is supported."


@pytest.mark.parametrize("effort", [None, "medium"])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"temperature": 0.2}, f"Unsupported value: {ONLY_DEFAULT}"),
        ({"top_p": 0.5}, "Unsupported parameter: 'top_p' is not supported with this model."),
        ({"logprobs": True}, "Unsupported parameter: 'logprobs' is not supported with this model."),
        ({"top_logprobs": 2}, "Unsupported parameter: 'top_logprobs' is not supported with this model."),
    ],
)
@pytest.mark.parametrize("model", ["gpt-6-luna", "gpt-6-astra"])
def test_a_model_that_reasons_samples_in_its_own_way(post, model, changes, message, effort):
    response = post(request(model=model, **changes, **({"reasoning_effort": effort} if effort else {})))
    error = response.json()["error"]
    assert (response.status_code, error["message"]) == (400, message)
    assert error["param"] in changes
    assert error["code"] in ("unsupported_value", "unsupported_parameter")


def test_the_default_of_a_sampling_is_no_setting(post):
    assert post(request(model="gpt-6-astra", temperature=1, top_p=1, logprobs=False)).status_code == 200


CHAT = "'none', 'low', 'medium', 'high', and 'xhigh'"
EVERY = "'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'"


@pytest.mark.parametrize(
    ("model", "effort", "message", "code"),
    [
        (
            "gpt-6-astra",
            "none",
            "'none' with this model. Supported values are: 'low', 'medium', 'high', and 'xhigh'.",
            1,
        ),
        ("gpt-6-luna", "minimal", f"'minimal' with this model. Supported values are: {CHAT}.", 1),
        ("gpt-5", "none", "'none' with this model. Supported values are: 'minimal', 'low', 'medium', and 'high'.", 1),
        ("gpt-6-luna", "turbo", f"Invalid value: 'turbo'. Supported values are: {EVERY}.", 0),
    ],
)
def test_an_effort_that_a_model_does_not_have_is_refused(post, model, effort, message, code):
    error = post(request(model=model, reasoning_effort=effort)).json()["error"]
    prefix = "Unsupported value: 'reasoning_effort' does not support " if code else ""
    assert error["message"] == prefix + message
    assert (error["param"], error["code"]) == ("reasoning_effort", "unsupported_value" if code else "invalid_value")


def test_models_that_reason_know_no_max_tokens(post):
    error = post(request(model="gpt-6-luna", max_tokens=100)).json()["error"]
    assert error["message"] == (
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    )


def test_a_prompt_that_is_too_long_is_refused(post):
    big = url_of(picture(size=(1536, 2048)))
    # Each picture of this size is 25,501 tokens to this model.
    error = post(request(*[big] * 6, model="gpt-4o-mini")).json()["error"]
    assert error["code"] == "context_length_exceeded"
    assert error["message"].startswith("This model's maximum context length is 128000 tokens. However, your messages")


# Schemas

INT = {"type": "integer"}


def nested(levels):
    return INT if levels == 0 else object_of(a=nested(levels - 1))


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ({"type": "array", "items": INT}, "In context=(), schema must be a JSON Schema of 'type: \"object\"'"),
        ({"anyOf": [object_of(a=INT)]}, "In context=(), schema must be a JSON Schema of 'type: \"object\"', got"),
        (
            {**object_of(a=INT), "anyOf": [object_of(a=INT)]},
            "In context=(), schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the"
            " top level.",
        ),
        (
            {"type": "object", "properties": {"a": INT}, "required": ["a"]},
            "In context=(), 'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            object_of(a={"type": "object", "properties": {}, "additionalProperties": INT}),
            "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            {**object_of(a=INT, b=INT), "required": ["a"]},
            "In context=(), 'required' is required to be supplied and to be an array including every key in properties."
            " Missing 'b'.",
        ),
        (
            {**object_of(a=INT), "required": ["a", "b"]},
            "In context=(), 'required' is required to be an array of keys in properties. Extra required key 'b'.",
        ),
        (object_of(a={**INT, "default": 1}), "In context=('properties', 'a'), 'default' is not permitted."),
        (object_of(a={"oneOf": [INT]}), "In context=('properties', 'a'), 'oneOf' is not permitted."),
        (object_of(a={"allOf": [INT]}), "In context=('properties', 'a'), 'allOf' is not permitted."),
        (
            object_of(a={"type": "string", "minLength": 1}),
            "In context=('properties', 'a'), 'minLength' is not permitted.",
        ),
        (
            object_of(a={"type": "string", "format": "uri"}),
            "In context=('properties', 'a'), 'uri' is not a valid format.",
        ),
        (
            object_of(a={"$ref": "#/$defs/x", "description": "가게"}),
            "In context=('properties', 'a'), $ref cannot have keywords {'description'}.",
        ),
        (object_of(a={"type": "array"}), "In context=('properties', 'a'), array schema missing items."),
        (object_of(a={"type": "array", "items": INT, "uniqueItems": True}), "In context=('properties', 'a'), 'uniqueI"),
        (object_of(a={"description": "x"}), "In context=('properties', 'a'), schema must have a 'type' key."),
        (
            object_of(a={"type": "array", "items": {"type": "object", "properties": {}}}),
            "In context=('properties', 'a', 'items'), 'additionalProperties' is required",
        ),
        (object_of(a={"anyOf": [INT, {}]}), "In context=('properties', 'a', 'anyOf', '1'), schema must have a 'type'"),
        (nested(11), "11 levels of nesting exceeds limit of 10."),
        (object_of(**{f"a{i}": INT for i in range(5001)}), "5001 object properties exceeds limit of 5000."),
    ],
)
def test_a_schema_that_is_not_strict_is_refused(post, schema, complaint):
    error = post(request(response_format=with_schema(schema))).json()["error"]
    assert error["message"].startswith(f"Invalid schema for response_format 'r': {complaint}")
    assert error["param"] == "response_format"


def test_a_strict_schema_is_taken_and_another_only_without_strict(post):
    dated = object_of(a={"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}, b={**INT, "minimum": 0})
    assert post(request(response_format=with_schema(dated))).status_code == 200
    assert post(request(response_format=with_schema(nested(10)))).status_code == 200
    assert post(request(response_format=with_schema({"type": "array"}, strict=False))).status_code == 200


# Pictures

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


def test_a_detail_that_nobody_knows_is_refused(post):
    body = request()
    body["messages"][0]["content"][0]["image_url"]["detail"] = "sharp"
    error = post(body).json()["error"]
    assert error["message"] == "Invalid value: 'sharp'. Supported values are: 'low', 'high', 'original', and 'auto'."
    assert error["param"] == "messages[0].content[0].image_url.detail"


# HTTP


def test_a_body_that_is_no_json_is_refused(standin):
    headers = {"authorization": f"Bearer {standin.key}"}
    response = httpx.post(f"{standin.url}/chat/completions", content=b"{", headers=headers)
    assert response.json()["error"]["message"] == "We could not parse the JSON body of your request."


def test_another_path_is_an_invalid_url(standin):
    response = httpx.get(f"{standin.url}/assistants", headers={"authorization": f"Bearer {standin.key}"})
    assert (response.status_code, response.json()["error"]["message"]) == (404, "Invalid URL (GET /v1/assistants)")


def drafting(*lines, **changes):
    """A request for changes of a prompt."""
    material = "<prompt>\n읽습니다.\n</prompt>\n\n<corrections>\n{}\n</corrections>".format("\n".join(lines))
    schema = object_of(edits={"type": "array", "items": object_of(find={"type": "string"})})
    form = {"type": "json_schema", "json_schema": {"name": "prompt_edits", "strict": True, "schema": schema}}
    return request(messages=[{"role": "user", "content": material}], response_format=form) | changes


def test_changes_of_a_prompt_are_drafted_from_words_alone(post):
    line = '{"kind": "syllable", "printed": "감", "read": "검", "receipts": 3}'
    answer = post(drafting(line)).json()["choices"][0]["message"]["content"]
    assert "`감` / `검`" in json.loads(answer)["edits"][0]["replace"]

    shown = [{"type": "image_url", "image_url": {"url": url_of(picture())}}]
    loose = with_schema(object_of(edits={"type": "array"}), strict=False)
    loose["json_schema"]["name"] = "prompt_edits"
    for refused, why in (
        (drafting(line, messages=[{"role": "user", "content": shown}]), "there is a picture"),
        (drafting(line, response_format=loose), "by a strict schema alone"),
        (drafting(line, '감자" 를 무시하고'), "lines of JSON"),
        (drafting(line, messages=[{"role": "user", "content": line}]), "each in its tags"),
        (drafting(line, temprature=1), "Unrecognized request argument"),
    ):
        response = post(refused)
        assert (response.status_code, why in response.json()["error"]["message"]) == (400, True)
