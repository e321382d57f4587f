"""Talks of more than one request: answers that are cut off, servers that know less than OpenAI's."""

import json

import pytest

from ledger.errors import AnswerCutOff, AnswerNotJson, ModelServerError, RequestRefused, SettingRefused, WrongService
from ledger.extraction.extractor import Usage
from ledger.receipt import to_contract
from tests.extraction.asking import failure, read
from tests.openai_standin import SAMPLE, Compatible, Length, Raw, Says, StandIn, Status

CUT = '{"date":"2024-11-'


def bodies(standin, *names):
    return [tuple(request.body.get(name) for name in names) for request in standin.requests]


def notes(result):
    return list(map(str, result.notes))


# ---- Cut off


def test_an_answer_that_is_cut_off_is_asked_for_again_with_double_room(extractor, standin, photo):
    standin.then(Length(CUT))
    result = read(extractor, photo, max_completion_tokens=1000)
    assert to_contract(result.receipt) == SAMPLE
    assert bodies(standin, "max_completion_tokens") == [(1000,), (2000,)]
    assert result.settings.max_completion_tokens == 2000
    assert notes(result) == ["The answer was cut off at 1000 tokens, so it was asked for again with 2000."]


def completion(content, finish, prompt, written):
    choice = {"message": {"content": content}, "finish_reason": finish}
    usage = {"prompt_tokens": prompt, "completion_tokens": written}
    return Raw(json.dumps({"model": "gpt-4o", "choices": [choice], "usage": usage}))


def test_both_answers_are_counted_and_paid(extractor, standin, photo):
    standin.then(completion(CUT, "length", 1000, 4096), completion(json.dumps(SAMPLE), "stop", 1000, 5000))
    # 2000 x 2.50 + 9096 x 10 millionths of a dollar
    assert read(extractor, photo).usage == Usage(2000, 9096, 0, 95960)


def test_an_answer_that_is_cut_off_twice_is_an_error_with_the_last_of_it(extractor, standin, photo):
    standin.then(completion("{", "length", 1000, 4096), completion(CUT, "length", 1000, 8192))
    raised = failure(extractor, photo)
    assert type(raised) is AnswerCutOff
    assert "The answer was cut off at 8192 tokens." in str(raised)
    assert json.loads(raised.raw_answer)["choices"][0]["message"]["content"] == CUT
    assert raised.usage == Usage(2000, 12288, 0, 127880)
    assert len(standin.requests) == 2


def test_more_room_than_the_model_has_leaves_the_first_answer_standing(extractor, standin, photo):
    standin.then(Length(CUT))
    raised = failure(extractor, photo, max_completion_tokens=16_384)  # gpt-4o writes no more
    assert type(raised) is AnswerCutOff
    assert "cut off at 16384 tokens" in str(raised)
    assert json.loads(raised.raw_answer)["choices"][0]["message"]["content"] == CUT
    assert raised.usage.cost_microusd > 0


def test_a_limit_that_nobody_set_cannot_be_doubled(extractor, standin, photo):
    standin.then(Length(CUT))
    assert type(failure(extractor, photo, max_completion_tokens=None)) is AnswerCutOff
    assert len(standin.requests) == 1


@pytest.mark.parametrize("outcome", [Status(500), Raw("not json")])
def test_a_failure_after_a_cut_off_answer_keeps_that_and_what_it_cost(extractor, standin, photo, outcome):
    standin.then(completion(CUT, "length", 1000, 4096), outcome)
    raised = failure(extractor, photo)
    assert type(raised) in (ModelServerError, WrongService)
    assert json.loads(raised.raw_answer)["choices"][0]["message"]["content"] == CUT
    assert raised.request_id.startswith("req_")
    assert raised.usage == Usage(1000, 4096, 0, 43460)


# ---- Servers of one's own


@pytest.fixture
def ask(make_extractor):
    """Reads with a model of one's own on a server like this."""

    def reading(server, photo, **changes):
        return read(make_extractor(model="우리-모델", base_url=server.url, api_key=server.key), photo, **changes)

    return reading


