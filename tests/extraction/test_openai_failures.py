"""Every way in which a reading fails has a name and a sentence, and what was said is kept."""

import datetime as dt
import json
from email.utils import format_datetime

import pytest

from ledger.errors import (
    AnswerCutOff,
    AnswerEmpty,
    AnswerFiltered,
    AnswerNotJson,
    AnswerNotSchema,
    AnswerRefused,
    KeyRefused,
    ModelServerError,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
    SettingRefused,
    WrongService,
)
from ledger.receipt import to_contract
from tests.extraction.asking import failure, read
from tests.openai_standin import (
    EMPTY,
    HTML,
    INSUFFICIENT_QUOTA,
    NOT_JSON,
    SAMPLE,
    ContentFilter,
    Length,
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
        (Length(), AnswerCutOff, "The answer was cut off at 4096 tokens."),
        (EMPTY, AnswerEmpty, AnswerEmpty.sentence),
        (NOT_JSON, AnswerNotJson, "The model's answer is not JSON: Expecting value"),
        (Says('{"total": 3}'), AnswerNotSchema, "does not have a receipt's shape: date: Field required"),
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


def test_a_cut_off_answer_keeps_what_was_written(extractor, standin, photo):
    standin.then(Length('{"date":"2024-11-'))
    kept = json.loads(failure(extractor, photo).raw_answer)
    assert kept["choices"][0]["message"]["content"] == '{"date":"2024-11-'


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
        (Status(413, "Too large."), RequestRefused, "(HTTP 413): Too large."),
        (Raw("nope", "text/plain", 422), RequestRefused, "(HTTP 422): nope"),
        (Status(400, "Filtered.", "content_filter"), AnswerFiltered, AnswerFiltered.sentence),
        (HTML, WrongService, "is not the model's service: it sends a web page"),
        (Raw('{"object": "list", "data": []}'), WrongService, "no completion (choices: Field required)"),
        (Raw('{"choices": []}'), WrongService, "no completion (choices: "),
        (Raw('{"choices": null, "error": {"message": "overloaded"}}'), WrongService, "no completion (choices: "),
        (Raw("not json"), WrongService, "no completion (the body: Invalid JSON"),
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


def test_a_model_without_the_setting_says_so(extractor, photo):
    raised = failure(extractor, photo, model="gpt-6-luna")
    assert type(raised) is SettingRefused
    assert str(raised) == (
        "The model gpt-6-luna does not accept the setting temperature: Unsupported value: 'temperature' does not"
        " support 0.2 with this model. Only the default (1) value is supported. Change the setting or the model."
    )


def test_a_setting_out_of_range_says_so(extractor, photo):
    raised = failure(extractor, photo, temperature=3)
    assert type(raised) is SettingRefused
    assert "Expected a value <= 2, but got 3 instead." in str(raised)


def test_a_setting_is_named_by_the_message_where_the_service_gives_no_param(extractor, standin, photo):
    standin.then(Status(400, "Unsupported parameter: 'max_completion_tokens'.", "unsupported_parameter"))
    raised = failure(extractor, photo)
    assert raised.fields["setting"] == "max_completion_tokens"


def test_a_model_without_probabilities_is_read_without_them_and_the_result_says_so(extractor, standin, photo):
    results = [read(extractor, photo, model="gpt-6-luna", temperature=None) for _ in range(2)]
    # The refused request is made once, then the model is known.
    assert [request.body.get("logprobs") for request in standin.requests] == [True, None, None]
    assert [str(note) for note in results[1].notes] == [
        "The model gpt-6-luna does not tell how sure it was of its words."
    ]
    assert to_contract(results[1].receipt) == SAMPLE


def test_an_unknown_model_is_a_refused_request(extractor, photo):
    raised = failure(extractor, photo, model="gpt-9")
    assert type(raised) is RequestRefused
    assert "The model `gpt-9` does not exist" in str(raised)


def test_a_model_that_answers_for_another_is_mentioned(extractor, standin, photo):
    reply = {"model": "tiny-1b", "choices": [{"message": {"content": json.dumps(SAMPLE)}}]}
    standin.then(Raw(json.dumps(reply)))
    assert list(map(str, read(extractor, photo).notes)) == ["The model gpt-4o was asked, and tiny-1b answered."]
