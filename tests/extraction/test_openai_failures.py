"""Every way in which a reading fails has a name and a sentence, and what was said is kept."""

import datetime as dt
import json
from email.utils import format_datetime

import pytest

from ledger.errors import (
    AnswerEmpty,
    AnswerFiltered,
    AnswerNotJson,
    AnswerNotSchema,
    AnswerRefused,
    ContextTooLong,
    KeyRefused,
    ModelNotFound,
    ModelServerError,
    PictureRefused,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
    SettingRefused,
    WrongService,
)
from tests.extraction.asking import failure, read
from tests.openai_standin import (
    EMPTY,
    HTML,
    INSUFFICIENT_QUOTA,
    NOT_JSON,
    SAMPLE,
    ContentFilter,
    Raw,
    Refusal,
    Says,
    Status,
)


@pytest.mark.parametrize(
    ("outcome", "error", "sentence"),
    [
        (Refusal("I can't read this."), AnswerRefused, "The model declined to read this photo: I can't read this."),
        (ContentFilter(), AnswerFiltered, AnswerFiltered.sentence),
        (EMPTY, AnswerEmpty, AnswerEmpty.sentence),
        (NOT_JSON, AnswerNotJson, "The model's answer is not JSON: Expecting value"),
        (Says('{"total": 3}'), AnswerNotSchema, "does not have a receipt's shape: the field date is missing."),
    ],
)
def test_an_answer_that_is_no_receipt_is_named_and_kept_with_its_tokens(
    extractor, standin, photo, outcome, error, sentence
):
    standin.then(outcome)
    raised = failure(extractor, photo)
    assert type(raised) is error
    assert sentence in str(raised)
    assert json.loads(raised.raw_answer)["choices"][0]["finish_reason"]
    assert raised.usage.prompt_tokens > 100
    assert raised.usage.cost_microusd > 0
    assert raised.request_id.startswith("req_")


@pytest.mark.parametrize(
    ("outcome", "error", "sentence"),
    [
        (Status(401), KeyRefused, "The model's service refused the key (HTTP 401). Check OPENAI_API_KEY."),
        (Status(403), KeyRefused, "(HTTP 403)"),
        (INSUFFICIENT_QUOTA, QuotaExhausted, "The account has no credit left."),
        (Status(402, "Insufficient credits"), QuotaExhausted, "The account has no credit left."),
        (Status(429, retry_after=7), RateLimited, "Wait 7 seconds"),
        (Status(429, retry_after=0.2), RateLimited, "Wait 1 seconds"),
        (Status(429), RateLimited, "Wait 60 seconds"),
        (Status(500), ModelServerError, "The model's service failed on its side (HTTP 500)."),
        (Status(503), ModelServerError, "(HTTP 503)"),
        (Raw("<html>Bad gateway</html>", "text/html", 502), ModelServerError, "(HTTP 502)"),
        (Status(400, "Something is odd."), RequestRefused, "did not accept the request (HTTP 400): Something is odd."),
        (Status(404, "model 'gpt-4o' not found, try pulling it first"), ModelNotFound, "has no model gpt-4o"),
        (
            Status(400, "This model's maximum context length is 128000 tokens.", "context_length_exceeded"),
            ContextTooLong,
            "more than the model gpt-4o takes at once: This model's maximum context length is 128000 tokens.",
        ),
        (Status(400, "You uploaded an unsupported image.", "image_parse_error"), PictureRefused, "the picture: You"),
        (Status(400, "tiny-1b is not a multimodal model"), PictureRefused, "tiny-1b is not a multimodal model. Choose"),
        (
            Status(400, "Unsupported value: 'low'.", "unsupported_value", param="reasoning_effort"),
            SettingRefused,
            "the setting reasoning_effort: Unsupported value",
        ),
        (
            Status(400, "Invalid value.", "invalid_value", param="messages[1].content[0].image_url.detail"),
            SettingRefused,
            "the setting detail: Invalid value.",
        ),
        (Status(413, "Too large."), RequestRefused, "(HTTP 413): Too large."),
        (Raw("nope", "text/plain", 422), RequestRefused, "(HTTP 422): nope"),
        (Status(400, "Filtered.", "content_filter"), AnswerFiltered, AnswerFiltered.sentence),
        (HTML, WrongService, "is not the model's service: it sends a web page"),
        (Raw('{"object": "list", "data": []}'), WrongService, "no completion (choices: Field required)"),
        (Raw('{"choices": []}'), WrongService, "no completion (choices: "),
        (Raw('{"choices": null}'), WrongService, "no completion (choices: "),
        (Raw('{"choices": null, "error": {"message": "overloaded"}}'), ModelServerError, "failed on its side"),
        (Raw('{"error": {"message": "slow down", "code": 429}}'), RateLimited, "Wait 60 seconds"),
        (Raw('{"error": {"message": "Odd.", "type": "invalid_request_error"}}'), RequestRefused, "(HTTP 400): Odd."),
        (Raw('{"error": {"message": "Empty.", "code": "insufficient_quota"}}'), QuotaExhausted, "no credit left"),
        (Raw('{"error": "out of memory"}'), ModelServerError, "failed on its side"),
        (Raw("not json"), WrongService, "no completion (Invalid JSON"),
        (Raw('{"detail": "Not Found"}', status=404), WrongService, "it answers HTTP 404 at /v1/chat/completions"),
        (Raw("<html>404</html>", "text/html", 404), WrongService, "it answers HTTP 404"),
    ],
)
def test_a_response_that_is_no_answer_is_named_and_kept(extractor, standin, photo, outcome, error, sentence):
    standin.then(outcome)
    raised = failure(extractor, photo)
    assert type(raised) is error
    assert sentence in str(raised)
    assert raised.raw_answer
    assert raised.request_id.startswith("req_")