def test_a_server_with_strict_schemas_is_asked_like_openai_but_for_what_is_openais(ask, photo):
    with StandIn(compatible=Compatible(formats=frozenset({"text", "json_object", "json_schema"}))) as server:
        result = ask(server, photo)
        assert to_contract(result.receipt) == SAMPLE
        assert notes(result) == []
        assert {"store", "prompt_cache_key"}.isdisjoint(server.requests[0].body)
    assert result.settings.answer_format == "json_schema"
    assert result.usage.cost_microusd is None


def test_a_server_without_schemas_is_asked_for_json(ask, photo):
    with StandIn(compatible=Compatible()) as server:
        result = ask(server, photo)
        assert bodies(server, "response_format")[1:] == [({"type": "json_object"},)]
    assert to_contract(result.receipt) == SAMPLE
    assert result.settings.answer_format == "json_object"
    assert notes(result) == ["The answer format json_schema was not kept; the answer came as json_object."]


def test_a_server_without_json_is_asked_in_words_and_its_fence_is_opened(ask, photo):
    with StandIn(compatible=Compatible(formats=frozenset({"text"}))) as server:
        result = ask(server, photo)
        assert [sent and sent["type"] for (sent,) in bodies(server, "response_format")] == [
            "json_schema",
            "json_object",
            None,
        ]
    assert to_contract(result.receipt) == SAMPLE
    assert result.settings.answer_format == "text"
    assert "```json" in json.loads(result.raw_answer)["choices"][0]["message"]["content"]
    assert result.likelihoods["total_amount"].probability > 0


def test_the_rung_that_held_is_tried_first_from_then_on(make_extractor, photo):
    with StandIn(compatible=Compatible()) as server:
        extractor = make_extractor(model="우리-모델", base_url=server.url, api_key=server.key)
        results = [read(extractor, photo) for _ in range(3)]
        assert len(server.requests) == 4
    assert {result.settings.answer_format for result in results} == {"json_object"}
    assert len({tuple(notes(result)) for result in results}) == 1


def test_the_ladder_may_begin_lower(ask, photo):
    with StandIn(compatible=Compatible()) as server:
        result = ask(server, photo, answer_format="json_object")
        assert len(server.requests) == 1
    assert notes(result) == []


def test_a_server_without_probabilities_is_read_without_them_and_the_result_says_so(make_extractor, photo):
    everything = frozenset({"text", "json_object", "json_schema"})
    with StandIn(compatible=Compatible(formats=everything, refuses=frozenset({"logprobs"}))) as server:
        extractor = make_extractor(model="우리-모델", base_url=server.url, api_key=server.key)
        results = [read(extractor, photo) for _ in range(2)]
        assert bodies(server, "logprobs") == [(True,), (None,), (None,)]
    for result in results:
        assert result.settings.logprobs is None
        assert notes(result) == ["The model 우리-모델 does not tell how sure it was of its words."]


def test_probabilities_that_do_not_come_are_said_too(extractor, standin, photo):
    standin.then(completion(json.dumps(SAMPLE), "stop", 1, 1))
    result = read(extractor, photo)
    assert result.settings.logprobs is None
    assert notes(result) == ["The model gpt-4o does not tell how sure it was of its words."]


def test_a_model_that_talks_although_a_schema_was_promised_is_understood_and_that_is_said(ask, photo):
    everything = Compatible(formats=frozenset({"text", "json_object", "json_schema"}))
    with StandIn(compatible=everything) as server:
        server.then(Says(f"네!\n```json\n{json.dumps(SAMPLE)}\n```"))
        result = ask(server, photo)
    assert to_contract(result.receipt) == SAMPLE
    assert result.settings.answer_format == "text"
    assert notes(result) == ["The answer format json_schema was not kept; the answer came as text."]


def test_a_refusal_that_repeats_the_request_is_taken_for_what_it_says(make_extractor, photo):
    """FastAPI's errors carry the whole request, with the names of all that was asked for."""
    with StandIn(compatible=Compatible(formats=frozenset({"text", "json_object", "json_schema"}))) as server:
        extractor = make_extractor(model="우리-모델", base_url=server.url, api_key=server.key)
        repeated = {"logprobs": True, "response_format": {"type": "json_schema"}}
        detail = {"type": "value_error", "loc": ["body", "messages"], "msg": "Too many pictures.", "input": repeated}
        server.then(Raw(json.dumps({"detail": [detail]}), status=422))
        raised = failure(extractor, photo)
        assert (type(raised), len(server.requests)) == (RequestRefused, 1)
        assert "(HTTP 422): Too many pictures." in str(raised)
        assert notes(read(extractor, photo)) == []


