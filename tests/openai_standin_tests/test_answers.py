"""What the stand-in answers without a Reader, what it keeps, and how its tokens look."""

import hashlib
import json

import pytest
from openai import OpenAI

from tests.openai_standin import SAMPLE, Length, Misread, Refusal, StandIn, Status, tokens
from tests.openai_standin_tests.asking import picture, request, url_of


@pytest.fixture
def standin():
    with StandIn() as running:
        yield running


def test_a_good_request_gets_the_answer(post):
    response = post(request())
    assert response.status_code == 200
    document = json.loads(response.json()["choices"][0]["message"]["content"])
    assert document == {**SAMPLE, "currency": "KRW"}
    assert list(document) == ["date", "location", "currency", "items", "total_amount"]
    assert response.headers["x-request-id"].startswith("req_")
    assert response.headers["openai-processing-ms"].isdigit()


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
    assert kept.pictures == [kept.picture] == [picture()]
    assert standin.key not in str(kept)


def test_the_client_of_openai_understands_it(standin):
    with OpenAI(api_key=standin.key, base_url=standin.url, max_retries=0) as client:
        assert "gpt-4o" in [model.id for model in client.models.list()]
        standin.then(Length())
        completion = client.chat.completions.create(**request(logprobs=True, top_logprobs=2, n=2))
    assert [choice.finish_reason for choice in completion.choices] == ["length", "length"]
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens


# Room


def test_an_answer_longer_than_its_room_is_cut_and_doubled_room_holds_it(standin, post):
    standin.answer = "감자 " * 20
    cut, whole = (post(request(max_completion_tokens=room)).json() for room in (40, 80))
    assert cut["choices"][0]["finish_reason"] == "length"
    assert cut["choices"][0]["message"]["content"] == "감자 " * 13 + "감"
    assert cut["usage"]["completion_tokens"] == 40
    assert (whole["choices"][0]["finish_reason"], whole["choices"][0]["message"]["content"]) == ("stop", "감자 " * 20)


def test_a_model_that_reasons_does_so_in_the_same_room(standin, post):
    body = request(model="gpt-6-luna", max_completion_tokens=200)
    full = post(body).json()
    assert (full["choices"][0]["message"]["content"], full["choices"][0]["finish_reason"]) == ("", "length")
    assert full["usage"]["completion_tokens_details"]["reasoning_tokens"] == 200
    assert post({**body, "reasoning_effort": "none"}).json()["choices"][0]["finish_reason"] == "stop"


# Tokens


@pytest.mark.parametrize("text", ["", "감자 뼈다귀", '{"name":"닭가슴살 트릿","price":13500}', "a\n\nb 😀"])
def test_the_bytes_of_the_tokens_are_the_text(text):
    assert b"".join(tokens(text)).decode() == text


def test_some_syllables_lie_across_two_tokens_and_are_spelt_as_bytes(standin, post):
    standin.answer = "뼈"
    (first, second) = post(request(logprobs=True)).json()["choices"][0]["logprobs"]["content"]
    assert first["bytes"] + second["bytes"] == list("뼈".encode())
    assert (first["token"], first["top_logprobs"]) == ("\\xeb\\xbc", [])


def test_a_syllable_with_look_alikes_shows_them_without_a_reader_too(standin, post):
    standin.answer = "감"
    (token,) = post(request(logprobs=True, top_logprobs=3)).json()["choices"][0]["logprobs"]["content"]
    assert [top["token"] for top in token["top_logprobs"]] == ["감", "검", "금"]
    assert token["top_logprobs"][0]["logprob"] == token["logprob"]


def test_as_many_runners_up_come_as_were_asked_for(post):
    content = post(request(logprobs=True, top_logprobs=20)).json()["choices"][0]["logprobs"]["content"]
    assert {len(token["top_logprobs"]) for token in content} == {20}


def test_probabilities_come_only_when_asked_for(post):
    assert post(request()).json()["choices"][0]["logprobs"] is None


def test_other_servers_tell_pieces_of_a_character_without_their_bytes(ask):
    with StandIn("뼈", logprobs="replacement") as standin:
        content = ask(standin, request(logprobs=True)).json()["choices"][0]["logprobs"]["content"]
    assert [(token["token"], token["bytes"]) for token in content] == [("\ufffd", None), ("\ufffd", None)]


def test_a_service_may_tell_no_probabilities_although_they_were_asked_for(ask):
    with StandIn(logprobs="none") as standin:
        assert ask(standin, request(logprobs=True)).json()["choices"][0]["logprobs"] is None