def test_a_moment_in_retry_after_is_turned_into_seconds(extractor, standin, photo):
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)
    standin.then(Status(429, retry_after=format_datetime(moment, usegmt=True)))
    assert failure(extractor, photo).fields["retry_after"] in range(27, 32)


@pytest.mark.parametrize("nonsense", ["soon", "inf", "nan", "-5", "Sun, 99 Foo 2026 10:00:00 GMT"])
def test_nonsense_in_retry_after_is_some_patience(extractor, standin, photo, nonsense):
    standin.then(Status(429, retry_after=nonsense))
    assert failure(extractor, photo).fields["retry_after"] in (1, 60)


def test_a_setting_that_the_service_does_not_take_is_refused_in_its_words(extractor, standin, photo):
    message = "Unsupported value: 'temperature' does not support 0.2 with this model."
    standin.then(Status(400, message, "unsupported_value", param="temperature"))
    raised = failure(extractor, photo)
    assert type(raised) is SettingRefused
    assert str(raised) == (
        f"The model gpt-4o does not accept the setting temperature: {message} Change the setting or the model."
    )


def test_a_setting_out_of_range_says_so(extractor, photo):
    raised = failure(extractor, photo, temperature=3)
    assert type(raised) is SettingRefused
    assert "Expected a value <= 2, but got 3 instead." in str(raised)


def test_a_setting_is_named_by_the_message_where_the_service_gives_no_param(extractor, standin, photo):
    standin.then(Status(400, "Unsupported parameter: 'max_completion_tokens'.", "unsupported_parameter"))
    raised = failure(extractor, photo)
    assert raised.fields["setting"] == "max_completion_tokens"


def test_an_unknown_model_is_named(extractor, photo):
    raised = failure(extractor, photo, model="gpt-9")
    assert type(raised) is ModelNotFound
    assert "The model `gpt-9` does not exist" in str(raised)


def test_a_model_that_answers_for_another_is_mentioned(extractor, standin, photo):
    reply = {"model": "tiny-1b", "choices": [{"message": {"content": json.dumps(SAMPLE)}}]}
    standin.then(Raw(json.dumps(reply)))
    notes = read(extractor, photo, logprobs=None).notes
    assert list(map(str, notes)) == ["The model gpt-4o was asked, and tiny-1b answered."]