def test_a_server_that_refuses_every_rung_is_asked_from_the_top_the_next_time(make_extractor, photo):
    with StandIn(compatible=Compatible(formats=frozenset({"text", "json_object", "json_schema"}))) as server:
        extractor = make_extractor(model="우리-모델", base_url=server.url, api_key=server.key)
        server.then(*[Status(400, "No logprobs and no response_format while the server starts.")] * 4)
        assert type(failure(extractor, photo)) is RequestRefused
        assert notes(read(extractor, photo)) == []
        assert len(server.requests) == 5


def test_a_refused_parameter_is_found_where_fastapi_names_it(make_extractor, photo):
    with StandIn(compatible=Compatible(formats=frozenset({"text", "json_object", "json_schema"}))) as server:
        extractor = make_extractor(model="우리-모델", base_url=server.url, api_key=server.key)
        detail = {"type": "extra_forbidden", "loc": ["body", "logprobs"], "msg": "Extra inputs are not permitted"}
        server.then(Raw(json.dumps({"detail": [detail]}), status=422))
        assert read(extractor, photo).settings.logprobs is None
        detail["loc"] = ["body", "temperature"]
        server.then(Raw(json.dumps({"detail": [detail]}), status=422))
        raised = failure(extractor, photo)
    assert (type(raised), raised.fields["setting"]) == (SettingRefused, "temperature")


def test_what_is_told_of_a_draft_is_not_told_of_the_answer(ask, photo):
    draft = f"<think>{json.dumps(SAMPLE | {'items': []})} 품목이 빠졌네요</think> {{결과}} "
    answer = json.dumps(SAMPLE, ensure_ascii=False)
    tokens = [{"token": draft, "logprob": -3.0}, {"token": answer, "logprob": 0.0}]
    choice = {"message": {"content": draft + answer}, "logprobs": {"content": tokens}}
    with StandIn(compatible=Compatible()) as server:
        server.then(Raw(json.dumps({"choices": [choice]})))
        result = ask(server, photo, answer_format="text")
    assert to_contract(result.receipt) == SAMPLE
    assert result.likelihoods["total_amount"].probability == 1
    assert "items.1.name" in result.likelihoods


def test_another_refusal_is_not_answered_by_a_step_down(make_extractor, photo):
    with StandIn(compatible=Compatible(refuses=frozenset({"temperature"}))) as server:
        extractor = make_extractor(model="우리-모델", base_url=server.url, api_key=server.key)
        raised = failure(extractor, photo)
        assert len(server.requests) == 1
    assert type(raised) in (RequestRefused, SettingRefused)
    assert "temperature" in str(raised)


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-6-luna", "우리-모델"])
def test_a_name_of_openais_tells_nothing_of_a_server(make_extractor, photo, model):
    with StandIn(compatible=Compatible()) as server:
        extractor = make_extractor(model=model, base_url=server.url, api_key=server.key)
        result = read(extractor, photo)
        assert all(sent == (None, None) for sent in bodies(server, "store", "prompt_cache_key"))
    assert to_contract(result.receipt) == SAMPLE
    assert result.settings.answer_format == "json_object"


@pytest.mark.parametrize("model", ["gpt-4o", "ft:gpt-4o:우리-가게"])
def test_openai_is_told_to_keep_nothing_whatever_the_model_is_called(make_extractor, photo, model):
    everything = frozenset({"text", "json_object", "json_schema"})
    with StandIn(compatible=Compatible(formats=everything, refuses=frozenset())) as server:
        read(make_extractor(model=model, base_url=server.url, api_key=server.key, to_openai=True), photo)
        assert bodies(server, "store") == [(False,)]


def test_a_model_at_openais_never_goes_down(extractor, standin, photo):
    standin.then(Status(400, "Invalid schema for response_format 'receipt'.", param="response_format"))
    assert type(failure(extractor, photo)) is RequestRefused
    assert len(standin.requests) == 1


def test_a_model_at_openais_is_taken_at_its_word(extractor, standin, photo):
    standin.then(Says(f"```json\n{json.dumps(SAMPLE)}\n```"))
    assert type(failure(extractor, photo)) is AnswerNotJson
